internal import RelaisEvent

/// One encode call and the requests it made.
struct DeliveryBatch: Sendable {
    struct Request: Sendable {
        var events: [Int]
        var isIdempotent: Bool
        var sha256: String
        var response: HTTPResponse?
        var isJudged = false
    }

    var id: UInt64
    var now: Int64
    var seed: UInt64
    var group: EventGroup
    /// Sent to find out whether the destination works again.
    var isProbe: Bool
    var isEncoded = false
    var verdicts: [Verdict?]
    var requests: [Request] = []
    /// Requests without verdicts.
    var unjudged = 0
    /// Events without a verdict.
    var undecided: Int
    /// Keeps the answers to what was delivered too.
    var isSample = false

    init(id: UInt64, now: Int64, seed: UInt64, group: EventGroup, isProbe: Bool) {
        self.id = id
        self.now = now
        self.seed = seed
        self.group = group
        self.isProbe = isProbe
        verdicts = Array(repeating: nil, count: group.events.count)
        undecided = group.events.count
    }

    /// Nothing of it got as far as the vendor: whatever it holds, it is not to blame.
    var wasUnreached: Bool {
        !requests.isEmpty
            && requests.allSatisfy { request in
                switch request.response?.transport {
                case .dns, .connect, .tls, .timeoutBeforeSend: true
                default: false
                }
            }
    }

    /// True when every event is in exactly one request or one settlement, and no settlement says what only an answer can.
    func isCovered(by requests: [EncodedRequest], _ settlements: [Settlement]) -> Bool {
        var seen = [Bool](repeating: false, count: group.events.count)
        for index in requests.lazy.flatMap(\.events) + settlements.lazy.map(\.event) {
            guard seen.indices.contains(index), !seen[index] else { return false }
            seen[index] = true
        }
        return seen.allSatisfy { $0 }
            && requests.allSatisfy { !$0.events.isEmpty }
            && settlements.allSatisfy { [.drop, .reject, .park].contains($0.verdict.code) }
    }

    func outcome(policy: DeliveryPolicy, finished: Int64) -> BatchOutcome {
        let members = zip(group.events, verdicts).map { event, verdict in
            BatchOutcome.Member(
                seq: event.seq,
                attempt: event.attempts + 1,
                sendAs: event.sendAs,
                withholdsUserData: event.withholdsUserData,
                isReplay: event.isReplay,
                verdict: verdict ?? Verdict(.retry, reason: "not_judged")
            )
        }
        return BatchOutcome(
            destination: policy.destination,
            batchID: id,
            now: now,
            seed: seed,
            finished: finished,
            pluginSHA256: policy.pluginSHA256,
            hostVersion: policy.hostVersion,
            configurationFingerprint: policy.configurationFingerprint,
            members: members,
            requests: requests.map { outcome(of: $0, answerLimit: policy.answerLimit) }
        )
    }

    private func outcome(of request: Request, answerLimit: Int) -> BatchOutcome.Request {
        let isDelivered = request.events.allSatisfy { verdicts[$0]?.code == .delivered }
        let answer = isDelivered && !isSample ? [] : request.response?.body.prefix(answerLimit) ?? []
        return BatchOutcome.Request(
            members: request.events,
            sha256: request.sha256,
            transport: request.response?.transport ?? .none,
            status: request.response?.status ?? 0,
            elapsedMilliseconds: request.response?.elapsedMilliseconds ?? 0,
            answer: Array(answer)
        )
    }
}
