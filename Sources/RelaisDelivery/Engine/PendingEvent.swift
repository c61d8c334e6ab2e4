internal import RelaisEvent

/// An event on its way through one destination's engine.
struct PendingEvent: Sendable {
    var seq: UInt64
    /// See `CompletionLedger`.
    var coverStart: UInt64
    /// Microseconds since 1970: when it happened.
    var timestamp: Int64
    /// Milliseconds since 1970: when it arrived at the relay.
    var received: Int64
    var sendAs: String?
    var withholdsUserData: Bool
    var ping: PingConsent?
    var record: [UInt8]
    /// Attempts made.
    var attempts = 0
    /// The parts of it that are delivered, see `PlannedRequest.part`.
    var done: [String] = []
    /// Milliseconds since 1970: when it was loaded.
    var queuedAt: Int64
    /// A dead letter that an operator had sent again.
    var isReplay = false

    init(_ entry: LogEntry, decision: Decision, coverStart: UInt64, now: Int64) {
        seq = entry.seq
        self.coverStart = coverStart
        timestamp = RecordScan.time(of: entry.record)
        received = (RecordScan.integer(.receivedMicros, in: entry.record) ?? timestamp) / 1000
        sendAs = decision.sendAs
        withholdsUserData = decision.withholdsUserData
        ping = decision.ping
        record = entry.record
        queuedAt = now
    }

    var forPlugin: EventForPlugin {
        EventForPlugin(
            record: record,
            attempt: attempts + 1,
            sendAs: sendAs,
            withholdsUserData: withholdsUserData,
            flags: isReplay ? .replay : [],
            done: done,
            ping: ping
        )
    }

    func isExpired(now: Int64, maxAge: Int64) -> Bool {
        timestamp > 0 && timestamp / 1000 < now - maxAge
    }
}

/// Events that are encoded together again: the members of a failed request, or a part of a batch that was taken apart.
struct EventGroup: Sendable {
    enum Origin: Sendable, Equatable {
        /// From the log, in order; the cursor waits for them.
        case queue
        /// Exceptions: the cursor has passed them.
        case exceptions
        /// An exception parked under a key, sent to find out whether the key may go on.
        case parkProbe(key: String)
    }

    var events: [PendingEvent]
    var origin = Origin.queue
    /// Failures in a row of the request as a whole.
    var failures = 0
    /// The engine's count of answered requests when it last failed.
    var aliveMark: UInt64 = 0
    /// Never put together with other events again.
    var isIsolated = false

    /// Both halves, each never to be put together with others again.
    var halves: [EventGroup] {
        let middle = (events.count + 1) / 2
        return [events[..<middle], events[middle...]].filter { !$0.isEmpty }.map {
            var half = self
            half.events = Array($0)
            half.isIsolated = true
            return half
        }
    }
}
