import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineRateTests {
    static func harness(_ requests: Int, burst: Int = 1, concurrency: Int = 4) -> EngineHarness {
        EngineHarness {
            $0.rate = RequestRate(requests: requests, period: 1000, burst: burst)
            $0.concurrency = concurrency
        }
    }

    @Test func requestsGoOutAtTheRateAndTheWakeSaysWhen() {
        var harness = Self.harness(10, burst: 2)
        harness.append(40)
        let start = harness.now
        var times: [Int64] = []
        while harness.status.lag > 0, times.count < 100 {
            harness.encodeAll()
            if harness.sent.isEmpty {
                #expect((harness.wake ?? 0) > harness.now)
                harness.advanceToWake()
            } else {
                times.append(harness.now - start)
                harness.respond(200)
            }
        }
        #expect(times == [0, 0, 100, 200])
    }

    @Test func requestsOfOneBatchTakeTheirTurns() {
        var harness = Self.harness(10)
        harness.eventsPerRequest = 2
        harness.append(10)
        harness.encodeAll()
        #expect(harness.sent.map(\.seqs) == [[1, 2]])
        for expected in [[3, 4], [5, 6], [7, 8], [9, 10]] as [[UInt64]] {
            harness.advance(99)
            #expect(harness.sent.count == 1)
            harness.respond(200)
            harness.advance(1)
            #expect(harness.sent.map(\.seqs) == [expected])
        }
        harness.respond(200)
        #expect(harness.deliveredSeqs == Array(1...10))
        #expect(harness.status.lag == 0)
    }

    @Test func nothingIsEncodedAheadOfItsTurn() {
        var harness = Self.harness(1)
        harness.append(100)
        harness.encodeAll()
        #expect(harness.dispatched.count == 1)
        harness.advance(999)
        #expect(harness.dispatched.count == 1)
        harness.advance(1)
        #expect(harness.dispatched.count == 2)
    }

    @Test func whatWaitsForItsTurnStaysWhenTheVendorAsksForAPause() {
        var harness = Self.harness(10, burst: 1)
        harness.eventsPerRequest = 2
        harness.append(10)
        harness.encodeAll()
        harness.judge { _ in Verdict(.throttle, retryAfter: 60_000, reason: "quota") }
        #expect(harness.status.state == .throttled)
        #expect(harness.status.inFlight == 0)
        #expect(harness.status.lag == 10)
        harness.advance(59_999)
        #expect(harness.sent.isEmpty && harness.encodes.isEmpty)
        var rounds = 0
        while harness.status.lag > 0, rounds < 100 {
            rounds += 1
            harness.encodeAll()
            if harness.sent.isEmpty { harness.advanceToWake() } else { harness.respond(200) }
        }
        #expect(harness.deliveredSeqs.sorted() == Array(1...10))
        let attempts = harness.state.outcomes.flatMap(\.members).filter { $0.verdict.code == .delivered }
        #expect(attempts.allSatisfy { $0.attempt == ($0.seq <= 2 ? 2 : 1) })
    }

    @Test func aPauseTakesBackWhatHasNotBeenSent() {
        var harness = Self.harness(10)
        harness.eventsPerRequest = 2
        harness.append(10)
        harness.encodeAll()
        harness.feed(.pause(reason: "maintenance"))
        harness.respond(200)
        #expect(harness.status.inFlight == 0)
        #expect(harness.status.lag == 8)
        harness.feed(.resume)
        var rounds = 0
        while harness.status.lag > 0, rounds < 100 {
            rounds += 1
            harness.encodeAll()
            if harness.sent.isEmpty { harness.advanceToWake() } else { harness.respond(200) }
        }
        #expect(harness.deliveredSeqs == Array(1...10))
    }

    @Test func aStopDoesNotWaitForTheRate() {
        var harness = Self.harness(1)
        harness.eventsPerRequest = 1
        harness.append(10)
        harness.encodeAll()
        harness.feed(.drain)
        harness.respond(200)
        #expect(harness.engine.isIdle)
        #expect(harness.state.progress.cursor == 2)
    }

    @Test func underLoadABatchWaitsForItsPaceOrUntilItIsFull() {
        var harness = EngineHarness { $0.pace = 10 }
        harness.append(1)
        #expect(harness.encodes.map(\.seqs) == [[1]])
        harness.append(3)
        #expect(harness.encodes.count == 1)
        #expect(harness.wake == harness.now + 10)
        #expect(!harness.engine.isWaitingForEntries)
        harness.append(10)
        #expect(harness.encodes.map(\.seqs) == [[1], Array(2...11)])
        harness.advance(10)
        #expect(harness.encodes.map(\.seqs) == [[1], Array(2...11), [12, 13, 14]])
        harness.deliverAll()
        harness.advance(10)
        #expect(harness.engine.isWaitingForEntries)
        harness.append(1)
        #expect(harness.encodes.map(\.seqs) == [[15]])
    }
}
