import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEngineProbeTests {
    @Test func refusedCredentialsAreProbedWithOneEventMoreAndMoreRarely() {
        var harness = EngineHarness { $0.maxAge = 365 * 86_400_000 }
        harness.append(100)
        harness.judgeAll { _ in Verdict(.authStop, reason: "token") }
        var waits: [Int64] = []
        for _ in 0..<6 {
            let before = harness.now
            harness.advanceToWake()
            waits.append((harness.now - before) / 60_000)
            #expect(harness.encodes.map(\.seqs) == [[1]])
            harness.encodeAll()
            #expect(harness.sent.count == 1)
            harness.advance(1000)
            #expect(harness.encodes.isEmpty)
            harness.judge { _ in Verdict(.authStop, reason: "token") }
            #expect(harness.status.state == .authStop)
            #expect(harness.status.lag == 100)
        }
        #expect(waits == [5, 10, 20, 40, 60, 60])
        #expect(harness.state.exceptionChanges == 0)
        #expect(harness.state.dead.isEmpty)
    }

    @Test func oneAcceptedProbeLetsEverythingGoInOrder() {
        var harness = EngineHarness()
        harness.append(100)
        harness.judgeAll { _ in Verdict(.authStop) }
        harness.dispatched = []
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.dispatched.flatMap { $0 } == Array(1...100))
        #expect(harness.dispatched.first == [1])
        #expect(harness.deliveredSeqs == Array(1...100))
        #expect(harness.status.state == .active)
    }

    @Test func aRestartProbesAtOnceWithOneEvent() {
        var harness = EngineHarness()
        harness.append(100)
        harness.judgeAll { _ in Verdict(.authStop) }
        harness.restart()
        #expect(harness.status.state == .authStop)
        #expect(harness.encodes.map(\.seqs) == [[1]])
        harness.encodeAll()
        harness.judge { _ in Verdict(.authStop) }
        #expect(harness.encodes.isEmpty)
        harness.feed(.resume)
        #expect(harness.encodes.map(\.seqs) == [[1]])
        harness.deliverAll()
        #expect(harness.deliveredSeqs == Array(1...100))
    }
}
