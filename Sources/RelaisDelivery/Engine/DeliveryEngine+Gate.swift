internal import RelaisEvent

extension DeliveryEngine {
    /// Why a destination sends nothing but probes.
    struct Closure: Sendable {
        var cause: DestinationPause.Cause
        /// Milliseconds since 1970: the next probe goes out then.
        var until: Int64
        /// Failures in a row.
        var failures = 1
        /// Failures in a row for which the held group may be to blame: the vendor was reached.
        var suspicions = 0
        var reason: String
        var detail: String
        /// The batch that is out as a probe.
        var probe: UInt64?
        /// The probe whose failure has been counted.
        var countedProbe: UInt64?
        /// The plugin itself cannot be used; not kept over a restart.
        var isUnusable = false

        /// A held group may be at fault itself, so that others are tried in its stead.
        func isSuspicious(threshold: Int) -> Bool { cause == .hold && !isUnusable && suspicions >= threshold }
    }

    /// What made a gate close.
    struct StopCause: Sendable {
        var cause: DestinationPause.Cause
        /// Milliseconds the vendor asked for; 0: it did not say.
        var minimum: Int64
        var reason: String
        var detail: String
        var isUnusable = false

        fileprivate static func rank(_ cause: DestinationPause.Cause) -> Int {
            switch cause {
            case .hold: 0
            case .throttle: 1
            case .authStop: 2
            case .operatorPause: 3
            }
        }

        func outranks(_ other: DestinationPause.Cause) -> Bool { Self.rank(cause) > Self.rank(other) }
    }

    /// Closes the gate, or, when it is closed, counts the failed probe. What was sent before the gate closed and fails
    /// later neither counts nor shortens the wait.
    mutating func close(_ stop: StopCause, by batch: DeliveryBatch) {
        guard var current = closure else {
            closure = Closure(
                cause: stop.cause,
                until: now + wait(for: stop, failures: 1),
                suspicions: batch.wasUnreached ? 0 : 1,
                reason: stop.reason,
                detail: stop.detail,
                isUnusable: stop.isUnusable
            )
            return
        }
        let isNewFailure = current.probe == batch.id && current.countedProbe != batch.id
        if isNewFailure {
            current.failures += 1
            current.suspicions = batch.wasUnreached ? 0 : current.suspicions + 1
            current.countedProbe = batch.id
        }
        if isNewFailure || stop.outranks(current.cause) {
            let until = now + wait(for: stop, failures: current.failures)
            current.until = isNewFailure ? until : max(current.until, until)
            current.cause = stop.cause
            current.reason = stop.reason
            current.detail = stop.detail
            current.isUnusable = stop.isUnusable
        } else if stop.minimum > 0 {
            current.until = max(current.until, now + min(stop.minimum, policy.longestRetryAfter))
        }
        closure = current
    }

    /// Opens the gate. Held events go back to the head of the queue; groups that are suspected stay by themselves.
    mutating func open() {
        closure = nil
        var returned: [PendingEvent] = []
        groups.removeAll { group in
            guard group.origin == .queue, !group.isIsolated, group.failures < policy.suspicionThreshold else {
                return false
            }
            returned += group.events
            return true
        }
        for index in groups.indices { groups[index].isIsolated = true }
        queue.putBack(returned.sorted { $0.seq < $1.seq })
    }

    mutating func resume() {
        operatorReason = nil
        exceptions.probeParkedNow(now)
        closure?.until = now
        closure?.failures = 1
    }

    mutating func restore(_ pause: DestinationPause) {
        guard pause.cause != .operatorPause else {
            operatorReason = pause.reason
            return
        }
        let until = pause.cause == .authStop ? now : min(pause.until, now + policy.longestRetryAfter)
        closure = Closure(cause: pause.cause, until: until, reason: pause.reason, detail: pause.detail)
    }

    /// What survives a restart.
    var pause: DestinationPause? {
        if let operatorReason {
            return DestinationPause(cause: .operatorPause, until: .max, reason: operatorReason, detail: "")
        }
        guard let closure, !closure.isUnusable else { return nil }
        return DestinationPause(
            cause: closure.cause,
            until: closure.until,
            reason: closure.reason,
            detail: closure.detail
        )
    }

    private mutating func wait(for stop: StopCause, failures: Int) -> Int64 {
        let minimum = min(stop.minimum, policy.longestRetryAfter)
        switch stop.cause {
        case .throttle:
            return minimum > 0 ? minimum : policy.throttleBackoff.wait(failures: failures, using: &generator)
        case .authStop: return max(minimum, policy.authProbe.ceiling(failures: failures))
        case .hold, .operatorPause:
            let backoff = stop.isUnusable ? policy.unusableBackoff : policy.backoff
            return max(minimum, backoff.wait(failures: failures, using: &generator))
        }
    }
}
