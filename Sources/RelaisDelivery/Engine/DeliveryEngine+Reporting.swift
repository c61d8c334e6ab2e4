internal import RelaisEvent

extension DeliveryEngine {
    /// Adds what has changed since the last step: progress and pause at most once, all changes in one group, and first.
    mutating func report() {
        if ledger.cursor != reportedLedger.cursor || ledger.completed != reportedLedger.completed {
            changes.append(
                .progress(destination: policy.destination, cursor: ledger.cursor, completed: ledger.completed)
            )
            reportedLedger = ledger
        }
        let pause = pause
        if pause != reportedPause {
            changes.append(.pause(destination: policy.destination, pause))
            reportedPause = pause
        }
        if !changes.isEmpty {
            actions.insert(.change(changes), at: 0)
            changes.removeAll()
        }
        let wake = nextWake()
        if wake != reportedWake {
            actions.append(.wake(at: wake))
            reportedWake = wake
        }
    }

    /// The next time at which something can be done that cannot be done now.
    private mutating func nextWake() -> Int64? {
        guard !isDraining, operatorReason == nil else { return nil }
        var times: [Int64] = []
        if loadFailures > 0, !isLoading { times.append(loadRetryAt) }
        let rate = rateReadyAt
        if !outbox.isEmpty { times.append(rate) }
        if let closure {
            if closure.probe == nil { times.append(max(closure.until, rate)) }
            if let due = exceptions.nextDue() { times.append(max(due, closure.until, rate)) }
        } else if hasFreeSlot {
            times.append(max(queueReadyAt ?? waitsForPace, rate))
            if !groups.isEmpty { times.append(rate) }
            if hasFreeExceptionSlot, let due = exceptions.nextDue() { times.append(max(due, rate)) }
        }
        let now = now
        return times.lazy.filter { $0 > now }.min()
    }

    /// Whether new entries of the log change anything before the next wake or answer. While they do not, a runner need
    /// not be woken for every commit.
    package var isWaitingForEntries: Bool {
        guard !isDraining, operatorReason == nil, queue.isEmpty, groups.isEmpty, hasFreeSlot, isNextTurn
        else { return false }
        if let closure { return closure.probe == nil && closure.until <= now }
        return waitsForPace <= now
    }

    /// What a destination is doing, for people and machines.
    package var status: DestinationStatus {
        let unread = logEnd > ledger.loadPosition ? logEnd - ledger.loadPosition : 0
        let waiting = groups.reduce(0) { $0 + ($1.origin == .queue ? $1.events.count : 0) }
        let sent = batches.values.reduce(0) { $0 + ($1.group.origin == .queue ? $1.undecided : 0) }
        return DestinationStatus(
            id: policy.destination,
            state: state,
            reason: operatorReason ?? closure?.reason ?? "",
            detail: operatorReason == nil ? closure?.detail ?? "" : "",
            until: operatorReason == nil ? closure?.until : nil,
            cursor: ledger.cursor,
            lag: unread + UInt64(queue.count + waiting + sent),
            inFlight: inFlight,
            delivered: delivered,
            retrying: exceptions.retryingCount,
            parked: exceptions.parkedCount,
            dead: dead,
            oldestWaiting: oldestWaiting,
            logEnd: logEnd,
            givenUp: givenUp
        )
    }

    /// Events arrive in order, so that the first of a group is its oldest.
    private var oldestWaiting: Int64? {
        let groups = groups + batches.values.lazy.map(\.group)
        let heads = groups.lazy.filter { $0.origin == .queue }.compactMap(\.events.first)
        return ([queue.first].compactMap { $0 } + heads).map(\.received).min()
    }

    private var state: DestinationStatus.State {
        if operatorReason != nil { return .paused }
        guard let closure else { return .active }
        if closure.isUnusable { return .failed }
        switch closure.cause {
        case .hold: return .holding
        case .throttle: return .throttled
        case .authStop: return .authStop
        case .operatorPause: return .paused
        }
    }

    /// Nothing is in flight.
    package var isIdle: Bool { batches.isEmpty && fetches.isEmpty }
}
