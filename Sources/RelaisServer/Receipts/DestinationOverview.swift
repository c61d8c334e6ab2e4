internal import RelaisDelivery
internal import RelaisPlugins

/// What the running relay knows of one destination: its delivery's standing, and what plugin and configuration it uses.
struct DestinationOverview: Sendable {
    var status: DestinationStatus
    /// The plugin's id and version.
    var plugin: String
    var pluginVersion: String
    /// SHA-256 of the plugin file in use, lower-case hex.
    var pluginSHA256: String
    /// Of the configuration in use, as outcomes record it.
    var configurationFingerprint: String
    /// How often the plugin's process was started again.
    var restarts: Int
    /// The vendor's answer says whether it took the event. Where it does not (GA4 answers 204 to anything), an event is
    /// `sent`, never `delivered`.
    var isConfirming: Bool
    /// What the plugin itself counts.
    var counters: [PluginCounter] = []

    var name: String { status.id }
}
