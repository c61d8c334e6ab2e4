/// One event on its way into the log.
package struct LogSubmission: Sendable {
    /// The event's record, or its stub's.
    package var record: [UInt8]
    package var plan: Plan
    package var identities: [IdentityKey]
    /// For `events show`: the event's id and, when it has one, its transaction id.
    package var searchTerms: [String]
    /// A tag's second copy of an event, sent because consent was given since.
    package var isConsentUpdate: Bool

    package init(
        record: [UInt8],
        plan: Plan,
        identities: [IdentityKey],
        searchTerms: [String],
        isConsentUpdate: Bool = false
    ) {
        self.record = record
        self.plan = plan
        self.identities = identities
        self.searchTerms = searchTerms
        self.isConsentUpdate = isConsentUpdate
    }
}

/// What the log did with one submission.
package enum LogOutcome: Sendable, Equatable {
    /// It is on disk under this sequence number. `plan` may differ from the submitted one: destinations that had an
    /// earlier copy are left out. `tells`: the browser requests of its plan that no earlier copy had, by the names of
    /// their decisions.
    case appended(seq: UInt64, tells: [String] = [])
    /// Every entitled destination has had an earlier copy, which is on disk under this sequence number.
    case duplicate(of: UInt64)
}

/// Why a group of submissions is not on disk.
package enum LogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The disk is full or failing; what the system said.
    case unavailable(String)
    /// Too much waits for the disk already.
    case overloaded
    case closed

    package var description: String {
        switch self {
        case .unavailable(let text): "the event log cannot be written: \(text)"
        case .overloaded: "the event log has too much waiting to be written"
        case .closed: "the event log is closed"
        }
    }
}

/// Receives acknowledgements, once per commit for all of its submissions; called on the log's thread (or, when the log
/// takes nothing in, on the submitter's, before `submit` returns), must return at once (an event loop's sink only posts
/// to its loop).
package protocol LogAcknowledger: AnyObject, Sendable {
    /// `token` is the one given to `submit`; outcomes are in the order of its submissions.
    func acknowledge(_ results: [(token: UInt64, result: Result<[LogOutcome], LogError>)])
}

/// An entry as it lies in the log.
package struct LogEntry: Sendable {
    package var seq: UInt64
    package var record: [UInt8]
    package var plan: Plan

    package init(seq: UInt64, record: [UInt8], plan: Plan) {
        self.seq = seq
        self.record = record
        self.plan = plan
    }
}

/// The durable, ordered store of accepted events.
package protocol EventLog: AnyObject, Sendable {
    /// Appends a request's submissions; never blocks. The acknowledger hears of them after the fsync, in one piece.
    func submit(_ submissions: [LogSubmission], token: UInt64, to acknowledger: any LogAcknowledger)

    /// Entries from `seq` on (included), in order, at most `limit` entries and about `maxBytes` of records; stubs are
    /// left out, but `next` is past them. Blocks on disk when they are no longer in memory; never called on an event loop.
    func read(from seq: UInt64, limit: Int, maxBytes: Int) throws(LogError) -> (entries: [LogEntry], next: UInt64)

    /// The entry with that number, stubs included; nil when there is none (any more).
    func entry(_ seq: UInt64) throws(LogError) -> LogEntry?

    /// Sequence numbers of the entries submitted with that search term, newest first.
    func find(_ term: String, limit: Int) throws(LogError) -> [UInt64]

    /// The newest entries, newest first, stubs included.
    func newest(limit: Int) throws(LogError) -> [LogEntry]

    /// One past the last durable entry; the first entry is 1.
    var end: UInt64 { get }

    /// The first entry that still exists.
    var start: UInt64 { get }

    /// The first entry from `seq` on that was accepted then or later, in microseconds since 1970; `end` when none was.
    func position(acceptedSince micros: Int64, from seq: UInt64) throws(LogError) -> UInt64

    /// Why it takes nothing in at present; nil when, for all it knows, it does.
    var refusal: String? { get }

    /// Calls back (on any thread, quickly) after every commit with the new `end`.
    func observe(_ observer: @escaping @Sendable (UInt64) -> Void)
}
