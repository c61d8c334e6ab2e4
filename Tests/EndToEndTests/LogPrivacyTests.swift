import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Personal data")
    struct LogPrivacyTests {
        private static let mail = "zephyrine.oakenshaw@example.org"
        private static let phone = "06 39 98 76 54"
        private static let needles = [
            "zephyrine", "Zephyrine", "oakenshaw", "Oakenshaw", "39987654", "39 98 76 54", "Quincampoix",
            "customer-7731",
        ]

        private static let userData =
            """
            {"email_address":"\(mail)","phone_number":"\(phone)","external_id":"customer-7731","date_of_birth":"1990-02-13",\
            "address":{"first_name":"Zephyrine","last_name":"Oakenshaw","street":"12 rue Quincampoix","country":"FR"}}
            """

        private static let good = [
            """
            {"event_name":"purchase","event_id":"good-1","client_id":"1.2","transaction_id":"T-1","currency":"EUR",\
            "value":5,"page_location":"https://shop.example/?email=\(mail)","user_agent":"\(EventText.userAgent)",\
            "note":"write to \(mail)","first_name":"Zephyrine","user_data":\(userData),\
            "items":[{"item_id":"1","item_name":"for \(mail)","phone":"\(phone)"}]}
            """,
            """
            {"event_name":"sign_up","event_id":"\(mail)","client_id":"\(mail)","user_agent":"\(EventText.userAgent)",\
            "page_location":"https://shop.example/","user_data":\(userData)}
            """,
        ]

        private static let bad = [
            "{\"event_name\":\"purchase\",\"value\":\"\(mail)\",\"user_data\":\(userData)}",
            "{\"event_name\":\"purchase\",\"user_data\":{\"email_address\":{\"\(mail)\":1}}}",
            "{\"event_name\":\"purchase\",\"user_data\":{\"phone_number\":true,\"\(mail)\":\"\(phone)\"}}",
            "{\"event_name\":\"purchase\",\"consent\":{\"ad_storage\":\"\(mail)\"}}",
            "{\"event_name\":7,\"email\":\"\(mail)\"}", "{\"\(mail)\":", "\"\(mail)\"",
        ]

        private static func send(to scene: Scene) throws {
            try scene.post("[\(good.joined(separator: ","))]")
            for body in bad { _ = try scene.relay.server.post("/v1/events", body) }
            _ = try scene.relay.client.get("/customers/\(mail)?phone=\(phone.filter { $0 != " " })")
            _ = try scene.relay.client.get("/g/collect?v=2&tid=\(mail)&en=\(mail)&ep.first_name=Zephyrine")
            _ = try scene.relay.client.post(
                "/v1/events",
                good[0],
                headers: [("origin", "https://\(mail)"), ("referer", "https://x.example/?m=\(mail)")]
            )
            _ = try scene.relay.admin.get("/api/v1/events/\(mail)")
            _ = try scene.relay.admin.get("/api/v1/destinations/\(mail)")
        }

        @Test("reaches neither log nor metrics, admin answers or disk, even at debug level", .timeLimit(.minutes(3)))
        func staysOut() async throws {
            let scene = try await Scene.start { configuration in
                configuration.extra = "log: { level: debug, format: json }"
            }
            try scene.sandbox.setFaults(
                """
                [{"vendor":"meta","status":400,"count":1,"body":{"error":{"message":"Invalid parameter","code":100,
                  "error_subcode":2804003,"error_user_msg":"the event is strange"}}},
                 {"vendor":"meta","status":500,"body":"<html>","count":2},{"vendor":"ga4","reset":true,"count":2}]
                """
            )
            try Self.send(to: scene)
            try await scene.relay.waitUntilDelivered(within: .seconds(90))
            scene.relay.killPluginChild(0)
            try scene.post(Self.good[0].replacing("good-1", with: "good-2").replacing("T-1", with: "T-2"))
            try await scene.relay.waitUntilDelivered(within: .seconds(90))
            var places: [(name: String, text: [UInt8])] = []
            for path in [
                "/metrics", "/api/v1/destinations", "/api/v1/destinations/meta", "/api/v1/events", "/api/v1/rejections",
                "/api/v1/events/good-1", "/api/v1/events/good-2", "/api/v1/events/seq:2",
            ] {
                let answer = try scene.relay.admin.get(path)
                #expect(answer.status == 200, "\(path)")
                places.append((path, answer.body))
            }
            try await scene.relay.terminate()
            places.append(("log", Array(scene.relay.log.utf8)))
            for file in TemporaryDirectory.files(below: scene.relay.stateDirectory) {
                places.append((file, TemporaryDirectory.bytes(of: file)))
            }
            #expect(places.contains { $0.name == "log" && $0.text.contains(Array("\"level\":\"debug\"".utf8)) })
            for place in places {
                for needle in Self.needles where place.text.contains(Array(needle.utf8)) {
                    Issue.record("\(needle) in \(place.name)")
                }
            }
        }

        @Test("or not, deliveries without trouble leave no line for each event", .timeLimit(.minutes(2)))
        func quiet() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.purchase("first"))
            try await scene.relay.waitUntilDelivered()
            let before = scene.relay.log
            for index in 0..<40 { try scene.post(EventText.purchase("quiet-\(index)")) }
            _ = try scene.relay.server.post("/v1/events", "[{\"value\":\"broken\"}]")
            try await scene.relay.waitUntilDelivered()
            #expect(scene.relay.log == before)
        }
    }
}
