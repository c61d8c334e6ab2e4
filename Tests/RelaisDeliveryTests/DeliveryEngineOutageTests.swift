import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineOutageTests {
    @Test(arguments: [TransportError.connect, .reset, .timeoutBeforeSend])
    func outageHoldsTheCursorAndMakesNoExceptions(error: TransportError) {
        var harness = EngineHarness()
        harness.append(100)
        harness.encodeAll()
        for _ in 0..<4 {
            harness.respond(HTTPResponse(transport: error))
            let request = harness.awaitingVerdict.removeFirst()
            harness.feed(.classified(batch: request.batch, request: 0, request.seqs.map { _ in Verdict(.retry) }))
        }
        #expect(harness.status.state == .holding)
        #expect(harness.status.lag == 100)
        #expect(harness.state.progress.cursor == 1)
        #expect(harness.state.exceptionChanges == 0)
        #expect(harness.encodes.isEmpty)
        harness.advanceToWake()
        #expect(harness.encodes.map(\.seqs) == [Array(1...10)])
    }

    @Test func oneProbeAtATimeGoesOutDuringAnOutage() {
        var harness = EngineHarness()
        harness.append(100)
        harness.encodeAll()
        while !harness.sent.isEmpty { harness.judge { _ in Verdict(.retry) } }
        for _ in 0..<20 {
            harness.advanceToWake()
            #expect(harness.encodes.count == 1)
            harness.encodeAll()
            #expect(harness.sent.count == 1)
            harness.advance(5000)
            #expect(harness.encodes.isEmpty)
            harness.judge { _ in Verdict(.retry) }
        }
        #expect(harness.state.exceptionChanges == 0)
        #expect(harness.state.progress.cursor == 1)
        #expect(harness.state.dead.isEmpty)
    }

    @Test func aVendorThatCannotBeReachedDoesNotCostTheOrder() {
        var harness = EngineHarness()
        harness.append(100)
        harness.encodeAll()
        while !harness.sent.isEmpty { harness.refuseConnection() }
        for _ in 0..<8 {
            harness.advanceToWake()
            #expect(harness.encodes.map(\.seqs) == [Array(1...10)])
            harness.encodeAll()
            harness.refuseConnection()
        }
        harness.dispatched = []
        harness.advanceToWake()
        harness.encodeAll()
        harness.respond(200)
        harness.deliverAll()
        #expect(harness.dispatched.flatMap { $0 } == Array(1...100))
        #expect(harness.state.exceptionChanges == 0)
    }

    @Test func recoveryDeliversEverythingOnceAndInOrder() {
        var harness = EngineHarness()
        harness.append(100)
        harness.encodeAll()
        while !harness.sent.isEmpty { harness.judge { _ in Verdict(.retry) } }
        harness.dispatched = []
        harness.advanceToWake()
        harness.encodeAll()
        harness.respond(200)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(1...100))
        #expect(harness.dispatched.flatMap { $0 } == Array(1...100))
        #expect(harness.status.state == .active)
        #expect(harness.status.lag == 0)
    }

    @Test func waitsGrowToTheCapAndGoOnForDays() {
        var harness = EngineHarness { $0.maxAge = 30 * 86_400_000 }
        harness.append(1)
        harness.judgeAll { _ in Verdict(.retry) }
        var waits: [Int64] = []
        let start = harness.now
        while harness.now - start < 3 * 86_400_000 {
            let before = harness.now
            harness.advanceToWake()
            waits.append(harness.now - before)
            harness.judgeAll { _ in Verdict(.retry) }
        }
        #expect(waits.allSatisfy { $0 <= 600_000 })
        #expect(waits.count > 3 * 86_400 / 600)
        #expect(waits.dropFirst(12).reduce(0, +) / Int64(waits.count - 12) > 200_000)
        #expect(harness.status.lag == 1)
    }

    @Test func throttledRequestOfABatchHoldsOnlyItsEvents() {
        var harness = EngineHarness()
        harness.eventsPerRequest = 5
        harness.append(10)
        harness.encodeAll()
        harness.respond(200)
        harness.judge { _ in Verdict(.throttle, retryAfter: 1000) }
        #expect(harness.state.progress.cursor == 6)
        harness.advance(1000)
        #expect(harness.encodes.map(\.seqs) == [[6, 7, 8, 9, 10]])
        harness.deliverAll()
        #expect(harness.deliveredSeqs.sorted() == Array(1...10))
    }

    @Test func eventThatAlwaysFailsIsIsolatedWhenOthersGetThrough() {
        var harness = EngineHarness()
        harness.append(40)
        let poison: UInt64 = 13
        var steps = 0
        while harness.status.lag > 0, steps < 500 {
            steps += 1
            harness.encodeAll()
            if harness.sent.isEmpty {
                harness.advanceToWake()
            } else if harness.sent[0].seqs.contains(poison) {
                harness.judge { _ in Verdict(.retry, reason: "http_500") }
            } else {
                harness.respond(200)
            }
        }
        #expect(harness.status.lag == 0)
        #expect(Set(harness.deliveredSeqs) == Set(1...40).subtracting([poison]))
        #expect(harness.state.exceptions.keys.sorted() == [poison])
        #expect(harness.status.state == .active)
    }

    @Test func singleEventThatAlwaysFailsDoesNotHoldTheOthersForEver() {
        var harness = EngineHarness { $0.maxEvents = 1 }
        harness.append(10)
        var steps = 0
        while harness.status.lag > 0, steps < 500 {
            steps += 1
            harness.encodeAll()
            if harness.sent.isEmpty {
                harness.advanceToWake()
            } else {
                harness.judge { $0 == 4 ? Verdict(.retry) : Verdict(.delivered) }
            }
        }
        #expect(Set(harness.deliveredSeqs) == Set(1...10).subtracting([4]))
        #expect(harness.state.exceptions.keys.sorted() == [4])
    }

    @Test func backlogOlderThanTheVendorTakesIsDeadWhenTheOutageEnds() {
        var harness = EngineHarness { $0.maxAge = 86_400_000 }
        harness.append(500)
        harness.judgeOnce { _ in Verdict(.retry) }
        harness.now += 2 * 86_400_000
        harness.append(5)
        harness.deliverAll()
        #expect(harness.state.dead.map(\.seq) == Array(1...500))
        #expect(harness.state.dead.allSatisfy { $0.reason == "expired" })
        #expect(harness.deliveredSeqs == Array(501...505))
        #expect(harness.state.progress.cursor == 506)
    }

    @Test func tooManyExceptionsHoldTheDestination() {
        var harness = EngineHarness { $0.maximumExceptions = 3 }
        harness.append(10)
        harness.encodeAll()
        harness.judge { Verdict($0 % 2 == 0 ? .park : .delivered, key: "k") }
        #expect(harness.status.parked == 3)
        #expect(harness.status.state == .holding)
        #expect(harness.status.reason == "too_many_exceptions")
        #expect(harness.state.progress.cursor == 8)
        harness.advanceToWake()
        #expect(harness.encodes.map(\.seqs) == [[8, 10]])
        harness.deliverAll()
        #expect(harness.status.state == .active)
        #expect(harness.state.progress.cursor == 11)
    }

    @Test func queueIsBoundedDuringALongOutage() {
        var harness = EngineHarness()
        harness.append(3000)
        harness.judgeOnce { _ in Verdict(.retry) }
        for _ in 0..<50 {
            harness.append(100)
            harness.advanceToWake()
            harness.judgeOnce { _ in Verdict(.retry) }
        }
        #expect(harness.engine.queue.count <= harness.policy.maximumQueuedEvents)
        #expect(harness.engine.groups.reduce(0) { $0 + $1.events.count } <= 40)
        #expect(harness.status.lag == 8000)
    }

    @Test func logThatCannotBeReadIsReadAgainLater() {
        var harness = EngineHarness()
        harness.isLogFailing = true
        harness.append(3)
        #expect(harness.encodes.isEmpty)
        #expect(harness.status.lag == 3)
        harness.isLogFailing = false
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.deliveredSeqs == [1, 2, 3])
    }
}

extension EngineHarness {
    mutating func judgeOnce(_ verdict: (UInt64) -> Verdict) {
        encodeAll()
        while !sent.isEmpty { judge(verdict) }
    }
}

extension EngineHarness {
    mutating func refuseConnection() {
        respond(HTTPResponse(transport: .connect))
        let request = awaitingVerdict.removeFirst()
        feed(.classified(batch: request.batch, request: 0, request.seqs.map { _ in Verdict(.retry) }))
    }
}
