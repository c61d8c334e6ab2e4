internal import RelaisDelivery
internal import RelaisEvent

/// Finds out what has become of entries, from their plans, the deliveries' memory and the running destinations.
struct PresentStateResolver: Sendable {
    private let overviews: [String: DestinationOverview]

    init(_ overviews: [DestinationOverview]) {
        self.overviews = Dictionary(overviews.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The state of one entry at one destination; `decision` is its plan's, nil when the plan does not know it.
    func state(of seq: UInt64, at destination: String, _ decision: Decision?, copyOf: UInt64?, _ facts: DeliveryFacts)
        -> PresentState
    {
        switch decision?.outcome {
        case .refused?: return .notSent(reason: decision?.reason ?? "", detail: decision?.detail ?? "")
        case .hadEarlierCopy?: return .hadEarlierCopy(of: copyOf)
        case .entitled?, nil: break
        }
        let last = facts.lastVerdict(on: seq, at: destination)
        if let exception = facts.exceptions[destination], exception.isReplay { return state(of: exception) }
        if let dead = facts.deadLetters.last(where: { $0.destination == destination }),
            last.map({ $0.verdict.code != .delivered || $0.at <= dead.at }) ?? true
        {
            return .dead(reason: dead.reason, detail: dead.detail)
        }
        if let exception = facts.exceptions[destination] { return state(of: exception) }
        if let range = facts.deadRanges[destination], decision != nil, last.map({ $0.verdict.isOpen }) ?? true {
            return .dead(reason: range.reason.rawValue, detail: range.detail)
        }
        if let last { return state(of: last.verdict, at: last.at, destination) }
        return stateWithoutOutcome(of: seq, at: destination)
    }

    private func state(of exception: DeliveryException) -> PresentState {
        guard exception.parkedUnder.isEmpty else {
            return .parked(key: exception.parkedUnder, reason: exception.reason, detail: exception.detail)
        }
        return .retrying(next: exception.notBefore, reason: exception.reason, detail: exception.detail)
    }

    private func state(of verdict: Verdict, at time: Int64, _ destination: String) -> PresentState {
        switch verdict.code {
        case .delivered: return .delivered(at: time, isConfirmed: overviews[destination]?.isConfirming ?? true)
        case .drop: return .dropped(reason: verdict.reason, detail: verdict.detail)
        case .reject: return .dead(reason: verdict.reason, detail: verdict.detail)
        case .park: return .parked(key: verdict.key, reason: verdict.reason, detail: verdict.detail)
        case .retry, .split, .throttle, .authStop:
            guard let status = overviews[destination]?.status, let next = status.until, next < .max else {
                return .waiting(waitReason(destination) ?? Self.sentence(verdict))
            }
            return .retrying(next: next, reason: verdict.reason, detail: verdict.detail)
        }
    }

    private func stateWithoutOutcome(of seq: UInt64, at destination: String) -> PresentState {
        guard let overview = overviews[destination] else {
            return .waiting("\(destination) is not configured (any more)")
        }
        if seq < overview.status.cursor { return .finished }
        return .waiting(waitReason(destination) ?? "")
    }

    /// Why a destination sends nothing at present; nil when it does.
    private func waitReason(_ destination: String) -> String? {
        guard let status = overviews[destination]?.status, status.state != .active else { return nil }
        let until = status.until.flatMap { $0 < .max ? ", until \(Timestamp.text(milliseconds: $0))" : nil } ?? ""
        let reason = [status.reason, status.detail].filter { !$0.isEmpty }.joined(separator: ": ")
        return "\(destination) is \(status.state.rawValue)\(until)\(reason.isEmpty ? "" : " (\(reason))")"
    }

    private static func sentence(_ verdict: Verdict) -> String {
        [verdict.code.name, verdict.reason, verdict.detail].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension Verdict {
    /// Something was still to come after it.
    fileprivate var isOpen: Bool {
        switch code {
        case .retry, .split, .park, .throttle, .authStop: true
        case .delivered, .drop, .reject: false
        }
    }
}
