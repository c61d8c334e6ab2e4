internal import Logging
package import RelaisConfig
internal import RelaisEvent
internal import RelaisPlugins
internal import RelaisRouting

/// What `relais check` found.
package struct ConfigurationCheck: Sendable {
    /// About the file, in its order.
    package var findings: [ConfigurationDiagnostic] = []
    /// About files of the plugin directory; the file in front.
    package var pluginProblems: [String] = []
    package var destinations = 0
    /// The values in effect; empty when there is an error in the file itself.
    package var values: [ExplainedValue] = []
    package var plugins = 0

    package var hasErrors: Bool { !pluginProblems.isEmpty || findings.contains { $0.severity == .error } }

    /// The line for when all is well.
    package var summary: String {
        let warnings = findings.isEmpty ? "" : ", \(Self.count(findings.count, "warning"))"
        return "ok: \(Self.count(destinations, "destination")), \(Self.count(plugins, "plugin"))\(warnings)"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Loads a configuration, holds it against its plugins' manifests, and starts each plugin once in a child. Leaves
    /// nothing behind and does not touch the relay's state.
    package static func run(path: String, environment: [String: String]) -> ConfigurationCheck {
        var check = ConfigurationCheck()
        do throws(ConfigurationErrors) {
            let configuration = try ConfigurationLoader.load(path: path, environment: environment)
            check.findings = configuration.diagnostics
            check.destinations = configuration.destinations.count { $0.isEnabled }
            check.values = configuration.explanation()
            check.examine(configuration)
        } catch {
            check.findings = error.diagnostics
        }
        return check
    }

    // MARK: Plugins

    private mutating func examine(_ original: RelaisConfiguration) {
        do {
            try ScratchState.with { directory in
                var configuration = original
                configuration.state = directory
                examine(scratch: configuration)
            }
        } catch {
            pluginProblems.append("no folder for trying plugins can be made: \(error)")
        }
    }

    private mutating func examine(scratch configuration: RelaisConfiguration) {
        let planner = DestinationPlanner(
            configuration: configuration,
            logger: Logger(label: "relais.check") { _ in SwiftLogNoOpLogHandler() }
        )
        do throws(ConfigurationErrors) {
            _ = try TLSIdentity(configuration)
        } catch {
            findings += error.diagnostics
        }
        do throws(ConfigurationErrors) {
            _ = try GeoFile(configuration)
        } catch {
            findings += error.diagnostics
        }
        plugins = planner.host.inventory.plugins.count
        pluginProblems = planner.host.inventory.problems.map(\.description)
        do throws(ConfigurationErrors) {
            let planned = try planner.plan()
            for one in planned { examine(one, planner.host, configuration) }
            explain(planned, configuration)
        } catch {
            findings += error.diagnostics
        }
        findings.sort { ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column) }
    }

    private mutating func examine(
        _ planned: PlannedDestination,
        _ host: PluginHost,
        _ configuration: RelaisConfiguration
    ) {
        let path = "destinations.\(planned.name)"
        findings += planned.resolved.warnings.map {
            configuration.finding(.warning, about: planned.name, pointer: $0.pointer, $0.message)
        }
        if planned.manifest.consent.isForAdvertising, planned.configuration.browserTag == nil {
            findings.append(
                ConfigurationDiagnostic(
                    .warning,
                    at: configuration.location(of: path),
                    path: "\(path).browser_tag",
                    message:
                        "is left out: it says whether the site also runs this vendor's own tag, whose events would "
                        + "count twice without an id that both share",
                    fix: "write browser_tag: true or browser_tag: false"
                )
            )
        }
        findings += unknownSources(planned, configuration)
        if let finding = stagingFinding(planned, configuration) { findings.append(finding) }
        do throws(PluginProblem) {
            findings += try PluginTrial(configuration: configuration, host: host).findings(on: planned)
        } catch {
            pluginProblems.append(error.description)
        }
    }

    /// What is said of a source that does not exist never comes into effect.
    private func unknownSources(
        _ planned: PlannedDestination,
        _ configuration: RelaisConfiguration
    ) -> [ConfigurationDiagnostic] {
        let known = configuration.sources.map(\.name)
        return planned.resolved.sourceNames.filter { !known.contains($0.name) }.map { _, pointer in
            configuration.finding(
                .warning,
                about: planned.name,
                pointer: pointer,
                "there is no source of this name; the file has \(known.joined(separator: ", "))"
            )
        }
    }

    private func stagingFinding(
        _ planned: PlannedDestination,
        _ configuration: RelaisConfiguration
    ) -> ConfigurationDiagnostic? {
        let route = Route(planned.configuration, manifest: planned.manifest, allSites: [])
        guard configuration.environment == .staging, !route.isHarmless else { return nil }
        let path = "destinations.\(planned.name)"
        return ConfigurationDiagnostic(
            .warning,
            at: configuration.location(of: path),
            path: path,
            message: "gets nothing in environment: staging, because \(planned.manifest.name) would count it as real",
            fix: "give its config an endpoint of your own, such as the sandbox's, or write enabled: false"
        )
    }

    /// Fills in what the file leaves to the plugins and to the installation.
    private mutating func explain(_ planned: [PlannedDestination], _ configuration: RelaisConfiguration) {
        var filled = Dictionary(values.map { ($0.path, $0) }) { first, _ in first }
        for one in planned { for value in one.explanation(configuration) { filled[value.path] = value } }
        if configuration.plugins.directory == nil {
            let path = "plugins.directory"
            filled[path] = ExplainedValue(
                path: path,
                value: JSONValue.string(PluginFolder.installed).text,
                origin: .standard
            )
        }
        values = filled.values.sorted { $0.path < $1.path }
    }
}
