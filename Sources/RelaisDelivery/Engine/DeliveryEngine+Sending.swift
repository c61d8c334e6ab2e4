internal import RelaisEvent

extension DeliveryEngine {
    /// A request that waits for its turn.
    struct Outgoing: Sendable {
        var batch: UInt64
        var request: Int
    }

    /// Sends what waits for its turn, as the rate allows; takes back what may not go out any more: all but the probe when
    /// the gate has closed, and what the rate does not allow now when the destination is paused or stops.
    mutating func sendWaiting() {
        guard !outbox.isEmpty else { return }
        if let closure { withhold { $0.batch != closure.probe } }
        var sent = 0
        while sent < outbox.count, rateGate?.take(now: now) ?? true {
            actions.append(.send(batch: outbox[sent].batch, request: outbox[sent].request))
            sent += 1
        }
        outbox.removeFirst(sent)
        if isDraining || operatorReason != nil { withhold { _ in true } }
    }

    /// When the rate allows a request.
    var rateReadyAt: Int64 { rateGate?.readyAt ?? .min }

    /// Nothing is encoded ahead of its turn: what waits for the rate waits in the log.
    var isNextTurn: Bool {
        rateGate == nil || outbox.isEmpty && rateReadyAt <= now && batches.values.allSatisfy { $0.isEncoded }
    }

    /// Takes back requests that have not been sent: their events wait again.
    private mutating func withhold(_ isWithheld: (Outgoing) -> Bool) {
        var withheld: [UInt64: [Int]] = [:]
        for one in outbox where isWithheld(one) { withheld[one.batch, default: []].append(one.request) }
        outbox.removeAll(where: isWithheld)
        for (id, requests) in withheld.sorted(by: { $0.key < $1.key }) { withhold(requests, of: id) }
    }

    private mutating func withhold(_ requests: [Int], of id: UInt64) {
        guard var batch = batches.removeValue(forKey: id) else { return }
        let isUntouched = requests.count == batch.requests.count && batch.undecided == batch.group.events.count
        guard !isUntouched else {
            inFlight -= batch.group.events.count
            actions.append(.forget(batch: id))
            if isProbeOut(batch) { closure?.probe = nil }
            return wait(batch.group)
        }
        let verdict = Verdict(.retry, reason: "not_sent", detail: "the destination stopped before the request's turn")
        for request in requests {
            let members = batch.requests[request].events
            for member in members { batch.verdicts[member] = verdict }
            batch.undecided -= members.count
            batch.requests[request].isJudged = true
            batch.unjudged -= 1
            var group = batch.group
            group.events = members.map { batch.group.events[$0] }
            wait(group)
        }
        store(batch)
    }

    /// Lets a group wait as if it had not been tried.
    private mutating func wait(_ group: EventGroup) {
        switch group.origin {
        case .queue: insert(group)
        case .exceptions: exceptions.giveBack(group.events.map(\.seq))
        case .parkProbe(let key):
            exceptions.giveBack(group.events.map(\.seq))
            exceptions.probeEnded(key: key, next: now)
        }
    }
}
