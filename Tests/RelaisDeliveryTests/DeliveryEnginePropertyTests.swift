import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEnginePropertyTests {
    @Test(arguments: 0..<100)
    func nothingIsSkippedAndNothingIsSentTwice(seed: UInt64) {
        var model = VendorModel(seed: seed)
        model.runAtRandom(steps: 250)
        model.finish()
        #expect(model.violations == [])
        #expect(model.harness.status.lag == 0)
        #expect(model.unresolved == [])
        #expect(!model.isReplaying)
    }
}

private struct VendorModel {
    var harness: EngineHarness
    var generator: SeededGenerator
    var delivered: Set<UInt64> = []
    var dropped: Set<UInt64> = []
    var entitled: Set<UInt64> = []
    var violations: [String] = []
    let mayPark: Bool
    let mayGiveUp: Bool

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let batch = Int.random(in: 1...12, using: &generator)
        let concurrency = Int.random(in: 1...5, using: &generator)
        let limit = Bool.random(using: &generator) ? 6 : 10_000
        let burst = Int.random(in: 1...4, using: &generator)
        let rate = Bool.random(using: &generator) ? RequestRate(requests: 5, period: 1000, burst: burst) : nil
        let pace = Int64.random(in: 0...20, using: &generator)
        harness = EngineHarness {
            $0.rate = rate
            $0.pace = pace
            $0.maxEvents = batch
            $0.concurrency = concurrency
            $0.maximumExceptions = limit
            $0.maximumQueuedEvents = 40
            $0.maximumReplays = 5
            $0.maxAge = 365 * 86_400_000
            $0.deliversOn2xx = false
        }
        harness.eventsPerRequest = Int.random(in: 1...5, using: &generator)
        mayPark = Bool.random(using: &generator)
        mayGiveUp = Bool.random(using: &generator)
        self.generator = generator
    }

    mutating func runAtRandom(steps: Int) {
        for _ in 0..<steps {
            step()
            check()
        }
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<15: append()
        case 15..<45: if !harness.encodes.isEmpty { encode() }
        case 45..<80: if !harness.sent.isEmpty { answer() }
        case 80..<93: harness.advance(Int64.random(in: 1...20_000, using: &generator))
        case 93: harness.feed(.pause(reason: "operator"))
        case 94..<97: harness.feed(.resume)
        case 97 where Bool.random(using: &generator): operateOnDeadLetters()
        case 97: harness.advance(Int64.random(in: 1...4_000_000, using: &generator))
        case 98: harness.isLogFailing.toggle()
        case 99 where mayGiveUp: giveUp()
        default:
            checkRate()
            harness.restart(seed: generator.next())
        }
    }

    mutating func operateOnDeadLetters() {
        let letters = harness.state.dead.filter { _ in Bool.random(using: &generator) }
        harness.accepted = []
        if Int.random(in: 0..<4, using: &generator) == 0 {
            harness.feed(.drop(letters.map(\.seq)))
            dropped.formUnion(harness.accepted)
        } else {
            harness.feed(.replay(letters.map { ReplayRequest(seq: $0.seq, attempts: $0.attempts) }))
        }
        let isKnown = Set(harness.accepted).isSubset(of: letters.map(\.seq))
        if !isKnown { violations.append("letters were taken that nobody named: \(harness.accepted)") }
    }

    mutating func giveUp() {
        let end = UInt64.random(in: 1...harness.logEnd, using: &generator)
        let reason: DeadLetterRange.Reason = Bool.random(using: &generator) ? .shed : .expired
        harness.feed(.giveUp(below: end, reason, detail: ""))
    }

    mutating func append() {
        for _ in 0..<Int.random(in: 1...15, using: &generator) {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: harness.append(1, entitled: false)
            case 1: harness.appendStub()
            default:
                entitled.insert(harness.logEnd)
                harness.append(1)
            }
        }
    }

    mutating func encode() {
        let seqs = harness.encodes[0].seqs
        for seq in seqs where delivered.contains(seq) || dropped.contains(seq) {
            violations.append("\(seq) is encoded although it is done")
        }
        for seq in seqs where !entitled.contains(seq) { violations.append("\(seq) is not entitled") }
        if seqs != seqs.sorted() { violations.append("members are out of order: \(seqs)") }
        if seqs.count > harness.policy.maxEvents { violations.append("a batch has \(seqs.count) events") }
        let isFailing = Int.random(in: 0..<12, using: &generator) == 0
        if isFailing { harness.failNext("error_status") } else { harness.encodeNext() }
    }

    mutating func answer() {
        let index = Int.random(in: 0..<harness.sent.count, using: &generator)
        let request = harness.sent.remove(at: index)
        let whole = verdict()
        let isMixed = Int.random(in: 0..<3, using: &generator) == 0
        let verdicts = request.seqs.map { _ in isMixed ? verdict() : whole }
        harness.feed(
            .responded(batch: request.batch, request: request.request, HTTPResponse(transport: .none, status: 200))
        )
        harness.awaitingVerdict = []
        note(request.seqs, verdicts)
        harness.feed(.classified(batch: request.batch, request: request.request, verdicts))
    }

    mutating func note(_ seqs: [UInt64], _ verdicts: [Verdict]) {
        for (seq, verdict) in zip(seqs, verdicts) {
            if verdict.code == .delivered && !delivered.insert(seq).inserted {
                violations.append("\(seq) is delivered twice")
            }
            if verdict.code == .drop { dropped.insert(seq) }
        }
    }

    mutating func verdict() -> Verdict {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<55: Verdict(.delivered)
        case 55..<60: Verdict(.drop)
        case 60..<64: Verdict(.reject)
        case 64..<70: Verdict(.split)
        case 70..<76: mayPark ? Verdict(.park, key: "key\(Int.random(in: 0..<3, using: &generator))") : Verdict(.retry)
        case 76..<90: Verdict(.retry)
        case 90..<96: Verdict(.throttle, retryAfter: 5000)
        default: Verdict(.authStop)
        }
    }

    mutating func check() {
        let flying = harness.engine.batches.values.reduce(0) { $0 + $1.group.events.count }
        if flying != harness.status.inFlight { violations.append("in_flight is wrong") }
        if harness.engine.batches.count > harness.policy.concurrency { violations.append("too many batches") }
        if harness.engine.queue.count > 40 + 12 * 5 { violations.append("the queue has \(harness.engine.queue.count)") }
        let own = harness.state.exceptions.values.count { !$0.isReplay }
        if own > harness.policy.maximumExceptions { violations.append("\(own) exceptions") }
        let replays = harness.state.exceptions.values.count { $0.isReplay }
        if replays > harness.policy.maximumReplays { violations.append("\(replays) replays") }
        let lost = harness.state.exceptions.values.filter { exception in
            exception.isReplay && !harness.state.dead.contains { $0.seq == exception.seq }
        }
        if !lost.isEmpty { violations.append("letters are gone while they are sent again: \(lost.map(\.seq))") }
        if harness.status.dead != UInt64(harness.state.dead.count - replays) { violations.append("dead is wrong") }
        checkOwners()
        let dead = Set(harness.state.dead.map(\.seq))
        if dead.count != harness.state.dead.count { violations.append("an event died twice") }
        for seq in entitled {
            let endings =
                (delivered.contains(seq) ? 1 : 0) + (dropped.contains(seq) ? 1 : 0) + (dead.contains(seq) ? 1 : 0)
                + harness.state.ranges.count { $0.seqs.contains(seq) }
            let isReplaying = harness.state.exceptions[seq]?.isReplay ?? false
            let isWaiting = harness.state.exceptions[seq] != nil && !isReplaying
            if endings > 1 { violations.append("\(seq) has \(endings) endings") }
            if endings == 1 && isWaiting { violations.append("\(seq) waits although it is done") }
            if harness.state.isPassed(seq) && endings == 0 && !isWaiting { violations.append("\(seq) was skipped") }
        }
    }

    mutating func checkRate() {
        guard let rate = harness.policy.rate else { return }
        let times = harness.sendTimes
        for first in times.indices {
            for last in times.indices[first...] {
                let allowed = Int64(rate.burst) + (times[last] - times[first]) * Int64(rate.requests) / rate.period
                if Int64(last - first) > allowed { violations.append("the rate is exceeded at \(times[last])") }
            }
        }
    }

    mutating func checkOwners() {
        var owners: [UInt64: Int] = [:]
        for batch in harness.engine.batches.values {
            for (event, verdict) in zip(batch.group.events, batch.verdicts) where verdict == nil {
                owners[event.seq, default: 0] += 1
            }
        }
        for group in harness.engine.groups { for event in group.events { owners[event.seq, default: 0] += 1 } }
        for (seq, count) in owners where count > 1 { violations.append("\(seq) is in \(count) places") }
    }

    mutating func finish() {
        harness.isLogFailing = false
        harness.feed(.resume)
        var rounds = 0
        while rounds < 3000, !unresolved.isEmpty || harness.status.lag > 0 || isReplaying {
            rounds += 1
            while !harness.encodes.isEmpty { harness.encodeNext() }
            if let request = harness.sent.first {
                harness.sent.removeFirst()
                let verdicts = request.seqs.map { _ in Verdict(.delivered) }
                note(request.seqs, verdicts)
                let response = HTTPResponse(transport: .none, status: 200)
                harness.feed(.responded(batch: request.batch, request: request.request, response))
                harness.awaitingVerdict = []
                harness.feed(.classified(batch: request.batch, request: request.request, verdicts))
            } else if let wake = harness.wake, wake > harness.now {
                harness.advanceToWake()
            } else {
                harness.advance(1)
            }
            check()
        }
        checkRate()
    }

    var isReplaying: Bool { harness.state.exceptions.values.contains { $0.isReplay } }

    var unresolved: Set<UInt64> {
        entitled.subtracting(delivered).subtracting(dropped).subtracting(harness.state.dead.map(\.seq))
            .subtracting(harness.state.ranges.flatMap(\.seqs))
    }
}
