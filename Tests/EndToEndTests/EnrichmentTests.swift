import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Enrichment")
    struct EnrichmentTests {
        private static let chrome = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

        private static func visit(_ scene: Scene, _ id: String, from address: String, as userAgent: String = chrome)
            throws
        {
            let event =
                "{\"event_name\":\"purchase\",\"event_id\":\"\(id)\",\"client_id\":\"1.2\",\"transaction_id\":\"\(id)\","
                + "\"currency\":\"EUR\",\"value\":1,\"page_location\":\"https://shop.example/?utm_source=news\","
                + "\"consent\":{\"ad_storage\":\"granted\",\"ad_user_data\":\"granted\",\"analytics_storage\":\"granted\"}}"
            let answer = try scene.relay.client.post(
                "/v1/events",
                event,
                headers: [
                    ("origin", "https://shop.example"), ("x-forwarded-for", "6.6.6.6, \(address):4711"),
                    ("user-agent", userAgent), ("accept-language", "fr"), ("sec-fetch-site", "same-site"),
                ]
            )
            #expect(answer.status == 202)
        }

        private static func receipt(_ scene: Scene, _ id: String) throws -> JSONValue {
            try scene.relay.admin.get("/api/v1/events/\(id)").json()
        }

        private static func reason(_ receipt: JSONValue, _ destination: String) -> String? {
            receipt["copies"][0]["decisions"].array.first { $0["destination"].string == destination }?["reason"].string
        }

        private static func places(_ city: String) -> Data {
            var file = MaxMindFile()
            file.add("203.0.113.0/24", country: "FR", region: "IDF", city: city)
            return Data(file.bytes)
        }

        @Test(
            "is in the receipt, follows its database, and keeps bots and colleagues from ad vendors",
            .timeLimit(.minutes(3))
        )
        func enrichment() async throws {
            let folder = try TemporaryDirectory("places")
            let file = URL(fileURLWithPath: folder.file("places.mmdb"))
            try Self.places("Paris").write(to: file)
            let scene = try await Scene.start { configuration in
                configuration.siteConsent = "{ default: denied }\n    internal: 203.0.113.99"
                configuration.extra = """
                    trusted_proxies: [127.0.0.1]
                    geo: { file: \(file.path) }
                    bots: { drop_above: 70 }
                    """
                configuration.destinations.append(("all", configuration.ga4(", when: { bot_score: { lt: 50 } }")))
            }
            try Self.visit(scene, "person", from: "203.0.113.7")
            try Self.visit(scene, "colleague", from: "203.0.113.99")
            try Self.visit(scene, "scraper", from: "203.0.113.8", as: "python-requests/2.31")
            let person = try Self.receipt(scene, "person")
            let event = person["copies"][0]["event"]
            #expect(event["ip_override"].string == "203.0.113.7")
            #expect(event["geo_city"].string == "Paris")
            #expect(event["bot_score"].int == 0)
            #expect(event["params"]["campaign_source"].string == "news")
            #expect(Self.reason(person, "meta") == nil && Self.reason(person, "all") == nil)
            let colleague = try Self.receipt(scene, "colleague")
            #expect(colleague["copies"][0]["event"]["params"]["traffic_type"].string == "internal")
            #expect(Self.reason(colleague, "meta") == "internal_traffic")
            let dropped = try scene.relay.admin.get("/api/v1/rejections").json().array.first {
                $0["kind"].string == "bot"
            }
            #expect(dropped?["reason"].string == "http_library")

            try Data("broken".utf8).write(to: file)
            #expect(await eventually { scene.relay.log.contains("the database of places cannot be renewed") })
            try Self.visit(scene, "meanwhile", from: "203.0.113.7")
            #expect(try Self.receipt(scene, "meanwhile")["copies"][0]["event"]["geo_city"].string == "Paris")
            try Self.places("Lutetia").write(to: file)
            #expect(await eventually { scene.relay.log.contains("the database of places was renewed") })
            try Self.visit(scene, "later", from: "203.0.113.7")
            #expect(try Self.receipt(scene, "later")["copies"][0]["event"]["geo_city"].string == "Lutetia")

            let metrics = try scene.relay.admin.get("/metrics").text
            #expect(metrics.contains("relais_bot_events_total{reason=\"http_library\"} 1"))
            #expect(metrics.contains("relais_bot_events_dropped_total 1"))
            #expect(
                metrics.contains("relais_events_not_sent_total{destination=\"meta\",reason=\"internal_traffic\"} 1")
            )
        }
    }
}
