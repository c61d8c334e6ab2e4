/// Where one destination stands; survives a crash (what it holds may lag by at most 100 ms of outcomes).
package struct DestinationProgress: Sendable, Equatable {
    /// Every entry below this is done with: delivered, dropped, dead, refused by its plan, or has an exception.
    package var cursor: UInt64
    /// Done ranges above the cursor, ascending, disjoint.
    package var completed: [Range<UInt64>]
    /// Single events that wait by themselves, by `seq`.
    package var exceptions: [DeliveryException]
    package var pause: DestinationPause?

    package init(
        cursor: UInt64,
        completed: [Range<UInt64>] = [],
        exceptions: [DeliveryException] = [],
        pause: DestinationPause? = nil
    ) {
        self.cursor = cursor
        self.completed = completed
        self.exceptions = exceptions
        self.pause = pause
    }
}

/// A single event that the cursor has passed and that still waits: to be retried, or parked under a key.
package struct DeliveryException: Sendable, Equatable {
    package var seq: UInt64
    /// Attempts made.
    package var attempts: Int
    /// Milliseconds since 1970: not before then.
    package var notBefore: Int64
    /// Milliseconds since 1970: when it was first tried.
    package var firstAttempt: Int64
    /// Empty: waits to be retried. Otherwise parked under this key.
    package var parkedUnder: String
    /// A dead letter that an operator had sent again: its record is the letter's, which is kept until the event is done.
    package var isReplay: Bool
    package var reason: String
    package var detail: String
    /// The parts of the event that are delivered, see `PlannedRequest.part`.
    package var done: [String]

    package init(
        seq: UInt64,
        attempts: Int,
        notBefore: Int64,
        firstAttempt: Int64,
        parkedUnder: String = "",
        isReplay: Bool = false,
        reason: String,
        detail: String,
        done: [String] = []
    ) {
        self.seq = seq
        self.attempts = attempts
        self.notBefore = notBefore
        self.firstAttempt = firstAttempt
        self.parkedUnder = parkedUnder
        self.isReplay = isReplay
        self.reason = reason
        self.detail = detail
        self.done = done
    }
}

/// Why a destination sends nothing at present.
package struct DestinationPause: Sendable, Equatable {
    package enum Cause: String, Sendable {
        /// Credentials refused; slow probes go on.
        case authStop = "auth_stop"
        /// The vendor asked for a pause.
        case throttle
        /// A whole batch failed; it is held.
        case hold
        /// An operator said so.
        case operatorPause = "operator"
    }

    package var cause: Cause
    /// Milliseconds since 1970; Int64.max: until resumed.
    package var until: Int64
    package var reason: String
    package var detail: String

    package init(cause: Cause, until: Int64, reason: String, detail: String) {
        self.cause = cause
        self.until = until
        self.reason = reason
        self.detail = detail
    }
}

/// An event that a destination rejected for good or gave up on.
package struct DeadLetter: Sendable, Equatable {
    package var destination: String
    package var seq: UInt64
    package var eventID: String
    package var eventName: String
    /// Milliseconds since 1970.
    package var at: Int64
    package var attempts: Int
    package var reason: String
    package var detail: String
    /// The event's record: the log may forget it, the dead letter does not. Empty where the log had forgotten it before.
    package var record: [UInt8]
    /// What the plan said of the event, for when it is sent again.
    package var sendAs: String?
    package var withholdsUserData: Bool
    package var ping: PingConsent?

    package init(
        destination: String,
        seq: UInt64,
        eventID: String,
        eventName: String,
        at: Int64,
        attempts: Int,
        reason: String,
        detail: String,
        record: [UInt8],
        sendAs: String? = nil,
        withholdsUserData: Bool = false,
        ping: PingConsent? = nil
    ) {
        self.destination = destination
        self.seq = seq
        self.eventID = eventID
        self.eventName = eventName
        self.at = at
        self.attempts = attempts
        self.reason = reason
        self.detail = detail
        self.record = record
        self.sendAs = sendAs
        self.withholdsUserData = withholdsUserData
        self.ping = ping
    }

    /// The letter as an entry of the log that only its destination is entitled to.
    package var entry: LogEntry {
        let decision = Decision(
            destination: destination,
            outcome: .entitled,
            sendAs: sendAs,
            withholdsUserData: withholdsUserData,
            ping: ping
        )
        return LogEntry(seq: seq, record: record, plan: Plan(decisions: [decision]))
    }
}

/// One change of a destination's state; changes are applied in the order given, a group in one transaction.
package enum DeliveryStateChange: Sendable {
    case progress(destination: String, cursor: UInt64, completed: [Range<UInt64>])
    case exception(destination: String, DeliveryException)
    case exceptionEnded(destination: String, seq: UInt64)
    case pause(destination: String, DestinationPause?)
    /// Replaces an earlier one of the same event.
    case deadLetter(DeadLetter)
    /// The letter is delivered after all, or dropped by an operator.
    case deadLetterEnded(destination: String, seq: UInt64)
    /// Joins a range of the same destination and reason that it touches.
    case deadRange(DeadLetterRange)
    /// These entries are in none of the destination's dead ranges any more: they are sent again, or an operator dropped
    /// them. A range that reaches further keeps the rest.
    case deadRangeEnded(destination: String, seqs: Range<UInt64>)
    case outcome(BatchOutcome)
}

/// The deliveries' memory: `relais.db`.
package protocol DeliveryState: AnyObject, Sendable {
    /// A destination's progress; `initialCursor` for one never seen before.
    func progress(of destination: String, initialCursor: UInt64) throws -> DestinationProgress

    /// Hands over changes; they are committed within 100 ms. Never blocks for the disk.
    func apply(_ changes: [DeliveryStateChange])

    /// Waits until everything handed over is on disk.
    func flush() throws

    /// Outcomes that concern an entry, oldest first.
    func outcomes(for seq: UInt64) throws -> [BatchOutcome]

    func deadLetters(destination: String?, limit: Int) throws -> [DeadLetter]
    func deadLetters(for seq: UInt64) throws -> [DeadLetter]

    func deadLetter(of destination: String, seq: UInt64) throws -> DeadLetter?

    /// How many dead letters each destination has, without those that are being sent again.
    func deadLetterCounts() throws -> [String: Int]

    /// Dead letters that pass a filter, newest first. `before`: the number of the last one of the page before.
    /// `withRecords`: otherwise their records are empty.
    func deadLetters(_ filter: DeadLetterFilter, before: Int64?, limit: Int, withRecords: Bool) throws
        -> [StoredDeadLetter]

    /// How many dead letters pass a filter, by destination and reason, most first.
    func deadLetterCounts(_ filter: DeadLetterFilter) throws -> [DeadLetterCount]
    /// Dead ranges, the one that was extended last first.
    func deadRanges(destination: String?, limit: Int) throws -> [DeadLetterRange]
    func deadRanges(containing seq: UInt64) throws -> [DeadLetterRange]

    /// How many entries each destination's dead ranges have.
    func deadRangeCounts() throws -> [String: UInt64]

    /// Exceptions that concern an entry, by destination.
    func exceptions(for seq: UInt64) throws -> [(destination: String, exception: DeliveryException)]

    /// Keeps the configuration text (secrets as placeholders) that outcomes refer to by fingerprint.
    func storeConfiguration(fingerprint: String, text: String) throws
    func configuration(fingerprint: String) throws -> String?
}
