internal import RelaisEvent

extension DeliveryEngine {
    mutating func encoded(_ id: UInt64, _ requests: [EncodedRequest], _ settlements: [Settlement]) {
        guard batches[id]?.isEncoded == false, var batch = batches.removeValue(forKey: id) else { return }
        guard batch.isCovered(by: requests, settlements) else {
            let detail = "an event is in no request and no settlement, or in several"
            batches[id] = batch
            return encodeFailed(id, PluginFault(reason: "coverage", detail: detail))
        }
        pluginFailures = 0
        batch.encoded(requests)
        if !settlements.isEmpty {
            judge(settlements.map(\.verdict), of: settlements.map(\.event), in: &batch, isAnswer: false)
        }
        for (index, request) in requests.enumerated() {
            if request.bodySize > policy.maxBytes {
                refuseOversized(index, size: request.bodySize, in: &batch)
            } else {
                outbox.append(Outgoing(batch: id, request: index))
            }
        }
        store(batch)
    }

    /// The plugin packed more into a request than its manifest allows: halved, and a single event is given up.
    private mutating func refuseOversized(_ index: Int, size: Int, in batch: inout DeliveryBatch) {
        let events = batch.requests[index].events
        let detail = "the request has \(size) bytes, the manifest allows \(policy.maxBytes)"
        let code = events.count > 1 ? Verdict.Code.split : .reject
        let verdict = Verdict(code, reason: "request_too_large", detail: detail)
        batch.requests[index].isJudged = true
        batch.unjudged -= 1
        let decided = batch.decide(index, events.map { _ in verdict })
        judge(decided.verdicts, of: decided.members, in: &batch, isAnswer: false)
    }

    /// Halves the batch; a single event becomes a dead letter, unless the plugin fails on everything.
    mutating func encodeFailed(_ id: UInt64, _ fault: PluginFault) {
        guard var batch = withdraw(id) else { return }
        guard batch.group.events.count == 1 else {
            for half in batch.group.halves { insert(half) }
            return endProbe(batch)
        }
        if ["crashed", "hung", "garbage"].contains(fault.reason) { pluginFailures += 1 }
        guard pluginFailures < policy.pluginFailureThreshold else {
            let stop = StopCause(
                cause: .hold,
                minimum: 0,
                reason: "plugin_failing",
                detail: "\(pluginFailures) events in a row, the last: \(fault.detail)"
            )
            return putBack(&batch, stop, isFailure: true)
        }
        let verdict = Verdict(.reject, reason: "plugin_\(fault.reason)", detail: fault.detail)
        judge([verdict], of: [0], in: &batch, isAnswer: false)
        endProbe(batch)
        changes.append(.outcome(batch.outcome(policy: policy, finished: now)))
    }

    mutating func unusable(_ id: UInt64, _ fault: PluginFault) {
        guard var batch = withdraw(id) else { return }
        let stop = StopCause(
            cause: .hold,
            minimum: 0,
            reason: fault.reason,
            detail: fault.detail,
            isUnusable: true
        )
        putBack(&batch, stop, isFailure: false)
    }

    /// Takes a batch that has made no request out of flight.
    private mutating func withdraw(_ id: UInt64) -> DeliveryBatch? {
        guard let batch = batches[id], !batch.isEncoded else { return nil }
        batches[id] = nil
        inFlight -= batch.group.events.count
        actions.append(.forget(batch: id))
        return batch
    }

    /// Closes the gate and lets the batch's events wait behind it.
    private mutating func putBack(_ batch: inout DeliveryBatch, _ stop: StopCause, isFailure: Bool) {
        close(stop, by: batch)
        endProbe(batch)
        if isFailure {
            batch.group.failures += 1
            batch.group.aliveMark = alive
        }
        switch batch.group.origin {
        case .queue: insert(batch.group)
        case .exceptions: exceptions.giveBack(batch.group.events.map(\.seq))
        case .parkProbe(let key):
            exceptions.giveBack(batch.group.events.map(\.seq))
            exceptions.probeEnded(key: key, next: now + policy.parkProbeInterval)
        }
    }

    /// Keeps a batch, taken out to be changed in place, that still waits for answers; ends one that does not.
    mutating func store(_ batch: DeliveryBatch) {
        guard batch.unjudged == 0 else {
            batches[batch.id] = batch
            return
        }
        inFlight -= batch.group.events.count
        changes.append(.outcome(batch.outcome(policy: policy, finished: now)))
        actions.append(.forget(batch: batch.id))
        endProbe(batch)
    }

    func isProbeOut(_ batch: DeliveryBatch) -> Bool { batch.isProbe && closure?.probe == batch.id }

    private mutating func endProbe(_ batch: DeliveryBatch) {
        if isProbeOut(batch) { closure?.probe = nil }
    }
}
