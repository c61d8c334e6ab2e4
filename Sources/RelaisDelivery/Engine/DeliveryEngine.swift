package import RelaisEvent

/// Decides everything about the delivery to one destination: what is read, encoded, sent, retried, held, parked, given up.
///
/// A pure value: inputs and the time go in, actions come out. No I/O, no clock, and randomness only from its seed, so that
/// the same inputs give the same actions.
///
/// - Events are dispatched in the log's order. A request that failed as a whole (transport, 5xx, throttled, credentials)
///   *holds* its events: the cursor stays, nothing else is sent, and after a wait they are encoded again as a probe. The
///   first probe that is answered opens the gate. So an outage does not fan out and leaves no rows behind.
/// - A single event that is to be retried while others of its request got through becomes an *exception*: the cursor passes
///   it, and it is retried by itself.
/// - A held group that keeps failing while others get through is suspected: it is halved until the events at fault are
///   alone, and those become exceptions.
/// - A backlog that has become too old, or that the disk has no room for, is given up as ranges, see ``DeadLetterRange``.
/// - Requests go out at the policy's rate. What waits for its turn when the gate closes is taken back, not sent.
/// - A batch the plugin fails on is halved in the same way; a single event it fails on becomes a dead letter. When several
///   single events in a row fail, the plugin is suspected instead, and the destination holds.
package struct DeliveryEngine: Sendable {
    /// Exceptions that are being read from the log again.
    struct Fetch: Sendable {
        var seqs: [UInt64]
        var parkedKey: String?
    }

    let policy: DeliveryPolicy
    var generator: SeededGenerator
    var now: Int64 = 0

    var ledger: CompletionLedger
    var logEnd: UInt64
    var isLoading = false
    var loadRetryAt = Int64.min
    var loadFailures = 0
    var queue = EventQueue()
    /// Events that are encoded in just these groups again, ascending by their first event.
    var groups: [EventGroup] = []
    var exceptions = ExceptionBook()
    var fetches: [UInt64: Fetch] = [:]
    var batches: [UInt64: DeliveryBatch] = [:]
    var nextBatchID: UInt64
    var batchesStarted: UInt64 = 0

    /// Encoded requests that wait for their turn, in order.
    var outbox: [Outgoing] = []
    var rateGate: RateGate?
    /// A batch that is not full waits until then.
    var pacedUntil = Int64.min

    /// Why nothing but probes is sent; nil: the gate is open.
    var closure: Closure?
    var operatorReason: String?
    var isDraining = false
    /// Answers from the vendor that decided something.
    var alive: UInt64 = 0
    /// Single events in a row that the plugin's process failed on.
    var pluginFailures = 0

    var delivered: UInt64 = 0
    var dead: UInt64 = 0
    /// Entries of dead ranges.
    var givenUp: UInt64 = 0
    var inFlight = 0
    var tally = DeliveryTally()

    var actions: [DeliveryAction] = []
    var changes: [DeliveryStateChange] = []
    var reportedLedger: CompletionLedger
    var reportedPause: DestinationPause?
    var reportedWake: Int64?

    /// Resumes where the progress stands. A destination that was stopped for its credentials, and every parked key, is
    /// probed at once: a start is when configuration has changed. `firstBatchID` must be larger than any used before.
    package init(
        policy: DeliveryPolicy,
        progress: DestinationProgress,
        seed: UInt64,
        firstBatchID: UInt64,
        logEnd: UInt64,
        dead: UInt64 = 0,
        givenUp: UInt64 = 0,
        now: Int64
    ) {
        self.policy = policy
        self.now = now
        self.logEnd = logEnd
        self.dead = dead
        self.givenUp = givenUp
        generator = SeededGenerator(seed: seed)
        rateGate = policy.rate.map(RateGate.init)
        nextBatchID = firstBatchID
        ledger = CompletionLedger(cursor: progress.cursor, completed: progress.completed)
        reportedLedger = ledger
        reportedPause = progress.pause
        for exception in progress.exceptions { exceptions.put(exception) }
        exceptions.probeParkedNow(now)
        if let pause = progress.pause { restore(pause) }
    }

    /// Takes inputs in order and returns what is to be done. `now` in milliseconds since 1970.
    package mutating func step(_ inputs: some Sequence<DeliveryInput>, now: Int64) -> [DeliveryAction] {
        self.now = now
        rateGate?.note(now: now)
        for input in inputs { take(input) }
        advance()
        report()
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// What verdicts came to since the last call.
    package mutating func takeTally() -> DeliveryTally {
        defer { tally = DeliveryTally() }
        return tally
    }

    private mutating func take(_ input: DeliveryInput) {
        switch input {
        case .logAdvanced(let end): logEnd = max(logEnd, end)
        case .loaded(let entries, let next): loaded(entries, next: next)
        case .loadFailed: loadFailed()
        case .fetched(let batch, let entries): fetched(batch, entries)
        case .fetchFailed(let batch): fetchFailed(batch)
        case .encoded(let batch, let requests, let settlements): encoded(batch, requests, settlements)
        case .encodeFailed(let batch, let fault): encodeFailed(batch, fault)
        case .unusable(let batch, let fault): unusable(batch, fault)
        case .responded(let batch, let request, let response): responded(batch, request, response)
        case .classified(let batch, let request, let verdicts): classified(batch, request, verdicts)
        case .classifyFailed(let batch, let request, let fault): classifyFailed(batch, request, fault)
        case .giveUp(let end, let reason, let detail): giveUp(below: end, reason, detail: detail)
        case .pause(let reason): operatorReason = reason
        case .resume: resume()
        case .replay(let letters): replay(letters)
        case .drop(let seqs): drop(seqs)
        case .reopen(let seqs, let letters): reopen(seqs, letters)
        case .drain: isDraining = true
        case .tick: break
        }
    }
}
