internal import Logging
internal import RelaisEvent

/// A runner's thread: feeds its engine and performs what it asks for.
struct RunnerLoop {
    var engine: DeliveryEngine
    let destination: any Destination
    let policy: DeliveryPolicy
    let transport: any Transport
    let environment: RunnerEnvironment
    let observer: (any DeliveryObserver)?
    let mailbox: Mailbox

    let mask: SecretMask

    var requests: [UInt64: [PlannedRequest]] = [:]
    var calls = PluginCallQueue()
    var diagnosticBudget = DiagnosticBudget()
    private var backlogAge: BacklogAge
    private var wakeAt: Int64?
    private var stopDeadline: Int64?
    private var waiting: [Mailbox.Reply] = []
    /// Letters taken in this step.
    private var accepted: [UInt64] = []
    private var lastState = DestinationStatus.State.active
    /// Requests that the engine asked for in this turn.
    private var outgoing: [(batch: UInt64, request: Int)] = []

    init(
        engine: DeliveryEngine,
        destination: any Destination,
        policy: DeliveryPolicy,
        transport: any Transport,
        environment: RunnerEnvironment,
        observer: (any DeliveryObserver)?,
        mailbox: Mailbox
    ) {
        self.engine = engine
        self.destination = destination
        self.policy = policy
        self.transport = transport
        self.environment = environment
        self.observer = observer
        self.mailbox = mailbox
        backlogAge = BacklogAge(maximum: policy.maxAge)
        mask = SecretMask(secrets: destination.secrets)
    }

    var now: Int64 { environment.clock.nowMilliseconds() }

    mutating func run(publish: (DestinationStatus) -> Void) {
        var inputs: [DeliveryInput] = [.logAdvanced(end: environment.log.end)]
        inputs += backlogAge.lost(engine.status, environment.log)
        while true {
            inputs += expired()
            let actions = engine.step(inputs, now: now)
            inputs.removeAll(keepingCapacity: true)
            for action in actions { perform(action, &inputs) }
            sendOutgoing()
            let tally = engine.takeTally()
            if !tally.isEmpty { observer?.judged(tally) }
            announce(publish)
            for done in waiting { done(accepted) }
            waiting.removeAll()
            accepted.removeAll()
            if let stopDeadline, engine.isIdle || now >= stopDeadline { return mailbox.close() }
            gather(&inputs)
        }
    }

    /// Adds what others have posted, and waits for it when nothing else is to be done. Plugin calls are made only when
    /// nothing new has come, so that as many as possible go in one frame.
    private mutating func gather(_ inputs: inout [DeliveryInput]) {
        let mayWait = inputs.isEmpty && !calls.isReady(now: now)
        let contents = mailbox.take(
            waitingMilliseconds: mayWait ? waitLimit : 0,
            knownDeadline: stopDeadline,
            forEntries: engine.isWaitingForEntries
        )
        inputs += contents.inputs
        waiting = contents.waiting
        if stopDeadline == nil, contents.stopDeadline != nil { inputs.append(.drain) }
        stopDeadline = contents.stopDeadline
        if inputs.isEmpty, calls.isReady(now: now) { performCalls(&inputs) }
        if inputs.isEmpty { inputs.append(.tick) }
    }

    private var waitLimit: Int64? {
        let restart = calls.isEmpty ? nil : calls.notBefore
        return [wakeAt, restart, stopDeadline, backlogAge.nextLook].compactMap { $0 }.min()
            .map { min(max(1, $0 - now), 3_600_000) }
    }

    /// What of the backlog has become too old.
    private mutating func expired() -> [DeliveryInput] {
        do throws(LogError) {
            return try backlogAge.expired(engine.status, environment.log, now: now)
        } catch {
            environment.logger.error("\(policy.destination): cannot read the event log: \(error)")
            return []
        }
    }

    private mutating func perform(_ action: DeliveryAction, _ inputs: inout [DeliveryInput]) {
        switch action {
        case .load(let from, let limit, let maxBytes): inputs.append(load(from, limit, maxBytes))
        case .fetch(let batch, let seqs, let replays): inputs.append(fetch(batch, seqs, replays))
        case .accepted(let seqs): accepted += seqs
        case .encode(let context, let events):
            let size = events.reduce(64) { $0 + $1.record.count + 64 }
            calls.append(
                .init(call: .encode(context, events), subject: .encode(batch: context.batchID), size: size)
            )
        case .send(let batch, let index): outgoing.append((batch, index))
        case .classify(let context, let index, let response): classify(context, index, response)
        case .forget(let batch): requests[batch] = nil
        case .change(let changes): environment.state.apply(changes)
        case .wake(let at): wakeAt = at
        }
    }

    private func load(_ from: UInt64, _ limit: Int, _ maxBytes: Int) -> DeliveryInput {
        do throws(LogError) {
            let (entries, next) = try environment.log.read(from: from, limit: limit, maxBytes: maxBytes)
            return .loaded(entries: entries, next: next)
        } catch {
            environment.logger.error("cannot read the event log", metadata: ["reason": "\(error)"])
            return .loadFailed
        }
    }

    private func fetch(_ batch: UInt64, _ seqs: [UInt64], _ replays: Set<UInt64>) -> DeliveryInput {
        do {
            let entries = try seqs.compactMap { seq in
                guard replays.contains(seq) else { return try environment.log.entry(seq) }
                return try environment.state.deadLetter(of: policy.destination, seq: seq)?.entry
            }
            return .fetched(batch: batch, entries: entries)
        } catch {
            environment.logger.error("cannot read events that are to be sent again", metadata: ["reason": "\(error)"])
            return .fetchFailed(batch: batch)
        }
    }

    /// In one piece, so that the transport is woken once, and so are we where several are answered together.
    private mutating func sendOutgoing() {
        let places = outgoing.filter { requests[$0.batch]?.indices.contains($0.request) == true }
        outgoing.removeAll(keepingCapacity: true)
        guard !places.isEmpty else { return }
        let ready = places.compactMap { requests[$0.batch]?[$0.request].request }
        transport.send(ready, timeoutMilliseconds: policy.requestTimeout) { [mailbox, observer] answers in
            for answer in answers { observer?.answered(answer.response) }
            mailbox.post(
                answers.map {
                    .responded(batch: places[$0.index].batch, request: places[$0.index].request, $0.response)
                }
            )
        }
    }

    private mutating func classify(_ context: CallContext, _ index: Int, _ response: HTTPResponse) {
        guard let planned = requests[context.batchID], planned.indices.contains(index) else { return }
        let request = planned[index]
        calls.append(
            .init(
                call: .classify(context, response, note: request.note, eventCount: request.events.count),
                subject: .classify(batch: context.batchID, request: index),
                size: response.body.count + request.note.count + 1024
            )
        )
    }

    private mutating func announce(_ publish: (DestinationStatus) -> Void) {
        let status = engine.status
        publish(status)
        guard status.state != lastState else { return }
        lastState = status.state
        environment.logger.notice(
            "the destination is \(status.state.rawValue)",
            metadata: ["reason": "\(status.reason)", "lag": "\(status.lag)"]
        )
    }
}
