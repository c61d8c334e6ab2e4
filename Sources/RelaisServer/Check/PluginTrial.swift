internal import RelaisConfig
internal import RelaisEvent
internal import RelaisPlugins

/// Starts a destination's plugin once, in a child of its own, to hear whether it accepts its configuration.
struct PluginTrial {
    let configuration: RelaisConfiguration
    let host: PluginHost

    /// What the plugin objects to, at its place in the file.
    func findings(on planned: PlannedDestination) throws(PluginProblem) -> [ConfigurationDiagnostic] {
        let probe = try host.probe(planned.resolved)
        var findings = probe.diagnostics.filter { $0.level >= 3 }.map { diagnostic in
            configuration.finding(
                diagnostic.level >= 4 ? .error : .warning,
                about: planned.name,
                pointer: diagnostic.pointer,
                diagnostic.message
            )
        }
        if let fault = probe.fault, !findings.contains(where: { $0.severity == .error }) {
            findings.append(
                configuration.finding(.error, about: planned.name, "the plugin does not accept it: \(fault)")
            )
        }
        return findings
    }
}

extension RelaisConfiguration {
    /// A finding about a destination's `config`, at the place that a JSON pointer into it names; likewise about `clear` and
    /// about the keys that its plugin gets as members of it.
    func finding(
        _ severity: ConfigurationDiagnostic.Severity,
        about destination: String,
        pointer: String = "",
        _ message: String
    ) -> ConfigurationDiagnostic {
        let place = pointer.split(separator: "/").map { ".\($0)" }.joined()
        return ConfigurationDiagnostic(
            severity,
            at: location(ofPointer: pointer, inConfigOf: destination),
            path: owner(ofPointer: pointer, inConfigOf: destination) + place,
            message: message
        )
    }
}
