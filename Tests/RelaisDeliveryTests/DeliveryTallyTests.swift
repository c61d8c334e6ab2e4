import RelaisEvent
import Testing

@testable import RelaisDelivery

@Suite struct DeliveryTallyTests {
    @Test func deliveredEventsAreCountedWithTheTimeSinceTheirArrival() {
        var harness = EngineHarness()
        harness.append(2, age: 1000)
        harness.encodeAll()
        harness.now += 250
        harness.respond(200)
        #expect(harness.engine.takeTally().delivered == [1250, 1250])
        #expect(harness.engine.takeTally().isEmpty)
    }

    @Test func everyAttemptThatEndsInAWaitIsCountedByItsReason() {
        var harness = EngineHarness()
        harness.append(3)
        harness.judgeAll { _ in Verdict(.retry, reason: "http_500") }
        harness.advanceToWake()
        harness.judgeAll { _ in Verdict(.throttle, retryAfter: 1000, reason: "http_429") }
        let tally = harness.engine.takeTally()
        #expect(tally.retried == ["http_500": 3])
        #expect(tally.throttled == 3)
        #expect(tally.delivered.isEmpty)
    }

    @Test func endingsWithoutDeliveryAreCountedByTheirReason() {
        var harness = EngineHarness()
        harness.append(3)
        harness.judgeAll { seq in
            switch seq {
            case 1: Verdict(.reject, reason: "bad_value")
            case 2: Verdict(.drop, reason: "not_supported")
            default: Verdict(.park, reason: "no_account", key: "rule-1")
            }
        }
        let tally = harness.engine.takeTally()
        #expect(tally.dead == ["bad_value": 1])
        #expect(tally.dropped == ["not_supported": 1])
        #expect(tally.parked == ["no_account": 1])
    }

    @Test func expiredEventsAreDead() {
        var harness = EngineHarness { $0.maxAge = 10_000 }
        harness.append(2, age: 20_000)
        #expect(harness.engine.takeTally().dead == ["expired": 2])
    }

    @Test func oldestWaitingEventIsTheFirstThatIsNotDone() {
        var harness = EngineHarness()
        #expect(harness.status.oldestWaiting == nil)
        harness.append(10, age: 5000)
        harness.append(10)
        let first = harness.now - 5000
        #expect(harness.status.oldestWaiting == first)
        harness.encodeAll()
        harness.respond(200)
        #expect(harness.status.oldestWaiting == first + 5000)
        harness.deliverAll()
        #expect(harness.status.oldestWaiting == nil)
    }

    @Test func eventsHeldByAnOutageGoOnAgeing() {
        var harness = EngineHarness()
        harness.append(3)
        let first = harness.now
        harness.judgeAll { _ in Verdict(.retry, reason: "http_503") }
        harness.advance(100)
        #expect(harness.status.oldestWaiting == first)
    }
}
