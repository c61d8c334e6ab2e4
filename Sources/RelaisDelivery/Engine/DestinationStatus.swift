/// Where one destination stands at this moment.
package struct DestinationStatus: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case active
        /// A whole batch failed; it is tried again from time to time.
        case holding
        case throttled
        case authStop = "auth_stop"
        /// An operator's word.
        case paused
        /// The plugin cannot be used.
        case failed
    }

    package var id: String
    package var state: State
    /// A stable word; empty while active.
    package var reason: String
    package var detail: String
    /// Milliseconds since 1970: when it is tried again.
    package var until: Int64?
    /// Every entry of the log below it is done with.
    package var cursor: UInt64
    /// Entries that are not done, entitled or not yet looked at; without `retrying` and `parked`. 0: nothing left to do.
    package var lag: UInt64
    /// Events in batches in flight.
    package var inFlight: Int
    /// Since the start of the process.
    package var delivered: UInt64
    package var retrying: Int
    package var parked: Int
    package var dead: UInt64
    /// Milliseconds since 1970: when the oldest event arrived that waits in order and has been loaded; nil: none has.
    package var oldestWaiting: Int64?
    /// One past the last entry of the log that `lag` knows of.
    package var logEnd: UInt64
    /// Entries of its dead ranges, see `DeadLetterRange.count`.
    package var givenUp: UInt64

    package init(
        id: String,
        state: State,
        reason: String,
        detail: String,
        until: Int64?,
        cursor: UInt64,
        lag: UInt64,
        inFlight: Int,
        delivered: UInt64,
        retrying: Int,
        parked: Int,
        dead: UInt64,
        oldestWaiting: Int64? = nil,
        logEnd: UInt64 = .max,
        givenUp: UInt64 = 0
    ) {
        self.id = id
        self.state = state
        self.reason = reason
        self.detail = detail
        self.until = until
        self.cursor = cursor
        self.lag = lag
        self.inFlight = inFlight
        self.delivered = delivered
        self.retrying = retrying
        self.parked = parked
        self.dead = dead
        self.oldestWaiting = oldestWaiting
        self.logEnd = logEnd
        self.givenUp = givenUp
    }
}
