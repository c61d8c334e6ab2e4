import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineGivingUpTests {
    private func held(_ count: Int = 100) -> EngineHarness {
        var harness = EngineHarness()
        harness.append(count)
        harness.encodeAll()
        while !harness.sent.isEmpty { harness.refuseConnection() }
        return harness
    }

    private func ranges(_ harness: EngineHarness) -> [Range<UInt64>] { harness.state.ranges.map(\.seqs) }

    @Test func aHeldBacklogBecomesOneRangeAndNoDeadLetters() {
        var harness = held()
        harness.feed(.giveUp(below: 81, .expired, detail: "too old"))
        #expect(ranges(harness) == [1..<81])
        #expect(harness.state.ranges.map(\.reason) == [.expired])
        #expect(harness.state.ranges.map(\.detail) == ["too old"])
        #expect(harness.state.dead.isEmpty)
        #expect(harness.state.progress.cursor == 81)
        #expect(harness.status.givenUp == 80 && harness.status.lag == 20)
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(81...100))
    }

    @Test func whatHasNotBeenReadIsGivenUpUnread() {
        var harness = held(5000)
        let loaded = harness.engine.ledger.loadPosition
        #expect(loaded < 1000)
        harness.feed(.giveUp(below: 4001, .shed, detail: ""))
        #expect(ranges(harness) == [1..<4001])
        #expect(harness.engine.ledger.loadPosition >= 4001)
        #expect(harness.status.lag == 1000)
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(4001...5000))
    }

    @Test func whatIsInFlightIsNotGivenUpUntilItsAnswerIsThere() {
        var harness = held()
        harness.advanceToWake()
        harness.encodeAll()
        #expect(harness.sent.map(\.seqs) == [Array(1...10)])
        harness.feed(.giveUp(below: 51, .expired, detail: ""))
        #expect(ranges(harness) == [11..<51])
        #expect(harness.state.progress.cursor == 1 && harness.state.progress.completed == [11..<51])
        harness.refuseConnection()
        harness.feed(.giveUp(below: 51, .expired, detail: ""))
        #expect(ranges(harness) == [11..<51, 1..<11])
        #expect(harness.state.progress.cursor == 51)
    }

    @Test func anAnswerThatComesAfterwardsCounts() {
        var harness = held()
        harness.advanceToWake()
        harness.encodeAll()
        harness.feed(.giveUp(below: 101, .expired, detail: ""))
        harness.respond(200)
        #expect(harness.deliveredSeqs == Array(1...10))
        #expect(ranges(harness) == [11..<101])
        #expect(harness.state.progress.cursor == 101 && harness.status.lag == 0)
    }

    @Test func whatWasDeliveredInBetweenIsNotInTheRange() {
        var harness = EngineHarness { $0.concurrency = 2 }
        harness.append(30)
        harness.encodeAll()
        harness.sent.swapAt(0, 1)
        harness.respond(200)
        harness.encodeAll()
        while !harness.sent.isEmpty { harness.refuseConnection() }
        harness.feed(.giveUp(below: 31, .expired, detail: ""))
        #expect(ranges(harness) == [1..<11, 21..<31])
        #expect(harness.status.givenUp == 20)
    }

    @Test func nothingIsGivenUpWhereNothingWaits() {
        var harness = EngineHarness()
        harness.append(10)
        harness.deliverAll()
        harness.append(5, entitled: false)
        harness.feed(.giveUp(below: 16, .expired, detail: ""))
        #expect(harness.state.ranges.isEmpty && harness.status.givenUp == 0)
    }

    @Test func onlySheddingTakesEventsThatWaitByThemselves() {
        var harness = EngineHarness()
        harness.append(10)
        harness.encodeAll()
        harness.judge { [3, 4, 8].contains($0) ? Verdict(.park, key: "rule") : Verdict(.delivered) }
        #expect(harness.state.exceptions.keys.sorted() == [3, 4, 8])
        harness.feed(.giveUp(below: 11, .expired, detail: ""))
        #expect(harness.state.exceptions.count == 3)
        harness.feed(.giveUp(below: 8, .shed, detail: ""))
        #expect(harness.state.exceptions.keys.sorted() == [8])
        #expect(ranges(harness) == [3..<5])
        #expect(harness.status.parked == 1 && harness.status.givenUp == 2)
    }

    @Test func aRestartGoesOnBehindTheRange() {
        var harness = held()
        harness.feed(.giveUp(below: 61, .expired, detail: ""))
        harness.restart()
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(61...100))
    }
}
