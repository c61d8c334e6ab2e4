internal import Logging
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisPlugins
internal import RelaisPrivacy

/// Brings the configuration's destinations and the plugin directory together.
struct DestinationPlanner {
    let host: PluginHost
    private let configuration: RelaisConfiguration

    init(configuration: RelaisConfiguration, logger: Logger) {
        self.configuration = configuration
        host = PluginHost(
            PluginHost.Options(
                plugins: configuration.plugins.directory ?? PluginFolder.installed,
                state: configuration.state,
                isolation: configuration.plugins.isolation == .process ? .process : .inProcess,
                version: RelaisVersion.current
            ),
            logger: logger,
            clock: SystemClock()
        )
    }

    /// The enabled destinations, or everything that is wrong with any of them at its place in the file.
    func plan() throws(ConfigurationErrors) -> [PlannedDestination] {
        var planned: [PlannedDestination] = []
        var diagnostics: [ConfigurationDiagnostic] = []
        for destination in configuration.destinations where destination.isEnabled {
            do throws(DestinationProblems) {
                let resolved = try host.resolve(Self.specification(destination))
                diagnostics += unknownRecipes(resolved) + impossiblePing(destination, resolved)
                planned.append(PlannedDestination(configuration: destination, resolved: resolved))
            } catch {
                diagnostics += findings(error)
            }
        }
        guard diagnostics.isEmpty else { throw ConfigurationErrors(diagnostics: diagnostics) }
        return planned
    }

    /// A plugin that asks for a form of user data that nobody makes would silently go without it.
    private func unknownRecipes(_ destination: ResolvedDestination) -> [ConfigurationDiagnostic] {
        let path = "destinations.\(destination.name).plugin"
        return destination.plugin.manifest.userData.flatMap { kind, names in
            names.filter { Recipe.named($0, for: kind) == nil }.map { name in
                ConfigurationDiagnostic(
                    .error,
                    at: configuration.location(of: path),
                    path: path,
                    message: "the plugin's manifest: \(UnknownRecipe(kind: kind, name: name))"
                )
            }
        }
    }

    private func impossiblePing(_ configuration: DestinationConfiguration, _ destination: ResolvedDestination)
        -> [ConfigurationDiagnostic]
    {
        guard configuration.whenDenied == .ping, destination.manifest.consent.degrade == nil else { return [] }
        let path = "destinations.\(destination.name).when_denied"
        let obstacles = destination.pingObstacles.joined(separator: ", ")
        let with = obstacles.isEmpty ? "" : " with \(obstacles)"
        return [
            ConfigurationDiagnostic(
                .error,
                at: self.configuration.location(of: path),
                path: path,
                message: "plugin \(destination.plugin.manifest.id) cannot send anything without consent\(with)",
                fix: "write when_denied: drop"
            )
        ]
    }

    private func findings(_ problems: DestinationProblems) -> [ConfigurationDiagnostic] {
        let path = "destinations.\(problems.destination)"
        return problems.problems.map { problem in
            if problems.isAboutPlugin {
                return ConfigurationDiagnostic(
                    .error,
                    at: configuration.location(of: path + ".plugin"),
                    path: path + ".plugin",
                    message: problem.message
                )
            }
            return configuration.finding(
                .error,
                about: problems.destination,
                pointer: problem.pointer,
                problem.message
            )
        }
    }

    static func specification(_ destination: DestinationConfiguration) -> DestinationSpecification {
        DestinationSpecification(
            name: destination.name,
            plugin: destination.plugin,
            configuration: destination.config.json,
            maskedConfiguration: destination.config.maskedJSON(),
            members: destination.pluginMembers,
            clear: destination.clear
        )
    }
}
