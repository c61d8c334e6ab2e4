import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineRestartTests {
    @Test func onlyWhatWasInFlightIsRepeated() {
        var harness = EngineHarness()
        harness.append(30)
        harness.encodeAll()
        let third = harness.sent.remove(at: 2)
        harness.feed(.responded(batch: third.batch, request: 0, HTTPResponse(transport: .none, status: 200)))
        harness.dispatched = []
        harness.restart()
        harness.deliverAll()
        #expect(harness.dispatched.flatMap { $0 } == Array(1...20))
        #expect(harness.state.progress.cursor == 31)
    }

    @Test func exceptionsKeepTheirTime() {
        var harness = EngineHarness()
        harness.append(3)
        harness.judgeAll { Verdict($0 == 2 ? .retry : .delivered, retryAfter: 90_000) }
        harness.restart()
        harness.advance(80_000)
        #expect(harness.encodes.isEmpty)
        harness.advance(20_000)
        #expect(harness.encodes.map(\.seqs) == [[2]])
        #expect(harness.encodes.first?.attempts == [2])
    }

    @Test func parkedEventsStayParkedAndOneOfEachKeyIsProbed() {
        var harness = EngineHarness()
        harness.append(6)
        harness.judgeAll { Verdict($0 == 6 ? .delivered : .park, key: $0 % 2 == 0 ? "even" : "odd") }
        harness.restart()
        #expect(harness.status.parked == 5)
        #expect(harness.encodes.map(\.seqs).sorted { $0[0] < $1[0] } == [[1], [2]])
        harness.judgeOnce { Verdict(.park, key: $0 % 2 == 0 ? "even" : "odd") }
        #expect(harness.encodes.isEmpty)
        #expect(harness.status.parked == 5)
    }

    @Test(arguments: [DestinationPause.Cause.hold, .throttle])
    func pausesGoOn(cause: DestinationPause.Cause) {
        var harness = EngineHarness()
        harness.state.progress.pause = DestinationPause(
            cause: cause,
            until: harness.now + 30_000,
            reason: "quota",
            detail: ""
        )
        harness.append(0)
        harness.restart()
        harness.append(5)
        #expect(harness.encodes.isEmpty)
        harness.advance(30_000)
        #expect(harness.encodes.count == 1)
        harness.deliverAll()
        #expect(harness.state.progress.pause == nil)
    }

    @Test func operatorsPauseSurvives() {
        var harness = EngineHarness()
        harness.feed(.pause(reason: "stop"))
        harness.restart()
        harness.append(5)
        harness.advance(86_400_000)
        #expect(harness.encodes.isEmpty)
        #expect(harness.status.state == .paused)
    }

    @Test func refusedCredentialsAreProbedAtTheStart() {
        var harness = EngineHarness()
        harness.append(20)
        harness.judgeOnce { _ in Verdict(.authStop, reason: "expired") }
        harness.restart()
        #expect(harness.encodes.map(\.seqs) == [[1]])
        #expect(harness.status.state == .authStop)
    }

    @Test func exceptionWhoseEntryIsGoneIsADeadLetter() {
        var harness = EngineHarness()
        harness.append(3)
        harness.judgeAll { Verdict($0 == 2 ? .retry : .delivered, reason: "busy") }
        harness.entries.removeAll { $0.seq == 2 }
        harness.restart()
        harness.advance(5000)
        #expect(harness.state.dead.map(\.reason) == ["log_trimmed"])
        #expect(harness.state.exceptions.isEmpty)
        #expect(harness.encodes.isEmpty)
    }

    @Test func sameInputsGiveTheSameActions() {
        func run() -> [[UInt64]] {
            var harness = EngineHarness()
            harness.append(100)
            for _ in 0..<60 {
                harness.judgeOnce { Verdict($0 % 7 == 0 ? .retry : $0 % 11 == 0 ? .throttle : .delivered) }
                harness.advanceToWake()
            }
            return harness.dispatched
        }
        #expect(run() == run())
    }

    @Test func drainStartsNothingNew() {
        var harness = EngineHarness()
        harness.append(100)
        harness.feed(.drain)
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(1...40))
        #expect(harness.engine.isIdle)
        #expect(harness.state.progress.cursor == 41)
    }
}
