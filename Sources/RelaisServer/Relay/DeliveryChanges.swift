internal import RelaisPlugins

/// What a configuration changes about the destinations; names in the order of their configuration.
struct DeliveryChanges: Sendable, Equatable {
    var unchanged: [String] = []
    /// Begin at the log's end, or where they were left when they were there before.
    var added: [String] = []
    /// Their plugin or their settings are others: they go on where they stand.
    var restarted: [String] = []
    /// Stop; what waits for them stays in the state.
    var removed: [String] = []

    /// Compares what runs with what is asked for.
    init(from running: [PlannedDestination] = [], to wanted: [PlannedDestination] = []) {
        let before = Dictionary(running.map { ($0.name, $0) }) { first, _ in first }
        for destination in wanted {
            switch before[destination.name] {
            case nil: added.append(destination.name)
            case let old? where old.runsLike(destination): unchanged.append(destination.name)
            case _?: restarted.append(destination.name)
            }
        }
        removed = running.map(\.name).filter { name in !wanted.contains { $0.name == name } }
    }
}

extension PlannedDestination {
    /// Neither the plugin's process nor the runner would know the difference. The configuration is compared with its
    /// secrets: a new token is a new configuration.
    fileprivate func runsLike(_ other: PlannedDestination) -> Bool {
        resolved.plugin.file.sha256 == other.resolved.plugin.file.sha256
            && resolved.configuration == other.resolved.configuration && resolved.clear == other.resolved.clear
            && policy == other.policy
    }
}
