internal import NIOCore
internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import Synchronization

/// Answers requests: probes and preflights at once, events when they are on disk.
final class CollectorService: Sendable {
    private let log: any EventLog
    private let ring: RejectionRing
    private let googleScripts: GoogleScriptService
    private let limiter = RateLimiter()
    private let limitedNotes = Mutex(TokenBucket())
    private let connections = Atomic<Int>(0)
    private let state = ReadinessState()

    init(log: any EventLog, ring: RejectionRing, googleScripts: GoogleScriptService) {
        self.log = log
        self.ring = ring
        self.googleScripts = googleScripts
    }

    var readiness: ReadinessState { state }
    var openConnections: Int { max(0, connections.load(ordering: .relaxed)) }

    // MARK: Connections

    /// False when as many connections as allowed are open already.
    func connectionOpened(limit: Int) -> Bool {
        if connections.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        connections.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    func connectionClosed() { connections.wrappingSubtract(1, ordering: .relaxed) }

    // MARK: Requests

    /// Answers a probe or preflight at once, and takes the events of what may bring some. `respond` is called on the loop's
    /// event loop, once.
    func take(
        _ request: IncomingRequest,
        from peer: Peer,
        loop: CollectorLoop,
        respond: @escaping (CollectorAnswer) -> Void
    ) {
        let generation = loop.generation
        if let answer = generation.pipeline.answer(toCookieCheck: request) ?? probe(request) { return respond(answer) }
        let origin = generation.pipeline.sources.allowedOrigin(request)
        if let found = generation.scripts.find(request) {
            return serve(found, to: request, from: peer, loop: loop, origin, respond)
        }
        if let answer = answerWithoutEvents(request, generation, origin) { return respond(answer) }
        ingest(request, from: peer, loop: loop, generation, origin, respond)
    }

    // MARK: Scripts

    private func serve(
        _ found: SiteScripts.Found,
        to request: IncomingRequest,
        from peer: Peer,
        loop: CollectorLoop,
        _ origin: String?,
        _ respond: @escaping (CollectorAnswer) -> Void
    ) {
        switch found {
        case .tracker(let script, let cacheControl):
            respond(script.answer(to: request, cacheControl: cacheControl, origin: origin))
        case .telemetry: respond(.noContent(origin: origin))
        case .refused(let refusal): respond(.error(refusal.status, refusal.reason, origin: origin))
        case .google(let key):
            let excess = limiter.excess(of: request, from: peer, loop.generation.rates, knownKey: nil, now: Self.now)
            if let excess { return respond(answer(to: excess, origin: origin)) }
            let answered = loop.callback { (outcome: GoogleScriptService.Outcome) in
                respond(self.answer(outcome, key, to: request, origin: origin))
            }
            googleScripts.script(key, completion: answered)
        }
    }

    private func answer(
        _ outcome: GoogleScriptService.Outcome,
        _ key: GoogleScript,
        to request: IncomingRequest,
        origin: String?
    ) -> CollectorAnswer {
        switch outcome {
        case .script(let script):
            return script.answer(to: request, cacheControl: "private, max-age=\(key.lifetime)", origin: origin)
        case .unavailable(let seconds):
            var answer = CollectorAnswer.error(
                .serviceUnavailable,
                "the script cannot be fetched now, and there is no copy of it",
                origin: origin
            )
            answer.retryAfter = seconds
            return answer
        }
    }

    // MARK: Requests

    /// `/healthy` is where a server container is probed.
    private func probe(_ request: IncomingRequest) -> CollectorAnswer? {
        switch request.path {
        case "/healthz", "/healthy": CollectorAnswer(status: .ok, body: Array("ok\n".utf8), contentType: "text/plain")
        case "/readyz": readinessAnswer
        default: nil
        }
    }

    /// nil when the request may bring events.
    private func answerWithoutEvents(_ request: IncomingRequest, _ generation: CollectorGeneration, _ origin: String?)
        -> CollectorAnswer?
    {
        guard generation.pipeline.knowsPath(request) else {
            if let answer = generation.pipeline.answer(toAside: request, origin: origin) { return answer }
            return .error(.notFound, "there is nothing at this path", origin: origin)
        }
        return request.method == "OPTIONS" ? .preflight(origin: origin) : nil
    }

    /// Decodes, plans and appends.
    private func ingest(
        _ request: IncomingRequest,
        from peer: Peer,
        loop: CollectorLoop,
        _ generation: CollectorGeneration,
        _ origin: String?,
        _ respond: @escaping (CollectorAnswer) -> Void
    ) {
        let excess = limiter.excess(
            of: request,
            from: peer,
            loop.generation.rates,
            knownKey: generation.pipeline.knownKey(request),
            now: Self.now
        )
        if let excess {
            note(excess, request)
            generation.pipeline.meter.rateLimited(shard: loop.shard)
            return respond(answer(to: excess, origin: origin))
        }
        let prepared: PreparedRequest
        do {
            prepared = try generation.pipeline.prepare(request)
        } catch {
            note(error, request)
            generation.pipeline.meter.refused(error, shard: loop.shard)
            return respond(answer(to: error, origin: origin))
        }
        note(prepared, request)
        generation.pipeline.meter.rejected(prepared.rejected, shard: loop.shard)
        guard !prepared.submissions.isEmpty else {
            return respond(generation.pipeline.answer(prepared, outcomes: [], origin: origin))
        }
        let token = loop.wait { result in
            switch result {
            case .success(let outcomes):
                self.note(outcomes, prepared, request)
                let elapsed = loop.nowMicros() - request.receivedMicros
                generation.pipeline.meter.stored(prepared, outcomes, microseconds: elapsed, shard: loop.shard)
                respond(generation.pipeline.answer(prepared, outcomes: outcomes, origin: origin))
            case .failure(let error):
                generation.pipeline.meter.failed(prepared, error, shard: loop.shard)
                respond(self.answer(to: error, origin: origin))
            }
        }
        log.submit(prepared.submissions, token: token, to: loop)
    }

    /// Counts an answer that goes out.
    func answered(_ answer: CollectorAnswer, on loop: CollectorLoop) {
        loop.generation.pipeline.meter.answered(status: Int(answer.status.code), shard: loop.shard)
    }

    private var readinessAnswer: CollectorAnswer {
        if let reason = state.reasonNotReady { return Self.notReady(reason, retryAfter: 1) }
        if let reason = log.refusal {
            return Self.notReady(reason, retryAfter: LogError.unavailable(reason).retryAfter)
        }
        return CollectorAnswer(status: .ok, body: Array("ready\n".utf8), contentType: "text/plain")
    }

    private static func notReady(_ reason: String, retryAfter: Int) -> CollectorAnswer {
        CollectorAnswer(
            status: .serviceUnavailable,
            body: Array("not ready: \(reason)\n".utf8),
            contentType: "text/plain",
            retryAfter: retryAfter
        )
    }

    private func answer(to error: LogError, origin: String?) -> CollectorAnswer {
        var answer = CollectorAnswer.error(
            .serviceUnavailable,
            "not taken, send it again: \(error)",
            origin: origin
        )
        answer.retryAfter = error.retryAfter
        return answer
    }

    private func answer(to error: RequestRejection, origin: String?) -> CollectorAnswer {
        if error.isDropped { return GtagAnswer.make(origin: origin) }
        return .error(HTTPResponseStatus(statusCode: error.status), error.reason, origin: origin)
    }

    private func answer(to excess: RateLimiter.Excess, origin: String?) -> CollectorAnswer {
        var answer = CollectorAnswer.error(.tooManyRequests, excess.reason, origin: origin)
        answer.retryAfter = excess.retryAfter
        return answer
    }

    // MARK: The ring

    /// Nanoseconds.
    private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }
    private static let noteRate = TokenBucket.Rate(RateLimit(requestsPerSecond: 1, burst: 1))

    /// One of a second at most: a flood would leave nothing else in the ring, and must cost little.
    private func note(_ excess: RateLimiter.Excess, _ request: IncomingRequest) {
        guard limitedNotes.withLock({ $0.take(at: Self.now, Self.noteRate) }) == nil else { return }
        note(kind: "limited", reason: excess.reason, request)
    }

    private func note(_ error: RequestRejection, _ request: IncomingRequest) {
        note(kind: error.isDropped ? "dropped" : "refused", reason: error.reason, request)
    }

    private func note(kind: String, reason: String, _ request: IncomingRequest) {
        ring.add(
            RejectionRing.Entry(
                at: request.receivedMicros,
                source: "",
                client: String(request.path.prefix(64)),
                eventName: "",
                kind: kind,
                reason: reason
            )
        )
    }

    private func note(_ prepared: PreparedRequest, _ request: IncomingRequest) {
        for (_, rejection) in prepared.rejected.prefix(20) {
            ring.add(
                RejectionRing.Entry(
                    at: request.receivedMicros,
                    source: prepared.source,
                    client: prepared.client.rawValue,
                    eventName: "",
                    kind: "malformed",
                    reason: "\(rejection.pointer): \(rejection.reason)"
                )
            )
        }
    }

    private func note(_ outcomes: [LogOutcome], _ prepared: PreparedRequest, _ request: IncomingRequest) {
        for (position, outcome) in outcomes.enumerated() where position < prepared.names.count {
            switch outcome {
            case .duplicate(let seq):
                note(kind: "duplicate", reason: "a copy of seq:\(seq)", prepared, position, request)
            case .appended where prepared.bots[position].isDropped:
                note(kind: "bot", reason: prepared.bots[position].reasons, prepared, position, request)
            case .appended: break
            }
        }
    }

    private func note(
        kind: String,
        reason: String,
        _ prepared: PreparedRequest,
        _ position: Int,
        _ request: IncomingRequest
    ) {
        ring.add(
            RejectionRing.Entry(
                at: request.receivedMicros,
                source: prepared.source,
                client: prepared.client.rawValue,
                eventName: prepared.names[position],
                kind: kind,
                reason: reason
            )
        )
    }
}

extension LogError {
    /// Seconds after which it is worth trying again. A queue is empty in a moment; a disk is full until retention or a
    /// person has made room, and the retries of all senders should not be what it is busy with.
    var retryAfter: Int {
        switch self {
        case .overloaded: 1
        case .closed: 5
        case .unavailable: 10
        }
    }
}
