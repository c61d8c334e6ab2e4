internal import RelaisEvent
internal import Synchronization

/// The latest requests and events that were not taken, for people who wonder where they went. Bounded; names and reasons
/// only, never what the sender sent.
final class RejectionRing: Sendable {
    struct Entry: Sendable {
        /// Microseconds since 1970.
        var at: Int64
        var source: String
        var client: String
        var eventName: String
        /// A stable word: `duplicate`, `malformed`, `refused`, `dropped`.
        var kind: String
        var reason: String
    }

    private let entries: Mutex<[Entry]> = Mutex([])
    private let capacity = 500

    func add(_ entry: Entry) {
        entries.withLock { entries in
            if entries.count >= capacity { entries.removeFirst(capacity / 5) }
            entries.append(entry)
        }
    }

    /// Newest first.
    func newest(limit: Int) -> [Entry] {
        entries.withLock { Array($0.suffix(limit).reversed()) }
    }
}
