/// Which dead letters are meant; nil members and the empty filter leave nothing out.
package struct DeadLetterFilter: Sendable, Equatable {
    package var destination: String?
    package var reason: String?
    package var eventName: String?
    package var eventID: String?
    package var seq: UInt64?
    /// Milliseconds since 1970, by when they died: included.
    package var since: Int64?
    /// Milliseconds since 1970: excluded.
    package var until: Int64?
    /// Leaves out what is being sent again already.
    package var isWaiting = false
    /// Leaves out what is being sent again already, and what has no record to send.
    package var isRetriable = false

    package init(destination: String? = nil) { self.destination = destination }
}

/// A dead letter as the delivery state holds it.
package struct StoredDeadLetter: Sendable, Equatable {
    /// Ascending with the time of death; for paging.
    package var number: Int64
    package var letter: DeadLetter
    /// Its record is kept: it can be sent again.
    package var hasRecord: Bool
    /// An operator had it sent again, and it is not done.
    package var isReplaying: Bool

    package init(number: Int64, letter: DeadLetter, hasRecord: Bool, isReplaying: Bool) {
        self.number = number
        self.letter = letter
        self.hasRecord = hasRecord
        self.isReplaying = isReplaying
    }
}

package struct DeadLetterCount: Sendable, Equatable {
    package var destination: String
    package var reason: String
    package var count: Int

    package init(destination: String, reason: String, count: Int) {
        self.destination = destination
        self.reason = reason
        self.count = count
    }
}
