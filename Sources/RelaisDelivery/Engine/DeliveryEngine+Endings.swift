internal import RelaisEvent

extension DeliveryEngine {
    /// The event is done with, and with it the letter that it was sent again from.
    mutating func finish(_ event: PendingEvent, _ origin: EventGroup.Origin) {
        end(event, origin)
        if event.isReplay { changes.append(.deadLetterEnded(destination: policy.destination, seq: event.seq)) }
    }

    /// Nothing waits for the event any more. A parked key whose probe ends so may go on.
    private mutating func end(_ event: PendingEvent, _ origin: EventGroup.Origin) {
        switch origin {
        case .queue: ledger.complete(event.seq, coverStart: event.coverStart)
        case .exceptions: endException(event.seq)
        case .parkProbe(let key):
            endException(event.seq)
            exceptions.probeEnded(key: key, next: now)
            release(key)
        }
    }

    mutating func endException(_ seq: UInt64) {
        exceptions.remove(seq)
        changes.append(.exceptionEnded(destination: policy.destination, seq: seq))
    }

    mutating func release(_ key: String) {
        for exception in exceptions.release(key: key, now: now) {
            changes.append(.exception(destination: policy.destination, exception))
        }
    }

    /// Makes a dead letter of the event.
    mutating func bury(
        _ event: PendingEvent,
        _ origin: EventGroup.Origin,
        attempts: Int,
        reason: String,
        detail: String
    ) {
        bury(event, attempts: attempts, reason: reason, detail: detail)
        end(event, origin)
    }

    /// Makes a dead letter of the event if it is too old for the vendor; the vendor's window counts from when it happened.
    /// What an operator has sent again is left to the plugin and the vendor.
    mutating func expire(_ event: PendingEvent, origin: EventGroup.Origin) -> Bool {
        guard !event.isReplay, event.isExpired(now: now, maxAge: policy.maxAge) else { return false }
        let days = Double(policy.maxAge) / 86_400_000
        let detail = "the event is older than the \(days) days in which the vendor takes it"
        bury(event, attempts: event.attempts, reason: "expired", detail: detail)
        if origin == .queue {
            ledger.complete(event.seq, coverStart: event.coverStart)
        } else {
            endException(event.seq)
        }
        return true
    }

    /// Makes a dead letter of an exception whose entry the log no longer has. A letter that is gone stays so.
    mutating func buryForgotten(_ seq: UInt64) {
        guard let exception = exceptions[seq] else { return }
        guard !exception.isReplay else { return endException(seq) }
        bury(
            seq,
            record: [],
            attempts: exception.attempts,
            reason: "log_trimmed",
            detail: "the log no longer has the event; it last waited because of: \(exception.reason)"
        )
        endException(seq)
    }

    private mutating func bury(_ event: PendingEvent, attempts: Int, reason: String, detail: String) {
        bury(
            event.seq,
            record: event.record,
            sendAs: event.sendAs,
            withholdsUserData: event.withholdsUserData,
            ping: event.ping,
            attempts: attempts,
            reason: reason,
            detail: detail
        )
    }

    private mutating func bury(
        _ seq: UInt64,
        record: [UInt8],
        sendAs: String? = nil,
        withholdsUserData: Bool = false,
        ping: PingConsent? = nil,
        attempts: Int,
        reason: String,
        detail: String
    ) {
        dead += 1
        tally.dead[reason, default: 0] += 1
        changes.append(
            .deadLetter(
                DeadLetter(
                    destination: policy.destination,
                    seq: seq,
                    eventID: RecordScan.text(.eventID, in: record) ?? "",
                    eventName: RecordScan.text(.eventName, in: record) ?? "",
                    at: now,
                    attempts: attempts,
                    reason: reason,
                    detail: detail,
                    record: record,
                    sendAs: sendAs,
                    withholdsUserData: withholdsUserData,
                    ping: ping
                )
            )
        )
    }
}
