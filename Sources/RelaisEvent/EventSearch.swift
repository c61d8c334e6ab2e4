/// What is looked for in the log: entries that satisfy all of it.
package struct EventSearch: Sendable, Equatable {
    /// The event's id or transaction id.
    package var id: String?
    package var clientID: String?
    /// One of these SHA-256 (64 lower-case hex digits) is among the event's e-mails, phones or external ids.
    package var identifiers: [String] = []
    package var eventName: String?
    package var site: String?
    package var source: String?
    /// Microseconds since 1970, by when it was received: included.
    package var since: Int64?
    /// Microseconds since 1970: excluded.
    package var until: Int64?
    /// Only entries below it.
    package var before: UInt64?
    /// At most so many entries.
    package var limit = 50
    /// At most about so many entries are looked at.
    package var effort = 50_000

    package init() {}

    /// Kinds of user data that can be searched for.
    package static let searchableKinds: Set<UserDataKind> = [.email, .phone, .externalID]

    /// Whether an entry's record is what is looked for; a stub can be only by its name, site, source and time.
    package func matches(_ record: [UInt8]) -> Bool {
        guard eventName.map({ RecordScan.text(.eventName, in: record) == $0 }) ?? true,
            site.map({ RecordScan.text(.site, in: record) == $0 }) ?? true,
            source.map({ RecordScan.text(.source, in: record) == $0 }) ?? true,
            clientID.map({ RecordScan.text(.clientID, in: record) == $0 }) ?? true,
            id.map({
                RecordScan.text(.eventID, in: record) == $0 || RecordScan.text(.transactionID, in: record) == $0
            }) ?? true
        else { return false }
        let received = RecordScan.integer(.receivedMicros, in: record) ?? 0
        guard received >= since ?? .min, received < until ?? .max else { return false }
        guard !identifiers.isEmpty else { return true }
        guard let event = try? Event(record: record) else { return false }
        return event.userData.contains { Self.searchableKinds.contains($0.kind) && identifiers.contains($0.value) }
    }
}

/// What a search found.
package struct EventSearchResult: Sendable {
    /// Newest first.
    package var entries: [LogEntry]
    /// Go on with this as `before`; nil: everything has been looked at.
    package var next: UInt64?

    package init(entries: [LogEntry], next: UInt64?) {
        self.entries = entries
        self.next = next
    }
}

/// A log that can be searched.
package protocol SearchableLog: EventLog {
    /// Newest first. Blocks on disk: never called on an event loop.
    func search(_ search: EventSearch) throws(LogError) -> EventSearchResult
}
