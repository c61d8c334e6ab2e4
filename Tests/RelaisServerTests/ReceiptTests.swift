import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisServer

@Suite struct ReceiptTests {
    let scene = ReceiptScene()

    @Test func tellsTheExactRequestOfADeliveredEventWithSecretsMasked() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record("meta", [seq], answer: "{\"events_received\":1,\"echo\":\"\(ReceiptScene.secret)\"}")
        let story = try #require(try scene.receipt("e-1").destinations.first { $0.name == "meta" })
        #expect(story.state == .delivered(at: ReceiptScene.sent + 35, isConfirmed: true))
        let attempt = try #require(story.attempts.first)
        let request = try #require(attempt.request)
        #expect(request.isExact)
        #expect(request.inexactBecause == nil)
        #expect(
            request.text == "POST https://meta.example/v1?token=***\nContent-Type: text/plain\n\ne-1"
        )
        #expect(request.answer == "{\"events_received\":1,\"echo\":\"***\"}")
        #expect(attempt.number == 1 && attempt.batchID == 7 && attempt.batchSize == 1)
        #expect(attempt.pluginVersion == "1.0.0")
    }

    @Test func remakesTheWholeBatchThatAnEventWasEncodedWith() throws {
        let first = scene.accept(ReceiptScene.event("page_view", id: "e-1"))
        let second = scene.accept(ReceiptScene.event("purchase", id: "e-2"))
        try scene.record("meta", [first, second])
        let request = try #require(try scene.receipt("e-2").destinations.last?.attempts.first?.request)
        #expect(request.isExact && request.eventCount == 2)
        #expect(request.text?.hasSuffix("e-1,e-2") == true)
    }

    @Test func isNotExactWhenPluginConfigurationAndVersionHaveChanged() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record("meta", [seq], fingerprint: "configuration-0")
        scene.state.outcomes.withLock {
            $0[0].requests[0].sha256 = String(repeating: "0", count: 64)
            $0[0].pluginSHA256 = String(repeating: "b", count: 64)
            $0[0].hostVersion = "0.0.9"
        }
        let attempt = try #require(try scene.receipt("e-1").destinations.last?.attempts.first)
        let request = try #require(attempt.request)
        #expect(!request.isExact)
        let why = try #require(request.inexactBecause)
        #expect(why.contains("the configuration of meta has changed since"))
        #expect(why.contains("the plugin file is another one now"))
        #expect(why.contains("then 0.0.9, now 0.1.0"))
        #expect(request.text != nil)
        #expect(attempt.pluginVersion == nil)
    }

    @Test func repeatsWhatThePluginSaidOfTheEvent() throws {
        let first = scene.accept(ReceiptScene.event("page_view", id: "e-1"))
        let second = scene.accept(ReceiptScene.event("purchase", id: "e-2"))
        try scene.record("meta", [first, second])
        scene.diagnostics.withLock {
            $0 = [
                PluginDiagnostic(level: 2, pointer: "/events/1/page_title", message: "cut to 300 characters"),
                PluginDiagnostic(level: 2, pointer: "/events/0", message: "of the other one"),
                PluginDiagnostic(level: 2, pointer: "/events/1", message: "sent late, \(ReceiptScene.secret)"),
                PluginDiagnostic(level: 2, pointer: "", message: "of nobody"),
            ]
        }
        let receipt = try scene.receipt("e-2")
        let attempt = try #require(receipt.destinations.last?.attempts.first)
        #expect(attempt.messages == ["/page_title: cut to 300 characters", "sent late, ***"])
        #expect(receipt.text(width: 200).contains("the plugin says: /page_title: cut to 300 characters"))
        #expect(String(decoding: receipt.json(), as: UTF8.self).contains(#""messages":["/page_title"#))
    }

    @Test func blamesThePluginWhenNothingElseHasChanged() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record("meta", [seq])
        scene.state.outcomes.withLock { $0[0].requests[0].sha256 = "" }
        let request = try #require(try scene.receipt("e-1").destinations.last?.attempts.first?.request)
        #expect(request.inexactBecause?.contains("does not depend on its inputs alone") == true)
    }

    @Test func saysWhyARequestCannotBeMadeAgain() throws {
        let first = scene.accept(ReceiptScene.event("page_view", id: "e-1"))
        let second = scene.accept(ReceiptScene.event("purchase", id: "e-2"))
        try scene.record("meta", [first, second])
        scene.reencodeFailure.withLock { $0 = "the plugin file is gone" }
        let broken = try #require(try scene.receipt("e-2").destinations.last?.attempts.first?.request)
        #expect(broken.inexactBecause == "the plugin file is gone" && broken.text == nil && !broken.isExact)
        scene.reencodeFailure.withLock { $0 = nil }
        scene.log.forget(first)
        let expired = try #require(try scene.receipt("e-2").destinations.last?.attempts.first?.request)
        #expect(expired.inexactBecause?.contains("seq:1") == true)
        scene.overviews.withLock { $0.removeAll { $0.name == "meta" } }
        let removed = try #require(try scene.receipt("e-2").destinations.last?.attempts.first?.request)
        #expect(removed.inexactBecause == "meta is not configured any more")
    }

    @Test func cutsARequestThatIsTooLongToShowAndStillComparesTheWhole() throws {
        var event = ReceiptScene.event("purchase", id: String(repeating: "x", count: 100_000))
        event.set(.transactionID, "T-1")
        let seq = scene.accept(event)
        try scene.record("meta", [seq])
        let request = try #require(try scene.receipt("T-1").destinations.last?.attempts.first?.request)
        #expect(request.isExact)
        #expect(request.text?.utf8.count == RequestRemaker.textLimit)
        #expect((request.cutFrom ?? 0) > 100_000)
    }

    @Test func namesADeadLetterWithTheVendorsWords() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record(
            "meta",
            [seq],
            Verdict(.reject, reason: "http_400", detail: "Invalid parameter"),
            status: 400,
            answer: "{\"error\":{}}"
        )
        try scene.bury("meta", seq, reason: "http_400")
        let story = try #require(try scene.receipt("seq:1").destinations.last)
        #expect(story.state == .dead(reason: "http_400", detail: "the vendor said no"))
        #expect(story.attempts.first?.request?.answer == "{\"error\":{}}")
        #expect(story.attempts.first?.verdict.code == .reject)
    }

    @Test func isDeliveredWhenADeadLetterWasDeliveredLater() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.bury("meta", seq, reason: "http_400")
        try scene.record("meta", [seq], batch: 9, attempt: 2, at: ReceiptScene.sent + 5000)
        let story = try #require(try scene.receipt("e-1").destinations.last)
        #expect(story.state == .delivered(at: ReceiptScene.sent + 5035, isConfirmed: true))
    }

    @Test func survivesTheLogThroughTheDeadLettersCopy() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "id-1"))
        try scene.bury("meta", seq, reason: "too_old")
        scene.log.forget(seq)
        scene.log.terms.withLock { $0 = [:] }
        for reference in ["seq:1", "id-1"] {
            let receipt = try scene.receipt(reference)
            #expect(receipt.main.isFromDeadLetter)
            #expect(receipt.main.eventName == "purchase")
            #expect(receipt.destinations.map(\.state) == [.dead(reason: "too_old", detail: "the vendor said no")])
        }
    }

    @Test func saysSentWhereTheVendorDoesNotConfirm() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record("ga4", [seq], status: 204)
        let story = try #require(try scene.receipt("e-1").destinations.first)
        #expect(story.state.name == "sent" && story.state.cell == "sent")
        let text = try scene.receipt("e-1").text()
        #expect(text.contains("does not say whether it was accepted"))
        #expect(!text.contains("ga4   delivered"))
    }

    @Test func keepsTheReasonsOfAStub() throws {
        var stub = Event()
        stub.flags = .stub
        stub.set(.eventName, "page_view")
        stub.set(.site, "shop")
        scene.accept(stub, [("ga4", .refused), ("meta", .refused)])
        let receipt = try scene.receipt("seq:1")
        #expect(receipt.main.isStub && receipt.main.eventID.isEmpty)
        #expect(
            receipt.destinations.map(\.state)
                == Array(repeating: .notSent(reason: "consent_denied", detail: "ad_storage is denied"), count: 2)
        )
        #expect(receipt.text().contains("Only a stub was kept"))
    }

    @Test func ordersTheAttemptsOfARetriedEvent() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        try scene.record(
            "meta",
            [seq],
            Verdict(.retry, reason: "timeout"),
            batch: 1,
            status: 0,
            transport: .timeoutAfterSend
        )
        try scene.record("meta", [seq], batch: 2, attempt: 2, at: ReceiptScene.sent + 60_000)
        let story = try #require(try scene.receipt("e-1").destinations.last)
        #expect(story.attempts.map(\.number) == [1, 2])
        #expect(story.attempts.map { $0.request?.transport } == [.timeoutAfterSend, TransportError.none])
        #expect(story.state.name == "delivered")
        let text = try scene.receipt("e-1").text(width: 200)
        #expect(text.contains("[1] meta: no answer (timeout_after_send) after 35 ms; verdict retry (timeout)"))
        #expect(text.contains("[2] meta: HTTP 200 after 35 ms; verdict delivered"))
    }

    @Test func refusesReferencesThatNameNothing() throws {
        scene.accept(ReceiptScene.event("purchase", id: "e-1"))
        #expect(throws: ReceiptError.noEvent("nobody", start: 1)) { try scene.receipt("nobody") }
        #expect(throws: ReceiptError.noEntry(seq: 9, start: 1, end: 2)) { try scene.receipt("seq:9") }
        for text in ["", "seq:", "seq:0", "seq:-1", "seq:x", String(repeating: "x", count: 2000)] {
            #expect(throws: ReceiptError.self) { try scene.receipt(text) }
        }
        #expect(ReceiptError.noEntry(seq: 9, start: 1, end: 2).description.contains("seq:1 to seq:1"))
    }

    @Test func writesJSONThatHoldsTheWholeStory() throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "e-\"1\""))
        try scene.record("meta", [seq], answer: "ok")
        let json = try JSONValue.parse(try scene.receipt("seq:1").json())
        #expect(json["event_id"].string == "e-\"1\"")
        #expect(json["copies"][0]["event"]["event_name"].string == "purchase")
        #expect(json["copies"][0]["decisions"][1]["outcome"].string == "entitled")
        let attempt = json["destinations"][1]["attempts"][0]
        #expect(attempt["request"]["exact"].bool == true)
        #expect(attempt["answer"]["status"].int == 200)
        #expect(attempt["answer"]["text"].string == "ok")
        #expect(attempt["verdict"]["code"].string == "delivered")
        #expect(attempt["at"].string == "2026-11-23T14:49:29.500Z")
        #expect(json["destinations"][1]["now"]["state"].string == "delivered")
        #expect(json["destinations"][0]["now"]["state"].string == "waiting")
    }

    @Test func letsNoControlCharacterReachATerminal() throws {
        let seq = scene.accept(ReceiptScene.event("purchase\u{1B}[2J", id: "e-1\u{9B}31m\u{202E}"))
        try scene.record("meta", [seq], answer: "\u{1B}]0;title\u{07}")
        let text = try scene.receipt("seq:1").text()
        let isControl: (Unicode.Scalar) -> Bool = {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0 == "\u{202E}")
        }
        #expect(!text.unicodeScalars.contains(where: isControl))
        #expect(text.contains("\\u001B[2J"))
    }
}
