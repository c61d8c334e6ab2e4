internal import RelaisEvent
internal import RelaisPrivacy
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
        /// A stable word: `duplicate`, `malformed`, `refused`, `dropped`, `limited`, `bot`.
        var kind: String
        var reason: String
    }

    private let entries: Mutex<[Entry]> = Mutex([])
    private let capacity = 500
    private static let maximumBytes = 512

    /// A pointer or a path may be as long as the sender likes, and hold what the sender likes.
    func add(_ entry: Entry) {
        var entry = entry
        entry.client = Self.shown(entry.client)
        entry.eventName = Self.shown(entry.eventName)
        entry.reason = Self.shown(entry.reason)
        entries.withLock { entries in
            if entries.count >= capacity { entries.removeFirst(capacity / 5) }
            entries.append(entry)
        }
    }

    /// Cut short only after redaction, so that no address loses the end it is known by.
    private static func shown(_ text: String) -> String {
        let redacted = Redactor.redact(String(decoding: text.utf8.prefix(maximumBytes * 8), as: UTF8.self))
        return String(decoding: redacted.utf8.prefix(maximumBytes), as: UTF8.self)
    }

    /// Newest first.
    func newest(limit: Int) -> [Entry] {
        entries.withLock { Array($0.suffix(limit).reversed()) }
    }
}
