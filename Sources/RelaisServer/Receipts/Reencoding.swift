internal import RelaisEvent

/// What a plugin gave when a past batch was encoded again.
struct Reencoding: Sendable {
    var requests: [PlannedRequest]
    var diagnostics: [PluginDiagnostic] = []

    /// What it said of one event of the batch, with the place in the event where it named one.
    func messages(about member: Int) -> [String] {
        diagnostics.compactMap { diagnostic in
            guard let pointer = EventPointer(diagnostic.pointer), pointer.index == member else { return nil }
            return pointer.place.isEmpty ? diagnostic.message : "\(pointer.place): \(diagnostic.message)"
        }
    }
}
