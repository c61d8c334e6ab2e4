internal import RelaisConfig
internal import RelaisEvent

/// The names by which a sender's `integrations` may mean one destination: its own, its plugin's, and what other systems
/// call the plugin.
struct Integrations: Sendable {
    private let names: Set<String>

    init(_ configuration: DestinationConfiguration, manifest: PluginManifest) {
        let all = [configuration.name, configuration.plugin, manifest.id, manifest.name] + manifest.integrations
        names = Set(all.map(IntegrationSwitches.folded))
    }

    /// nil when the destination may have the event; a name that is switched off outweighs one that is on.
    func refusal(by switches: IntegrationSwitches) -> (reason: String, detail: String)? {
        if switches.allowsEverything { return nil }
        let meant = switches.named.filter { names.contains(IntegrationSwitches.folded($0.name)) }
        if let off = meant.first(where: { !$0.isOn }) {
            return ("integrations", "the sender's integrations say false for \(off.name)")
        }
        if !switches.all, meant.isEmpty {
            return ("integrations", "the sender's integrations say false for All and do not name it")
        }
        return nil
    }
}
