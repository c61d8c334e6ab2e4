internal import RelaisEvent

/// The whole story of one logical event: what came in, what was decided and why, what was sent, what was answered.
struct Receipt: Sendable, Equatable {
    /// Every copy of the logical event that the log holds, newest first; at least one.
    var copies: [ReceiptCopy]
    /// Where it was to go, and what became of it there.
    var destinations: [DestinationStory]
    /// Other logical events that bear the same id, newest first.
    var others: [RelatedEvent]
    /// Milliseconds since 1970: when the receipt was made.
    var madeAt: Int64

    /// The copy that was accepted first.
    var main: ReceiptCopy { copies[copies.count - 1] }
}

/// One accepted copy of a logical event.
struct ReceiptCopy: Sendable, Equatable {
    var seq: UInt64
    var eventID: String
    var eventName: String
    /// Microseconds since 1970.
    var received: Int64
    var happened: Int64
    var site: String
    var source: String
    var client: String
    /// Nobody was entitled: only name, time, site and reasons were kept.
    var isStub: Bool
    /// The log has forgotten the entry; this is a dead letter's copy of it, without its plan.
    var isFromDeadLetter: Bool
    var copyOf: UInt64?
    /// An event of another order or visitor that has the same id.
    var sharesIDWith: UInt64?
    /// The canonical event, one JSON object.
    var json: String
    var decisions: [Decision]
    var browserRequests: [BrowserRequest]

    init(_ entry: LogEntry, isFromDeadLetter: Bool = false) throws(RecordError) {
        let event = try Event(record: entry.record)
        seq = entry.seq
        eventID = event.string(.eventID) ?? ""
        eventName = event.string(.eventName) ?? ""
        received = event.integer(.receivedMicros) ?? 0
        happened = event.integer(.timestampMicros) ?? received
        site = event.string(.site) ?? ""
        source = event.string(.source) ?? ""
        client = event.string(.client) ?? ""
        isStub = event.flags.contains(.stub)
        self.isFromDeadLetter = isFromDeadLetter
        copyOf = entry.plan.copyOf
        sharesIDWith = entry.plan.sharesIDWith
        json = event.json()
        decisions = entry.plan.decisions
        browserRequests = entry.plan.browserRequests
    }
}

/// Another logical event with the same id.
struct RelatedEvent: Sendable, Equatable {
    var seq: UInt64
    var eventName: String
    /// Microseconds since 1970.
    var received: Int64
}

/// One destination's part of a receipt.
struct DestinationStory: Sendable, Equatable {
    var name: String
    /// The plugin's id; empty when the destination is not configured any more.
    var plugin: String
    var state: PresentState
    /// In the order they were made.
    var attempts: [DeliveryAttempt]
}
