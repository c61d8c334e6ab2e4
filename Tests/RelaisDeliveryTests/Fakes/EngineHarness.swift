import RelaisEvent

@testable import RelaisDelivery

struct EngineHarness {
    struct Sent {
        var batch: UInt64
        var request: Int
        var seqs: [UInt64]
    }

    struct Encode {
        var batch: UInt64
        var seqs: [UInt64]
        var attempts: [Int]
        var done: [[String]] = []
        var flags: [Event.Flags] = []
    }

    var policy: DeliveryPolicy
    var engine: DeliveryEngine
    var now: Int64 = 1_800_000_000_000
    var entries: [LogEntry] = []
    var logEnd: UInt64 = 1
    var state = RecordedState()
    var encodes: [Encode] = []
    var sent: [Sent] = []
    var awaitingVerdict: [Sent] = []
    var dispatched: [[UInt64]] = []
    var sendTimes: [Int64] = []
    var eventsPerRequest = 1000
    var wake: Int64?
    var accepted: [UInt64] = []
    var isLogFailing = false
    var encoding: [UInt64: Encode] = [:]

    static func policy(_ adjust: (inout DeliveryPolicy) -> Void = { _ in }) -> DeliveryPolicy {
        let manifest = PluginManifest(id: "meta", name: "Meta", version: "1", maxEvents: 10, deduplicates: true)
        var policy = DeliveryPolicy(destination: TestEvents.destination, manifest: manifest)
        policy.deliversOn2xx = true
        policy.pace = 0
        adjust(&policy)
        return policy
    }

    init(_ adjust: (inout DeliveryPolicy) -> Void = { _ in }) {
        policy = Self.policy(adjust)
        engine = DeliveryEngine(
            policy: policy,
            progress: DestinationProgress(cursor: 1),
            seed: 7,
            firstBatchID: 1,
            logEnd: 1,
            now: now
        )
    }

    mutating func restart(seed: UInt64 = 8) {
        sendTimes = []
        encodes = []
        sent = []
        awaitingVerdict = []
        encoding = [:]
        wake = nil
        engine = DeliveryEngine(
            policy: policy,
            progress: state.resumed,
            seed: seed,
            firstBatchID: UInt64(now),
            logEnd: logEnd,
            dead: UInt64(state.dead.count { state.exceptions[$0.seq] == nil }),
            now: now
        )
        feed(.tick)
    }

    mutating func append(_ count: Int, entitled: Bool = true, age: Int64 = 0, padding: Int = 0) {
        for _ in 0..<count {
            entries.append(
                TestEvents.entry(
                    logEnd,
                    milliseconds: now - age,
                    entitled: entitled ? [TestEvents.destination] : ["other"],
                    padding: padding
                )
            )
            logEnd += 1
        }
        feed(.logAdvanced(end: logEnd))
    }

    mutating func appendStub() {
        logEnd += 1
        feed(.logAdvanced(end: logEnd))
    }

    mutating func advance(_ milliseconds: Int64) {
        now += milliseconds
        feed(.tick)
    }

    mutating func advanceToWake() {
        if let wake, wake > now { now = wake }
        feed(.tick)
    }

    mutating func feed(_ inputs: DeliveryInput...) {
        var inputs = inputs
        while !inputs.isEmpty {
            let actions = engine.step(inputs, now: now)
            inputs = []
            for action in actions { perform(action, &inputs) }
        }
    }

    private mutating func perform(_ action: DeliveryAction, _ inputs: inout [DeliveryInput]) {
        switch action {
        case .load(let from, let limit, let maxBytes): inputs.append(load(from, limit, maxBytes))
        case .fetch(let batch, let seqs, let replays):
            let wanted = Set(seqs).subtracting(replays)
            let letters = state.dead.filter { replays.contains($0.seq) }.map(\.entry)
            inputs.append(
                isLogFailing
                    ? .fetchFailed(batch: batch)
                    : .fetched(batch: batch, entries: entries.filter { wanted.contains($0.seq) } + letters)
            )
        case .accepted(let seqs): accepted += seqs
        case .encode(let context, let events):
            let encode = Encode(
                batch: context.batchID,
                seqs: events.map { TestEvents.seq(of: $0.record) },
                attempts: events.map(\.attempt),
                done: events.map(\.done),
                flags: events.map(\.flags)
            )
            dispatched.append(encode.seqs)
            encodes.append(encode)
        case .send(let batch, let request):
            guard let index = encoding[batch]?.seqs else { return }
            let slice = Array(index.dropFirst(request * eventsPerRequest).prefix(eventsPerRequest))
            sent.append(Sent(batch: batch, request: request, seqs: slice))
            sendTimes.append(now)
        case .classify(let context, let request, _):
            guard let seqs = encoding[context.batchID]?.seqs else { return }
            let slice = Array(seqs.dropFirst(request * eventsPerRequest).prefix(eventsPerRequest))
            awaitingVerdict.append(Sent(batch: context.batchID, request: request, seqs: slice))
        case .forget(let batch): encoding[batch] = nil
        case .change(let changes): state.apply(changes)
        case .wake(let at): wake = at
        }
    }

    private func load(_ from: UInt64, _ limit: Int, _ maxBytes: Int) -> DeliveryInput {
        guard !isLogFailing else { return .loadFailed }
        var size = 0
        let found = entries.drop { $0.seq < from }.prefix(limit).prefix { entry in
            defer { size += entry.record.count }
            return size < maxBytes
        }
        let isAll = found.last?.seq == entries.last { $0.seq >= from }?.seq
        return .loaded(entries: Array(found), next: isAll ? logEnd : (found.last?.seq ?? from) + 1)
    }

    mutating func encodeAll() {
        while !encodes.isEmpty { encodeNext() }
    }

    mutating func encodeNext() {
        let encode = encodes.removeFirst()
        encoding[encode.batch] = encode
        let requests = stride(from: 0, to: encode.seqs.count, by: eventsPerRequest).map { start in
            EncodedRequest(
                events: Array(start..<min(start + eventsPerRequest, encode.seqs.count)),
                isIdempotent: false,
                bodySize: 100,
                sha256: "\(encode.batch)-\(start)"
            )
        }
        feed(.encoded(batch: encode.batch, requests: requests, settlements: []))
    }

    mutating func settleNext(_ verdict: (UInt64) -> Verdict?) {
        let encode = encodes.removeFirst()
        encoding[encode.batch] = encode
        var settlements: [Settlement] = []
        var left: [Int] = []
        for (index, seq) in encode.seqs.enumerated() {
            if let verdict = verdict(seq) {
                settlements.append(Settlement(event: index, verdict: verdict))
            } else {
                left.append(index)
            }
        }
        let requests =
            left.isEmpty
            ? [] : [EncodedRequest(events: left, isIdempotent: false, bodySize: 1, sha256: "")]
        feed(.encoded(batch: encode.batch, requests: requests, settlements: settlements))
    }

    mutating func failNext(_ reason: String, detail: String = "signal 11") {
        let encode = encodes.removeFirst()
        feed(.encodeFailed(batch: encode.batch, PluginFault(reason: reason, detail: detail)))
    }

    mutating func respond(_ response: HTTPResponse) {
        let request = sent.removeFirst()
        feed(.responded(batch: request.batch, request: request.request, response))
    }

    mutating func respond(_ status: Int) { respond(HTTPResponse(transport: .none, status: status)) }

    mutating func judge(_ verdict: (UInt64) -> Verdict) {
        respond(HTTPResponse(transport: .none, status: 400))
        let request = awaitingVerdict.removeFirst()
        feed(.classified(batch: request.batch, request: request.request, request.seqs.map(verdict)))
    }

    mutating func judgeAll(_ verdict: (UInt64) -> Verdict) {
        while !encodes.isEmpty || !sent.isEmpty {
            encodeAll()
            if !sent.isEmpty { judge(verdict) }
        }
    }

    mutating func deliverAll() {
        while !encodes.isEmpty || !sent.isEmpty {
            encodeAll()
            if !sent.isEmpty { respond(200) }
        }
    }

    var deliveredSeqs: [UInt64] {
        state.outcomes.flatMap(\.members).filter { $0.verdict.code == .delivered }.map(\.seq)
    }

    var status: DestinationStatus { engine.status }
}
