import RelaisDelivery
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisServer

@Suite struct PresentStateTests {
    let scene = ReceiptScene()

    private func cells() throws -> [String] {
        try #require(try DeliverySummary.newest(1, service: scene.service).rows.first).destinations.map(\.state.cell)
    }

    @Test func waitsWhileTheCursorIsBehindIt() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        #expect(try cells() == ["waiting", "waiting"])
    }

    @Test func tellsForWhatAHeldDestinationWaits() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        scene.overviews.withLock {
            $0[1] = ReceiptScene.overview("meta", status: .holding, until: ReceiptScene.sent + 60_000)
        }
        let story = try #require(try scene.receipt("e-1").destinations.last)
        #expect(story.state.sentence.contains("meta is holding, until 2026-11-23T14:50:29.500Z (http_503)"))
        try scene.record("meta", [1], Verdict(.retry, reason: "http_503"), status: 503)
        let retried = try #require(try scene.receipt("e-1").destinations.last)
        #expect(retried.state == .retrying(next: ReceiptScene.sent + 60_000, reason: "http_503", detail: ""))
    }

    @Test func isDeadInARangeThatWasGivenUpUnlessItWasDeliveredBeforeOrWasNotForIt() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        for (destination, reason) in [("ga4", DeadLetterRange.Reason.shed), ("meta", .expired), ("other", .shed)] {
            scene.state.ranges.withLock {
                $0.append(
                    DeadLetterRange(destination: destination, seqs: 1..<9, at: 7, reason: reason, detail: "why")
                )
            }
        }
        #expect(try cells() == ["failed (shed)", "failed (expired)"])
        let stories = try scene.receipt("e-1").destinations
        #expect(stories.map(\.name) == ["ga4", "meta"])
        #expect(stories[1].state.sentence == "dead letter: expired (why)")
        try scene.record("ga4", [1], Verdict(.delivered), status: 204)
        try scene.record("meta", [1], Verdict(.retry, reason: "http_503"), status: 503)
        #expect(try cells() == ["sent", "failed (expired)"])
    }

    @Test func retriesAndParksByItsException() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record("ga4", [1], Verdict(.retry, reason: "http_500"), status: 500)
        scene.state.waiting.withLock {
            $0 = [
                (
                    "ga4",
                    DeliveryException(
                        seq: 1,
                        attempts: 2,
                        notBefore: 1000,
                        firstAttempt: 0,
                        reason: "http_500",
                        detail: ""
                    )
                ),
                (
                    "meta",
                    DeliveryException(
                        seq: 1,
                        attempts: 1,
                        notBefore: 0,
                        firstAttempt: 0,
                        parkedUnder: "rule-7",
                        reason: "no_rule",
                        detail: ""
                    )
                ),
            ]
        }
        #expect(try cells() == ["retrying (http_500)", "parked (rule-7)"])
    }

    @Test func isFinishedWhenTheCursorIsPastItAndNothingIsRemembered() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        scene.overviews.withLock { $0[0] = ReceiptScene.overview("ga4", cursor: 2) }
        #expect(try cells() == ["finished", "waiting"])
    }

    @Test func coversEveryWordOfTheTable() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"), [("ga4", .entitled), ("meta", .refused)])
        try scene.record("ga4", [1], Verdict(.drop, reason: "not_supported"))
        #expect(try cells() == ["dropped (not_supported)", "not sent (consent_denied)"])
        try scene.bury("ga4", 1, reason: "crashed")
        #expect(try cells() == ["failed (crashed)", "not sent (consent_denied)"])
        let json = try JSONValue.parse(DeliverySummary.newest(1, service: scene.service).json())
        #expect(json[0]["destinations"]["ga4"].string == "failed (crashed)")
        #expect(json[0]["settled"].bool == true)
    }

    @Test func bringsTheMemoryUpToTheCursorBeforeItIsRead() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        _ = try cells()
        _ = try scene.receipt("e-1")
        #expect(scene.state.flushes.load(ordering: .relaxed) == 2)
    }

    @Test func listsEventsAfterASequenceNumberOldestFirst() throws {
        for number in 1...5 { scene.accept(ReceiptScene.event("scroll", id: "e-\(number)")) }
        scene.log.forget(4)
        #expect(try DeliverySummary.after(2, limit: 10, service: scene.service).rows.map(\.seq) == [3, 5])
        #expect(try DeliverySummary.after(0, limit: 2, service: scene.service).rows.map(\.seq) == [1, 2])
        #expect(try DeliverySummary.after(.max, limit: 2, service: scene.service).rows.isEmpty)
        #expect(try DeliverySummary.newest(2, service: scene.service).rows.map(\.seq) == [5, 3])
    }
}
