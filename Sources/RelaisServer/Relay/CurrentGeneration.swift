internal import Synchronization

/// The generation in use, for everything but the collector's event loops, which keep it at hand themselves.
final class CurrentGeneration: Sendable {
    private let generation: Mutex<RelayGeneration>

    init(_ generation: RelayGeneration) { self.generation = Mutex(generation) }

    var value: RelayGeneration { generation.withLock { $0 } }

    func replace(with new: RelayGeneration) { generation.withLock { $0 = new } }
}
