import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryEnginePartsTests {
    private func encodeInParts(_ harness: inout EngineHarness, _ parts: [String: [UInt64]]) {
        let encode = harness.encodes.removeFirst()
        harness.encoding[encode.batch] = encode
        let requests = parts.sorted { $0.key < $1.key }.compactMap { part, seqs -> EncodedRequest? in
            let events = encode.seqs.indices.filter {
                seqs.contains(encode.seqs[$0]) && !encode.done[$0].contains(part)
            }
            guard !events.isEmpty else { return nil }
            return EncodedRequest(events: events, isIdempotent: true, bodySize: 9, sha256: part, part: part)
        }
        harness.feed(.encoded(batch: encode.batch, requests: requests, settlements: []))
    }

    private func answer(_ harness: inout EngineHarness, _ events: Int, _ verdict: Verdict) {
        let request = harness.sent.removeFirst()
        let response = HTTPResponse(transport: .none, status: 207)
        harness.feed(.responded(batch: request.batch, request: request.request, response))
        let verdicts = Array(repeating: verdict, count: events)
        harness.feed(.classified(batch: request.batch, request: request.request, verdicts))
    }

    private func harness(_ count: Int) -> EngineHarness {
        var harness = EngineHarness { $0.deliversOn2xx = false }
        harness.append(count)
        return harness
    }

    @Test func anEventIsDeliveredWhenAllOfItsPartsAre() {
        var harness = harness(2)
        encodeInParts(&harness, ["a": [1, 2], "b": [2]])
        answer(&harness, 2, Verdict(.delivered))
        #expect(harness.deliveredSeqs.isEmpty)
        #expect(harness.status.delivered == 1)
        #expect(harness.status.lag == 1)
        answer(&harness, 1, Verdict(.delivered))
        #expect(harness.deliveredSeqs == [1, 2])
        #expect(harness.status.delivered == 2)
        #expect(harness.state.progress.cursor == 3)
        #expect(harness.state.outcomes.first?.requests.map(\.part) == ["a", "b"])
    }

    @Test func the2xxOfAPartIsThePluginsToJudgeWhateverTheManifestSays() {
        var harness = EngineHarness { $0.deliversOn2xx = true }
        harness.append(2)
        encodeInParts(&harness, ["sent": [1, 2], "validation": [1, 2]])
        answer(&harness, 2, Verdict(.delivered, reason: "sent"))
        answer(&harness, 2, Verdict(.delivered, reason: "validation_messages", detail: "NAME_RESERVED: ga_x"))
        #expect(harness.deliveredSeqs == [1, 2])
        let verdicts = harness.state.outcomes.first?.members.map(\.verdict) ?? []
        #expect(verdicts.map(\.reason) == ["validation_messages", "validation_messages"])
        #expect(verdicts.map(\.detail) == ["NAME_RESERVED: ga_x", "NAME_RESERVED: ga_x"])
    }

    @Test func aParkedPartKeepsTheEventAndIsAllThatIsSentAgain() throws {
        var harness = harness(3)
        encodeInParts(&harness, ["a": [1, 2], "b": [2, 3]])
        answer(&harness, 2, Verdict(.delivered))
        answer(&harness, 2, Verdict(.park, reason: "rule_not_found", detail: "no such rule", key: "b"))
        #expect(harness.status.delivered == 1)
        #expect(harness.status.parked == 2)
        #expect(harness.state.exceptions[2]?.done == ["a"])
        #expect(harness.state.exceptions[2]?.detail == "b: no such rule")
        #expect(harness.state.exceptions[3]?.done == [])
        harness.advance(3_700_000)
        #expect(harness.encodes.map(\.done) == [[["a"]]])
        encodeInParts(&harness, ["a": [1, 2], "b": [2, 3]])
        #expect(harness.sent.count == 1)
        answer(&harness, 1, Verdict(.delivered))
        encodeInParts(&harness, ["a": [1, 2], "b": [2, 3]])
        answer(&harness, 1, Verdict(.delivered))
        #expect(harness.status.delivered == 3)
        #expect(harness.status.parked == 0)
        #expect(harness.state.exceptions.isEmpty)
    }

    @Test func deliveredPartsAreRememberedOverARestart() {
        var harness = harness(1)
        encodeInParts(&harness, ["a": [1], "b": [1]])
        answer(&harness, 1, Verdict(.delivered))
        answer(&harness, 1, Verdict(.throttle, retryAfter: 60_000, reason: "rate_limited"))
        #expect(harness.state.exceptions[1]?.done == ["a"])
        harness.restart()
        harness.advance(600_000)
        #expect(harness.encodes.map(\.done) == [[["a"]]])
    }

    @Test(arguments: [
        (Verdict.Code.reject, Verdict.Code.delivered, Verdict.Code.reject),
        (.reject, .park, .park), (.park, .retry, .retry), (.retry, .throttle, .throttle),
        (.throttle, .authStop, .authStop), (.drop, .delivered, .delivered), (.drop, .drop, .drop),
    ])
    func theGravestVerdictIsTheEvents(first: Verdict.Code, second: Verdict.Code, expected: Verdict.Code) {
        for order in [[first, second], [second, first]] {
            var harness = harness(1)
            encodeInParts(&harness, ["a": [1], "b": [1]])
            for code in order { answer(&harness, 1, Verdict(code, reason: code.name, key: "k")) }
            #expect(harness.state.outcomes.first?.members.map(\.verdict.code) == [expected])
        }
    }

    @Test func aRejectedPartIsTriedAgainWithWhatIsLeftAndThenMakesTheDeadLetter() {
        var harness = harness(1)
        encodeInParts(&harness, ["a": [1], "b": [1]])
        answer(&harness, 1, Verdict(.reject, reason: "invalid", detail: "bad field"))
        answer(&harness, 1, Verdict(.retry, reason: "busy"))
        #expect(harness.state.dead.isEmpty)
        harness.advance(600_000)
        encodeInParts(&harness, ["a": [1], "b": [1]])
        answer(&harness, 1, Verdict(.reject, reason: "invalid", detail: "bad field"))
        answer(&harness, 1, Verdict(.delivered))
        #expect(harness.state.dead.map(\.detail) == ["a: bad field"])
    }

    @Test func halvesKnowWhatIsDelivered() {
        var harness = harness(2)
        encodeInParts(&harness, ["a": [1, 2], "b": [1, 2]])
        answer(&harness, 2, Verdict(.delivered))
        answer(&harness, 2, Verdict(.split, reason: "one_is_bad"))
        #expect(harness.encodes.map(\.done) == [[["a"]], [["a"]]])
        #expect(harness.encodes.map(\.seqs) == [[1], [2]])
    }

    @Test(arguments: [[nil, "a"], ["a", "a"], [nil, nil]] as [[String?]])
    func anEventHasOnePlaceInEachPart(_ parts: [String?]) {
        var harness = harness(1)
        let encode = harness.encodes.removeFirst()
        let requests = parts.map {
            EncodedRequest(events: [0], isIdempotent: true, bodySize: 9, sha256: "", part: $0)
        }
        harness.feed(.encoded(batch: encode.batch, requests: requests, settlements: []))
        #expect(harness.state.dead.map(\.reason) == ["plugin_coverage"])
    }
}
