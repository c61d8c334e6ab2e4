import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Measurement Protocol requests")
    struct MeasurementProtocolTests {
        private static let query = "?measurement_id=G-TEST123456&api_secret=\(RelayConfiguration.writeKey)"

        private static func body(_ ids: [String]) -> String {
            let events = ids.map { id in
                """
                {"name":"purchase","params":{"event_id":"\(id)","transaction_id":"order-\(id)","currency":"EUR",\
                "value":12.50,"page_location":"https://shop.example/merci","session_id":"1795445369","engagement_time_msec":1,"items":[{"item_id":"SKU_1"}]}}
                """
            }
            return """
                {"client_id":"4711.1795440000","ip_override":"203.0.113.24","device":{"category":"mobile"},\
                "user_agent":"\(EventText.userAgent)","consent":{"ad_user_data":"GRANTED"},\
                "user_properties":{"plan":{"value":"gold","timestamp_micros":1795445000000000}},\
                "events":[\(events.joined(separator: ","))]}
                """
        }

        @Test("are delivered to every destination and answered like Google's", .timeLimit(.minutes(2)))
        func delivered() async throws {
            let scene = try await Scene.start()
            let answer = try scene.relay.client.post("/mp/collect\(Self.query)", Self.body(["mp-0", "mp-1"]))
            #expect(answer.status == 204)
            #expect(answer.header("cache-control") == "no-cache, no-store, must-revalidate")
            let again = try scene.relay.client.post("/metrics/mp/collect\(Self.query)", Self.body(["mp-1"]))
            #expect(again.status == 204)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").sorted() == ["mp-0", "mp-1"])
            #expect(try scene.sandbox.eventIDs("ga4").sorted() == ["mp-0", "mp-1"])
            #expect(try scene.problems() == [])
            let sent = try #require(try scene.sandbox.received("ga4").first)["body"]
            #expect(sent["device"]["category"].string == "mobile")
            #expect(sent["user_properties"]["plan"]["value"].string == "gold")
            #expect(sent["user_properties"]["plan"]["timestamp_micros"].int == 1_795_445_000_000_000)
            #expect(sent["consent"]["ad_user_data"].string == "GRANTED")
        }

        @Test("that are wrong are answered 204, and the reasons are told elsewhere", .timeLimit(.minutes(2)))
        func rejections() async throws {
            let scene = try await Scene.start()
            let wrong = Self.body(["mp-0"]).replacing("12.50", with: "\"12,50\"")
            for (query, body) in [
                (Self.query, wrong), (Self.query, "nonsense"),
                (Self.query.replacing("G-TEST123456", with: "G-OTHER"), Self.body(["mp-1"])),
            ] {
                #expect(try scene.relay.client.post("/mp/collect\(query)", body).status == 204)
            }
            let reasons = try scene.relay.admin.get("/api/v1/rejections").json().array.compactMap {
                $0["reason"].string
            }
            #expect(reasons.contains { $0.hasPrefix("/events/0/params/value: ") }, "\(reasons)")
            #expect(reasons.contains { $0.contains("invalid JSON") }, "\(reasons)")
            #expect(reasons.contains { $0.contains("G-OTHER is not a measurement id of site shop") }, "\(reasons)")
            #expect(try scene.relay.client.post("/mp/collect?measurement_id=G-TEST123456", wrong).status == 401)

            let debug = try scene.relay.client.post("/debug/mp/collect\(Self.query)", wrong)
            #expect(debug.status == 200)
            let message = try debug.json()["validationMessages"][0]
            #expect(message["fieldPath"].string == "events.params.value")
            #expect(message["validationCode"].string == "VALUE_INVALID")
            let fine = try scene.relay.client.post("/debug/mp/collect\(Self.query)", Self.body(["mp-2"]))
            #expect(try fine.json()["validationMessages"].array.isEmpty)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.received("ga4").isEmpty)
        }
    }
}
