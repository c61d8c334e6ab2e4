import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineVerdictTests {
    @Test func deliveredEventsMoveTheCursor() {
        var harness = EngineHarness()
        harness.append(3)
        harness.encodeAll()
        harness.respond(200)
        #expect(harness.state.progress.cursor == 4)
        #expect(harness.state.progress.completed.isEmpty)
        #expect(harness.status.lag == 0)
        #expect(harness.status.inFlight == 0)
        #expect(harness.status.delivered == 3)
    }

    @Test func eventsThatAreNotEntitledAreSkippedAndDone() {
        var harness = EngineHarness()
        harness.append(2, entitled: false)
        harness.append(1)
        harness.appendStub()
        harness.append(2, entitled: false)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == [3])
        #expect(harness.state.progress.cursor == 7)
    }

    @Test func batchesAreDispatchedInOrderAndBoundedByConcurrency() {
        var harness = EngineHarness()
        harness.append(100)
        #expect(harness.dispatched.count == 4)
        #expect(harness.dispatched.flatMap { $0 } == Array(1...40))
        harness.encodeAll()
        harness.respond(200)
        #expect(harness.dispatched.count == 5)
        #expect(harness.dispatched.flatMap { $0 } == Array(1...50))
    }

    @Test func batchDoneOutOfOrderLeavesARange() {
        var harness = EngineHarness()
        harness.append(30)
        harness.encodeAll()
        let second = harness.sent.remove(at: 1)
        harness.feed(.responded(batch: second.batch, request: 0, HTTPResponse(transport: .none, status: 200)))
        #expect(harness.state.progress.cursor == 1)
        #expect(harness.state.progress.completed == [11..<21])
        harness.respond(200)
        #expect(harness.state.progress.cursor == 21)
    }

    @Test func dropIsDoneWithoutADeadLetter() {
        var harness = EngineHarness()
        harness.append(2)
        harness.judgeAll { _ in Verdict(.drop, reason: "not_supported") }
        #expect(harness.state.progress.cursor == 3)
        #expect(harness.state.dead.isEmpty)
        #expect(harness.status.delivered == 0)
    }

    @Test func rejectIsADeadLetterWithTheRecord() throws {
        var harness = EngineHarness()
        harness.append(2)
        harness.judgeAll { Verdict($0 == 2 ? .reject : .delivered, reason: "bad_field", detail: "no currency") }
        let letter = try #require(harness.state.dead.first)
        #expect(harness.state.dead.count == 1)
        #expect(letter.seq == 2)
        #expect(letter.eventID == "e2")
        #expect(letter.eventName == "purchase")
        #expect(letter.attempts == 1)
        #expect(letter.reason == "bad_field")
        #expect(letter.detail == "no currency")
        #expect(letter.record == harness.entries[1].record)
        #expect(harness.state.progress.cursor == 3)
    }

    @Test func retryOfSingleEventsMakesExceptionsAndTheCursorPasses() throws {
        var harness = EngineHarness()
        harness.append(5)
        harness.judgeAll { Verdict($0 == 2 || $0 == 4 ? .retry : .delivered, reason: "busy") }
        #expect(harness.state.progress.cursor == 6)
        #expect(harness.state.exceptions.keys.sorted() == [2, 4])
        #expect(harness.status.retrying == 2)
        #expect(harness.status.lag == 0)
        harness.advance(2000)
        #expect(harness.encodes.first?.seqs == [2, 4])
        #expect(harness.encodes.first?.attempts == [2, 2])
        harness.deliverAll()
        #expect(harness.state.exceptions.isEmpty)
        #expect(harness.deliveredSeqs.sorted() == [1, 2, 3, 4, 5])
    }

    @Test func retryAfterOfASingleEventIsTheLeastWait() throws {
        var harness = EngineHarness()
        harness.append(2)
        harness.judgeAll { Verdict($0 == 2 ? .retry : .delivered, retryAfter: 50_000) }
        let exception = try #require(harness.state.exceptions[2])
        #expect(exception.notBefore >= harness.now + 50_000)
        harness.advance(49_999)
        #expect(harness.encodes.isEmpty)
        harness.advance(1)
        #expect(harness.encodes.first?.seqs == [2])
    }

    @Test func splitHalvesWithoutChargingAnAttempt() {
        var harness = EngineHarness()
        harness.append(5)
        harness.encodeAll()
        harness.judge { _ in Verdict(.split) }
        #expect(harness.encodes.map(\.seqs) == [[1, 2, 3], [4, 5]])
        #expect(harness.encodes.flatMap(\.attempts) == [1, 1, 1, 1, 1])
        harness.deliverAll()
        #expect(harness.state.progress.cursor == 6)
    }

    @Test func splitOfASingleEventIsADeadLetter() {
        var harness = EngineHarness()
        harness.append(3)
        harness.judgeAll { _ in Verdict(.split, reason: "too_large") }
        #expect(harness.state.dead.map(\.seq).sorted() == [1, 2, 3])
        #expect(harness.state.progress.cursor == 4)
    }

    @Test func parkedEventsWaitUnderTheirKeyAndAreReleasedByASuccessfulProbe() {
        var harness = EngineHarness()
        harness.append(4)
        harness.judgeAll { Verdict($0 == 1 ? .delivered : .park, reason: "rule_missing", key: "rule:7") }
        #expect(harness.status.parked == 3)
        #expect(harness.status.retrying == 0)
        #expect(harness.state.progress.cursor == 5)
        harness.advance(3_599_999)
        #expect(harness.encodes.isEmpty)
        harness.advance(1)
        #expect(harness.encodes.map(\.seqs) == [[2]])
        harness.judgeAll { _ in Verdict(.park, key: "rule:7") }
        #expect(harness.status.parked == 3)
        harness.advance(3_600_000)
        harness.deliverAll()
        harness.advance(1)
        harness.deliverAll()
        #expect(harness.status.parked == 0)
        #expect(harness.state.exceptions.isEmpty)
        #expect(harness.deliveredSeqs.sorted() == [1, 2, 3, 4])
    }

    @Test func throttlePausesTheWholeDestinationForTheTimeGiven() {
        var harness = EngineHarness()
        harness.append(15)
        harness.encodeAll()
        harness.judge { _ in Verdict(.throttle, retryAfter: 60_000, reason: "quota") }
        harness.respond(200)
        #expect(harness.status.state == .throttled)
        #expect(harness.state.progress.pause?.cause == .throttle)
        #expect(harness.state.progress.pause?.until == harness.now + 60_000)
        #expect(harness.state.exceptions.isEmpty)
        harness.append(50)
        harness.advance(59_999)
        #expect(harness.encodes.isEmpty)
        harness.advance(1)
        #expect(harness.encodes.map(\.seqs) == [Array(1...10)])
        harness.deliverAll()
        #expect(harness.status.state == .active)
        #expect(harness.state.progress.pause == nil)
        #expect(harness.deliveredSeqs.sorted() == Array(1...65))
    }

    @Test func retryAfterHeaderIsRespectedAndBounded() {
        var harness = EngineHarness()
        harness.append(1)
        harness.encodeAll()
        let header = HTTPRequest.Header(name: "retry-after", value: "9999999")
        harness.respond(HTTPResponse(transport: .none, status: 429, headers: [header]))
        let request = harness.awaitingVerdict.removeFirst()
        harness.feed(.classified(batch: request.batch, request: 0, [Verdict(.throttle)]))
        #expect(harness.state.progress.pause?.until == harness.now + 86_400_000)
    }

    @Test func authStopProbesSlowlyAndResumesAtTheOperatorsWord() {
        var harness = EngineHarness()
        harness.append(30)
        harness.encodeAll()
        for _ in 0..<3 { harness.judge { _ in Verdict(.authStop, reason: "token_expired") } }
        #expect(harness.status.state == .authStop)
        #expect(harness.status.reason == "token_expired")
        #expect(harness.state.progress.cursor == 1)
        for minutes in [5, 10, 20, 40, 60, 60] as [Int64] {
            harness.advance(minutes * 60_000 - 1)
            #expect(harness.encodes.isEmpty)
            harness.advance(1)
            #expect(harness.encodes.map(\.seqs) == [[1]])
            harness.encodeAll()
            harness.judge { _ in Verdict(.authStop, reason: "token_expired") }
        }
        harness.feed(.resume)
        harness.deliverAll()
        #expect(harness.status.state == .active)
        #expect(harness.deliveredSeqs.sorted() == Array(1...30))
        #expect(harness.state.exceptions.isEmpty)
    }

    @Test func settlementsOfEncodeAreApplied() {
        var harness = EngineHarness()
        harness.append(4)
        harness.settleNext { seq in
            switch seq {
            case 1: Verdict(.drop)
            case 2: Verdict(.reject, reason: "no_id")
            case 3: Verdict(.park, key: "rule:1")
            default: nil
            }
        }
        harness.sent = [EngineHarness.Sent(batch: harness.sent[0].batch, request: 0, seqs: [4])]
        harness.respond(200)
        #expect(harness.state.progress.cursor == 5)
        #expect(harness.state.dead.map(\.seq) == [2])
        #expect(harness.status.parked == 1)
        #expect(harness.state.outcomes.first?.members.map(\.verdict.code) == [.drop, .reject, .park, .delivered])
    }

    @Test func oversizedRequestIsHalvedAndNotSent() {
        var harness = EngineHarness { $0.maxBytes = 2000 }
        harness.append(2)
        let encode = harness.encodes.removeFirst()
        let request = EncodedRequest(events: [0, 1], isIdempotent: false, bodySize: 2001, sha256: "")
        harness.feed(.encoded(batch: encode.batch, requests: [request], settlements: []))
        #expect(harness.sent.isEmpty)
        #expect(harness.encodes.map(\.seqs) == [[1], [2]])
    }

    @Test func recordsOfABatchAreBoundedByBytes() {
        var harness = EngineHarness { $0.maxBytes = 3000 }
        harness.append(6, padding: 1000)
        #expect(harness.dispatched.prefix(3) == [[1, 2], [3, 4], [5, 6]])
    }

    @Test(arguments: [
        (DeliveryPolicy.OnUncertain.retry, false, false, false), (.deadLetter, false, false, true),
        (.deadLetter, true, false, false), (.deadLetter, false, true, false),
    ])
    func uncertainRequestsFollowThePolicy(
        onUncertain: DeliveryPolicy.OnUncertain,
        deduplicates: Bool,
        isIdempotent: Bool,
        isDead: Bool
    ) {
        var harness = EngineHarness {
            $0.onUncertain = onUncertain
            $0.deduplicates = deduplicates
        }
        harness.append(1)
        let encode = harness.encodes.removeFirst()
        let request = EncodedRequest(events: [0], isIdempotent: isIdempotent, bodySize: 1, sha256: "")
        harness.feed(.encoded(batch: encode.batch, requests: [request], settlements: []))
        harness.feed(.responded(batch: encode.batch, request: 0, HTTPResponse(transport: .timeoutAfterSend)))
        harness.feed(.classified(batch: encode.batch, request: 0, [Verdict(.retry)]))
        #expect(harness.state.dead.map(\.reason) == (isDead ? ["uncertain"] : []))
        #expect(harness.status.state == (isDead ? .active : .holding))
    }

    @Test func expiredEventsAreDeadLettersAndNotSent() {
        var harness = EngineHarness { $0.maxAge = 86_400_000 }
        harness.append(2, age: 86_400_001)
        harness.append(1, age: 86_399_999)
        harness.deliverAll()
        #expect(harness.state.dead.map(\.seq) == [1, 2])
        #expect(harness.state.dead.allSatisfy { $0.reason == "expired" && $0.attempts == 0 })
        #expect(harness.deliveredSeqs == [3])
        #expect(harness.state.progress.cursor == 4)
    }

    @Test func lingerWaitsForAFullBatch() {
        var harness = EngineHarness { $0.linger = 200 }
        harness.append(3)
        #expect(harness.encodes.isEmpty)
        #expect(harness.wake == harness.now + 200)
        harness.append(7)
        #expect(harness.encodes.map(\.seqs) == [Array(1...10)])
        harness.append(1)
        harness.advance(200)
        #expect(harness.encodes.last?.seqs == [11])
    }

    @Test func outcomeKeepsAnswersOfFailuresAndOfASample() {
        var harness = EngineHarness { $0.deliversOn2xx = true }
        harness.append(30)
        harness.encodeAll()
        for _ in 0..<3 {
            let body = [UInt8](repeating: 65, count: 5000)
            harness.respond(HTTPResponse(transport: .none, status: 200, body: body, elapsedMilliseconds: 4))
        }
        #expect(harness.state.outcomes.map { $0.requests[0].answer.count } == [2048, 0, 0])
        harness.append(1)
        harness.encodeAll()
        harness.respond(HTTPResponse(transport: .none, status: 400, body: [0xFF, 0xFE]))
        let request = harness.awaitingVerdict.removeFirst()
        harness.feed(.classified(batch: request.batch, request: 0, [Verdict(.reject, reason: "bad")]))
        #expect(harness.state.outcomes.last?.requests[0].answer == [0xFF, 0xFE])
        #expect(harness.state.outcomes.last?.requests[0].status == 400)
        #expect(harness.state.outcomes.last?.members[0].verdict.reason == "bad")
    }

    @Test func progressIsReportedOncePerStep() {
        var harness = EngineHarness()
        harness.append(40)
        harness.encodeAll()
        let before = harness.state.progressChanges
        let inputs = harness.sent.map {
            DeliveryInput.responded(batch: $0.batch, request: 0, HTTPResponse(transport: .none, status: 200))
        }
        let actions = harness.engine.step(inputs, now: harness.now)
        let changes = actions.flatMap { action -> [DeliveryStateChange] in
            if case .change(let changes) = action { changes } else { [] }
        }
        let progress = changes.filter { if case .progress = $0 { true } else { false } }
        #expect(progress.count == 1)
        #expect(before == 0)
    }

    @Test func operatorsPauseStopsDispatchAndResumeGoesOn() {
        var harness = EngineHarness()
        harness.append(10)
        harness.feed(.pause(reason: "maintenance"))
        harness.append(50)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(1...10))
        #expect(harness.status.state == .paused)
        #expect(harness.state.progress.pause?.cause == .operatorPause)
        #expect(harness.state.progress.pause?.until == Int64.max)
        harness.feed(.resume)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(1...60))
        #expect(harness.state.progress.pause == nil)
    }

    @Test func answersThatNobodyWaitsForAreIgnored() {
        var harness = EngineHarness()
        harness.append(1)
        harness.encodeAll()
        let request = harness.sent[0]
        harness.respond(200)
        harness.feed(.responded(batch: request.batch, request: 0, HTTPResponse(transport: .none, status: 200)))
        harness.feed(.classified(batch: request.batch, request: 5, [Verdict(.reject)]))
        harness.feed(.encoded(batch: 99, requests: [], settlements: []))
        #expect(harness.status.delivered == 1)
        #expect(harness.state.dead.isEmpty)
    }
}
