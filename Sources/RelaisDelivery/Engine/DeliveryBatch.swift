internal import RelaisEvent

/// One encode call and the requests it made.
struct DeliveryBatch: Sendable {
    struct Request: Sendable {
        var events: [Int]
        var isIdempotent: Bool
        var sha256: String
        /// See `PlannedRequest.part`.
        var part: String?
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
    /// What the events' parts have come to.
    private var parts = EventParts()
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

    /// True when every event has its one place, and no settlement says what only an answer can.
    func isCovered(by requests: [EncodedRequest], _ settlements: [Settlement]) -> Bool {
        var coverage = EventCoverage(events: group.events.count)
        for settlement in settlements {
            guard [.drop, .reject, .park].contains(settlement.verdict.code),
                coverage.claim(settlement.event, part: nil)
            else { return false }
        }
        for request in requests {
            guard !request.events.isEmpty else { return false }
            for event in request.events {
                guard coverage.claim(event, part: request.part) else { return false }
            }
        }
        return coverage.isComplete
    }

    mutating func encoded(_ requests: [EncodedRequest]) {
        isEncoded = true
        self.requests = requests.map {
            Request(events: $0.events, isIdempotent: $0.isIdempotent, sha256: $0.sha256, part: $0.part)
        }
        unjudged = requests.count
        parts = EventParts(of: requests)
    }

    /// Notes the verdicts on one request; the events that have them all, with what these come to.
    mutating func decide(_ index: Int, _ verdicts: [Verdict]) -> (members: [Int], verdicts: [Verdict]) {
        let request = requests[index]
        guard let part = request.part else { return (request.events, verdicts) }
        var members: [Int] = []
        var decided: [Verdict] = []
        for (member, verdict) in zip(request.events, verdicts) {
            guard let all = parts.note(verdict, on: part, of: member) else { continue }
            members.append(member)
            decided.append(all)
        }
        return (members, decided)
    }

    /// An event as it goes on from here: without the parts that this batch delivered.
    func event(_ member: Int) -> PendingEvent {
        var event = group.events[member]
        event.done += parts.delivered(member)
        return event
    }

    func outcome(policy: DeliveryPolicy, finished: Int64) -> BatchOutcome {
        let members = zip(group.events, verdicts).map { event, verdict in
            BatchOutcome.Member(
                seq: event.seq,
                attempt: event.attempts + 1,
                sendAs: event.sendAs,
                withholdsUserData: event.withholdsUserData,
                done: event.done,
                isReplay: event.isReplay,
                ping: event.ping,
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
            part: request.part,
            sha256: request.sha256,
            transport: request.response?.transport ?? .none,
            status: request.response?.status ?? 0,
            elapsedMilliseconds: request.response?.elapsedMilliseconds ?? 0,
            answer: Array(answer)
        )
    }
}
