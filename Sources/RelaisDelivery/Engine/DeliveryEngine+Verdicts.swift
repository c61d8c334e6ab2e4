internal import RelaisEvent

extension DeliveryEngine {
    /// What the verdicts of one request come to.
    private struct Judgement {
        /// Nothing got through.
        var isWhole: Bool
        /// Events that wait at the cursor.
        var held: [PendingEvent] = []
        var split: [PendingEvent] = []
        var stop: DeliveryEngine.StopCause?
        var isAlive = false

        mutating func demand(_ new: DeliveryEngine.StopCause) {
            guard let old = stop else {
                stop = new
                return
            }
            if new.outranks(old.cause) || new.cause == old.cause && new.minimum > old.minimum { stop = new }
        }
    }

    /// Applies verdicts to events of a batch. `isAnswer`: they come from the vendor's answer, not from the plugin alone.
    mutating func judge(_ verdicts: [Verdict], of members: [Int], in batch: inout DeliveryBatch, isAnswer: Bool) {
        guard !members.isEmpty else { return }
        var judgement = Judgement(
            isWhole: verdicts.allSatisfy { [.retry, .throttle, .authStop].contains($0.code) }
        )
        for (member, verdict) in zip(members, verdicts) {
            if batch.verdicts[member] == nil { batch.undecided -= 1 }
            batch.verdicts[member] = verdict
            let event = batch.event(member)
            let isBlocked = [.retry, .throttle, .authStop].contains(verdict.code)
            if !isBlocked || event.done.count > batch.group.events[member].done.count { judgement.isAlive = true }
            apply(verdict, to: event, of: batch, &judgement)
        }
        if isAnswer && judgement.isAlive { alive += 1 }
        halve(judgement.split, of: batch)
        hold(judgement, of: batch)
        if isAnswer, judgement.isAlive, judgement.stop == nil, isProbeOut(batch) { open() }
    }

    /// An event that is delivered in part never waits at the cursor, which a crash would let it pass again.
    private mutating func apply(
        _ verdict: Verdict,
        to event: PendingEvent,
        of batch: DeliveryBatch,
        _ judgement: inout Judgement
    ) {
        let origin = batch.group.origin
        var event = event
        count(verdict, of: event)
        switch verdict.code {
        case .delivered:
            delivered += 1
            finish(event, origin)
        case .drop: finish(event, origin)
        case .reject: bury(event, origin, attempts: event.attempts + 1, reason: verdict.reason, detail: verdict.detail)
        case .split: judgement.split.append(event)
        case .park, .retry:
            event.attempts += 1
            let isHeld = judgement.isWhole && origin == .queue
            if verdict.code == .retry && judgement.isWhole && (isHeld || batch.isProbe) {
                judgement.demand(Self.stop(.hold, verdict))
            }
            if verdict.code == .retry && isHeld && event.done.isEmpty {
                judgement.held.append(event)
            } else {
                except(event, verdict, of: batch, &judgement)
            }
        case .throttle, .authStop:
            event.attempts += 1
            judgement.demand(Self.stop(verdict.code == .throttle ? .throttle : .authStop, verdict))
            if origin == .queue && event.done.isEmpty {
                judgement.held.append(event)
            } else {
                except(event, verdict, of: batch, &judgement)
            }
        }
    }

    /// Rejections are counted where dead letters are made.
    private mutating func count(_ verdict: Verdict, of event: PendingEvent) {
        switch verdict.code {
        case .delivered: tally.delivered.append(max(0, now - event.received))
        case .drop: tally.dropped[verdict.reason, default: 0] += 1
        case .retry, .authStop: tally.retried[verdict.reason, default: 0] += 1
        case .throttle: tally.throttled += 1
        case .park: tally.parked[verdict.reason, default: 0] += 1
        case .reject, .split: break
        }
    }

    private static func stop(_ cause: DestinationPause.Cause, _ verdict: Verdict) -> StopCause {
        StopCause(cause: cause, minimum: verdict.retryAfter, reason: verdict.reason, detail: verdict.detail)
    }

    private mutating func halve(_ events: [PendingEvent], of batch: DeliveryBatch) {
        guard !events.isEmpty else { return }
        var group = batch.group
        group.events = events
        for half in group.halves { insert(half) }
    }

    /// Lets held events wait behind the closed gate, or, when others got through since they last failed, takes them apart.
    private mutating func hold(_ judgement: Judgement, of batch: DeliveryBatch) {
        guard let stop = judgement.stop else { return }
        var group = batch.group
        group.events = judgement.held
        if stop.cause == .hold, !batch.wasUnreached {
            group.failures += 1
            group.aliveMark = alive
        }
        let isAtFault =
            stop.cause == .hold && judgement.isWhole && group.failures >= policy.suspicionThreshold
            && batch.group.aliveMark < alive
        if isAtFault, takeApart(group, of: batch, stop) {
            if isProbeOut(batch) { open() }
            return
        }
        insert(group)
        close(stop, by: batch)
    }

    /// Halves a group that is at fault; its last event becomes an exception. False when there is no room for one.
    private mutating func takeApart(_ group: EventGroup, of batch: DeliveryBatch, _ stop: StopCause) -> Bool {
        guard let only = group.events.first, group.events.count == 1 else {
            for half in group.halves { insert(half) }
            return true
        }
        guard exceptions.ownCount < policy.maximumExceptions else { return false }
        let wait = max(stop.minimum, policy.backoff.wait(failures: only.attempts, using: &generator))
        put(only, parkedUnder: "", notBefore: now + wait, stop.reason, stop.detail, of: batch)
        ledger.complete(only.seq, coverStart: only.coverStart)
        return true
    }

    /// Lets a single event wait by itself. Where that is one too many, it holds the destination instead.
    private mutating func except(
        _ event: PendingEvent,
        _ verdict: Verdict,
        of batch: DeliveryBatch,
        _ judgement: inout Judgement
    ) {
        if batch.group.origin == .queue {
            guard exceptions.ownCount < policy.maximumExceptions else {
                judgement.held.append(event)
                let detail = "\(exceptions.ownCount) single events wait already; the last: \(verdict.detail)"
                return judgement.demand(
                    StopCause(cause: .hold, minimum: 0, reason: "too_many_exceptions", detail: detail)
                )
            }
            ledger.complete(event.seq, coverStart: event.coverStart)
        }
        if verdict.code == .park {
            return park(event, under: verdict.key.isEmpty ? "default" : verdict.key, verdict, of: batch)
        }
        let wait = max(verdict.retryAfter, policy.backoff.wait(failures: event.attempts, using: &generator))
        guard case .parkProbe(let key) = batch.group.origin else {
            return put(event, parkedUnder: "", notBefore: now + wait, verdict.reason, verdict.detail, of: batch)
        }
        put(event, parkedUnder: key, notBefore: now + wait, verdict.reason, verdict.detail, of: batch)
        exceptions.probeEnded(key: key, next: now + wait)
    }

    private mutating func park(_ event: PendingEvent, under key: String, _ verdict: Verdict, of batch: DeliveryBatch) {
        let next = now + max(verdict.retryAfter, policy.parkProbeInterval)
        put(event, parkedUnder: key, notBefore: next, verdict.reason, verdict.detail, of: batch)
        guard case .parkProbe(let probed) = batch.group.origin else { return }
        exceptions.probeEnded(key: probed, next: next)
        if probed != key { release(probed) }
    }

    private mutating func put(
        _ event: PendingEvent,
        parkedUnder key: String,
        notBefore: Int64,
        _ reason: String,
        _ detail: String,
        of batch: DeliveryBatch
    ) {
        let exception = DeliveryException(
            seq: event.seq,
            attempts: event.attempts,
            notBefore: notBefore,
            firstAttempt: exceptions[event.seq]?.firstAttempt ?? batch.now,
            parkedUnder: key,
            isReplay: event.isReplay,
            reason: reason,
            detail: detail,
            done: event.done
        )
        exceptions.put(exception)
        changes.append(.exception(destination: policy.destination, exception))
    }
}
