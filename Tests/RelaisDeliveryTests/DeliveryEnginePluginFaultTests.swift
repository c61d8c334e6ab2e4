import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEnginePluginFaultTests {
    @Test(arguments: ["crashed", "hung", "garbage", "coverage", "error_status"])
    func poisonousEventIsFoundByHalvingAndBecomesADeadLetter(reason: String) {
        var harness = EngineHarness()
        harness.append(10)
        while !harness.encodes.isEmpty || !harness.sent.isEmpty {
            if harness.encodes.first?.seqs.contains(7) == true {
                harness.failNext(reason)
            } else if !harness.encodes.isEmpty {
                harness.encodeNext()
            } else {
                harness.respond(200)
            }
        }
        #expect(harness.state.dead.map(\.seq) == [7])
        #expect(harness.state.dead.first?.reason == "plugin_\(reason)")
        #expect(harness.state.dead.first?.detail == "signal 11")
        #expect(Set(harness.deliveredSeqs) == Set(1...10).subtracting([7]))
        #expect(harness.state.progress.cursor == 11)
        #expect(harness.state.outcomes.contains { $0.members.map(\.seq) == [7] && $0.requests.isEmpty })
    }

    @Test func pluginThatFailsOnEverythingHoldsTheDestination() {
        var harness = EngineHarness()
        harness.append(100)
        for _ in 0..<300 {
            if harness.encodes.isEmpty { harness.advanceToWake() } else { harness.failNext("crashed") }
        }
        #expect(harness.status.state == .holding)
        #expect(harness.status.reason == "plugin_failing")
        #expect(harness.state.dead.count == 2)
        var steps = 0
        while harness.status.lag > 0, steps < 200 {
            steps += 1
            harness.advanceToWake()
            harness.deliverAll()
        }
        #expect(Set(harness.deliveredSeqs).union(harness.state.dead.map(\.seq)) == Set(1...100))
        #expect(harness.deliveredSeqs.count == 98)
    }

    @Test func pluginThatCannotBeUsedPausesAndIsTriedAgain() {
        var harness = EngineHarness()
        harness.append(5)
        let encode = harness.encodes.removeFirst()
        harness.feed(.unusable(batch: encode.batch, PluginFault(reason: "bad_config", detail: "no pixel_id")))
        #expect(harness.status.state == .failed)
        #expect(harness.status.reason == "bad_config")
        #expect(harness.state.progress.pause == nil)
        harness.advanceToWake()
        harness.deliverAll()
        #expect(harness.deliveredSeqs == [1, 2, 3, 4, 5])
        #expect(harness.status.state == .active)
    }

    @Test(arguments: [(200, Verdict.Code.delivered), (400, .reject), (500, .retry)])
    func classifyThatFailsLeavesTheDecisionToTheDefaultPolicy(status: Int, code: Verdict.Code) {
        var harness = EngineHarness { $0.deliversOn2xx = false }
        harness.append(1)
        harness.encodeAll()
        harness.respond(status)
        let request = harness.awaitingVerdict.removeFirst()
        let fault = PluginFault(reason: "crashed", detail: "signal 6")
        harness.feed(.classifyFailed(batch: request.batch, request: 0, fault))
        let verdict = harness.state.outcomes.first?.members.first?.verdict
        #expect(verdict?.code == code)
        #expect(verdict?.reason == "classify_crashed")
        #expect(verdict?.detail.contains("signal 6") == true)
    }

    @Test func wrongNumberOfVerdictsIsAFault() {
        var harness = EngineHarness { $0.deliversOn2xx = false }
        harness.append(3)
        harness.encodeAll()
        harness.respond(200)
        let request = harness.awaitingVerdict.removeFirst()
        harness.feed(.classified(batch: request.batch, request: 0, [Verdict(.reject)]))
        #expect(harness.status.delivered == 3)
        #expect(harness.state.outcomes.first?.members.first?.verdict.reason == "classify_coverage")
    }

    @Test(arguments: [[[0, 1]], [[0, 1], [1, 2]], [[0, 1, 2, 3]], [[0, 1, 2], []]])
    func encodeThatDoesNotCoverEveryEventOnceIsAFault(covered: [[Int]]) {
        var harness = EngineHarness()
        harness.append(3)
        let encode = harness.encodes.removeFirst()
        let requests = covered.map { EncodedRequest(events: $0, isIdempotent: false, bodySize: 1, sha256: "") }
        harness.feed(.encoded(batch: encode.batch, requests: requests, settlements: []))
        #expect(harness.sent.isEmpty)
        #expect(harness.encodes.map(\.seqs) == [[1, 2], [3]])
    }
}
