import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("JSON events")
    struct JSONEventTests {
        @Test("are taken as an object, an array, lines and gzip", .timeLimit(.minutes(2)))
        func everyForm() async throws {
            let scene = try await Scene.start()
            let zipped = try #require(
                Bundle.module.url(forResource: "events.json", withExtension: "gz", subdirectory: "Fixtures")
            )
            #expect(try scene.post(EventText.purchase("object"))["accepted"].int == 1)
            #expect(try scene.post(EventText.array(["array-0", "array-1"]))["accepted"].int == 2)
            let lines = "\(EventText.purchase("line-0"))\n\(EventText.purchase("line-1"))\n"
            let ndjson = try scene.relay.server.post(
                "/v1/events",
                lines,
                headers: [("content-type", "application/x-ndjson")]
            )
            #expect(try ndjson.json()["accepted"].int == 2)
            let gzip = try scene.relay.server.request(
                "POST",
                "/v1/events",
                headers: [("content-encoding", "gzip"), ("content-type", "application/json")],
                body: Array(Data(contentsOf: zipped))
            )
            #expect(try gzip.json()["accepted"].int == 2)
            try await scene.relay.waitUntilDelivered()
            let expected = ["array-0", "array-1", "line-0", "line-1", "object", "zipped-1", "zipped-2"]
            #expect(try scene.sandbox.eventIDs("meta").sorted() == expected)
            #expect(try scene.sandbox.eventIDs("ga4").sorted() == expected)
            #expect(try scene.problems() == [])
        }

        @Test("whose ids are placeholders are never merged, but for one purchase sent again", .timeLimit(.minutes(2)))
        func placeholderIDs() async throws {
            let scene = try await Scene.start()
            let purchases = (0..<1000).map { index in
                EventText.purchase("undefined").replacing("order-undefined", with: "order-\(index)")
            }
            for start in stride(from: 0, to: purchases.count, by: 250) {
                let answer = try scene.post("[\(purchases[start..<start + 250].joined(separator: ","))]")
                #expect(answer["accepted"].int == 250)
            }
            #expect(try scene.post(purchases[7])["duplicates"].int == 1)
            let anonymous = EventText.purchase("undefined").replacing("order-undefined", with: "null")
            #expect(try scene.post("[\(anonymous),\(anonymous)]")["accepted"].int == 2)
            try await scene.relay.waitUntilDelivered()
            #expect(Set(try scene.sandbox.eventIDs("meta")).count == 1002)
        }

        @Test("that are malformed are answered with a pointer while the others are kept", .timeLimit(.minutes(2)))
        func malformedItems() async throws {
            let scene = try await Scene.start()
            let answer = try scene.post(
                """
                [\(EventText.purchase("good-0")), {"event_name":"purchase","value":"129,90"}, {"event_id":"nameless"}, \
                {"event_name":"purchase","items":[{"item_id":"a"},{"item_id":"b","price":"cheap"}]}, 7, \
                \(EventText.purchase("good-1"))]
                """
            )
            #expect(answer["accepted"].int == 2)
            #expect(answer["rejected"].array.compactMap { $0["index"].int } == [1, 2, 3, 4])
            #expect(answer["rejected"][0]["pointer"].string == "/value")
            #expect(answer["rejected"][2]["pointer"].string == "/items/1/price")
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["good-0", "good-1"])

            let allBad = try scene.relay.server.post("/v1/events", "[{\"value\":1},{}]")
            #expect(allBad.status == 400)
            #expect(try allBad.json()["rejected"].array.count == 2)
        }

        @Test("that come again are counted and not sent again", .timeLimit(.minutes(2)))
        func duplicates() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.array(["d-0", "d-1"]))
            let again = try scene.post(EventText.array(["d-1", "d-2"]))
            #expect(again["accepted"].int == 1)
            #expect(again["duplicates"].int == 1)
            let allAgain = try scene.post(EventText.array(["d-0", "d-2"]))
            #expect(allAgain["accepted"].int == 0)
            #expect(allAgain["duplicates"].int == 2)
            try await scene.relay.kill()
            try await scene.relay.start()
            #expect(try scene.post(EventText.purchase("d-1"))["duplicates"].int == 1)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").sorted() == ["d-0", "d-1", "d-2"])
            #expect(Set(try scene.sandbox.eventIDs("ga4")) == ["d-0", "d-1", "d-2"])
        }

        @Test("of one purchase with two event ids are one by the transaction id", .timeLimit(.minutes(2)))
        func purchaseByTransaction() async throws {
            let scene = try await Scene.start()
            let browser = EventText.purchase("browser").replacing("order-browser", with: "order-7")
            let server = EventText.purchase("server").replacing("order-server", with: "order-7")
            #expect(try scene.post(browser)["accepted"].int == 1)
            #expect(try scene.post(server)["duplicates"].int == 1)
        }

        @Test("of denied consent leave a stub with the reasons and no data", .timeLimit(.minutes(2)))
        func deniedConsent() async throws {
            let scene = try await Scene.start()
            let denied = EventText.purchase("denied-1").replacing(
                "{\"event_name\"",
                with: """
                    {"consent":{"ad_storage":"denied","ad_user_data":"denied","analytics_storage":"denied"},"event_name"
                    """,
                maxReplacements: 1
            )
            try scene.post(denied)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.received("meta").isEmpty)
            #expect(try scene.sandbox.received("ga4").isEmpty)
            let receipt = try scene.relay.admin.get("/api/v1/events/seq:1").json()
            #expect(receipt["copies"][0]["stub"].bool == true)
            let reasons = receipt["copies"][0]["decisions"].array.compactMap { $0["reason"].string }
            #expect(reasons == ["consent_denied", "consent_denied"])
            #expect(!String(describing: receipt).contains("denied-1"))
        }
    }
}
