import GRDB
import RelaisEvent
import Synchronization

/// Read connections to segments, and the batches read last: both few. A connection holds no transaction between reads,
/// so that it pins no write-ahead log.
final class SegmentReaders: Sendable {
    private struct State {
        /// Least recently used first.
        var connections: [(firstSeq: UInt64, queue: DatabaseQueue)] = []
        var batches: [StoredBatch] = []
        var cost = 0
    }

    private static let maximumConnections = 8
    private static let maximumCost = 8 << 20
    private let state = Mutex(State())

    /// Reads in a segment.
    func read<Value>(_ segment: SegmentFile, _ body: (Database) throws -> Value) throws -> Value {
        try connection(to: segment).unsafeRead(body)
    }

    /// A batch read not long ago.
    func batch(containing seq: UInt64) -> StoredBatch? {
        state.withLock { state in
            guard let index = state.batches.lastIndex(where: { $0.contains(seq) }) else { return nil }
            let batch = state.batches.remove(at: index)
            state.batches.append(batch)
            return batch
        }
    }

    func keep(_ batches: [StoredBatch]) {
        state.withLock { state in
            for batch in batches where !state.batches.contains(where: { $0.firstSeq == batch.firstSeq }) {
                state.batches.append(batch)
                state.cost += batch.cost
            }
            while state.cost > Self.maximumCost || state.batches.count > 64, state.batches.count > 1 {
                state.cost -= state.batches.removeFirst().cost
            }
        }
    }

    /// Lets go of a segment that is to be removed.
    func forget(_ segment: SegmentFile) {
        state.withLock { state in state.connections.removeAll { $0.firstSeq == segment.firstSeq } }
    }

    func close() {
        state.withLock { $0 = State() }
    }

    private func connection(to segment: SegmentFile) throws -> DatabaseQueue {
        let open = state.withLock { state -> DatabaseQueue? in
            guard let index = state.connections.firstIndex(where: { $0.firstSeq == segment.firstSeq }) else {
                return nil
            }
            let connection = state.connections.remove(at: index)
            state.connections.append(connection)
            return connection.queue
        }
        if let open { return open }
        let queue = try segment.openReader()
        state.withLock { state in
            state.connections.append((segment.firstSeq, queue))
            if state.connections.count > Self.maximumConnections { state.connections.removeFirst() }
        }
        return queue
    }
}
