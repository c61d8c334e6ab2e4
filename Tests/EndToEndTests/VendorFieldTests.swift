import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Fields of the vendors")
    struct VendorFieldTests {
        private func order(_ more: String = "") -> String {
            """
            {"event_name":"purchase","client_id":"4711.1795440000","transaction_id":"T-1001","currency":"EUR",\
            "value":129.90,"page_location":"https://shop.example/merci","user_agent":"\(EventText.userAgent)",\
            "ip_override":"203.0.113.24","params":{"loyalty_tier":"gold","seats":3,"note":"ask jane@example.com"}\(more)}
            """
        }

        @Test(
            "params and purchase_id reach Meta, TikTok and LinkedIn in the vendors' own words",
            .timeLimit(.minutes(2))
        )
        func mapped() async throws {
            let scene = try await Scene.start { configuration in
                let more = { (object: String) in
                    """
                    , purchase_id: transaction_id, params: { params.loyalty_tier: \(object).loyalty_tier, \
                    params.seats: \(object).seats, params.note: \(object).note }
                    """
                }
                configuration.destinations = [
                    (
                        "meta",
                        configuration.meta(more("custom_data")).replacing(
                            "browser_tag: false",
                            with: "browser_tag: true"
                        )
                    ),
                    ("tiktok", configuration.tiktok(more("properties"))),
                    (
                        "linkedin",
                        configuration.linkedin(
                            ["{ event: purchase, rule: 123456 }"],
                            after: ", purchase_id: transaction_id, params: { params.loyalty_tier: user.externalIds }"
                        )
                    ),
                ]
            }
            try scene.post(order())
            try await scene.relay.waitUntilDelivered()
            let meta = try #require(try scene.sandbox.received("meta").first)
            #expect(meta["problems"].array.isEmpty, "\(meta["problems"])")
            let purchase = meta["body"]["data"][0]
            #expect(purchase["event_id"].string == "T-1001")
            #expect(purchase["custom_data"]["loyalty_tier"].string == "gold")
            #expect(purchase["custom_data"]["seats"].int == 3)
            #expect(purchase["custom_data"]["note"].string?.contains("jane@example.com") == false)
            let tiktok = try #require(try scene.sandbox.received("tiktok").first)["body"]["data"][0]
            #expect(tiktok["event_id"].string == "T-1001")
            #expect(tiktok["properties"]["seats"].int == 3)
            let linkedin = try #require(try scene.sandbox.received("linkedin").first)["body"]["elements"][0]
            #expect(linkedin["eventId"].string == "T-1001")
            #expect(linkedin["user"]["externalIds"][0].string == "gold")
        }

        @Test("what a plugin leaves out of an event is in that event's receipt", .timeLimit(.minutes(2)))
        func leftOut() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations = [
                    ("ga4", configuration.ga4()), ("meta", configuration.meta()), ("tiktok", configuration.tiktok()),
                    ("linkedin", configuration.linkedin(["{ event: add_to_cart, rule: 123456 }"])),
                ]
            }
            try scene.post(
                """
                {"event_name":"add_to_cart","event_id":"c-1","client_id":"4711.1795440000","currency":"XXZ","value":12.5,\
                "page_location":"https://shop.example/c","user_agent":"\(EventText.userAgent)","ip_override":"203.0.113.24"}
                """
            )
            try scene.post(
                """
                {"event_name":"add_to_cart","event_id":"c-2","client_id":"4711.1795440000","currency":"EUR","value":12.5,\
                "page_location":"https://shop.example/c","user_agent":"\(EventText.userAgent)","ip_override":"203.0.113.24"}
                """
            )
            try await scene.relay.waitUntilDelivered()
            for (id, isToBeTold) in [("c-1", true), ("c-2", false)] {
                let destinations = try await ReceiptTests.show(scene, id)["destinations"].array
                #expect(destinations.count == 4)
                for destination in destinations {
                    let messages = destination["attempts"][0]["messages"].array.compactMap { $0.string }
                    let isTold = messages.contains { $0.contains("currency is n") || $0.contains("currency left out") }
                    #expect(isTold == isToBeTold, "\(destination["name"]) of \(id): \(messages)")
                }
            }
            let collected = try #require(try scene.sandbox.received("ga4").first)
            #expect(collected["problems"].array.isEmpty, "\(collected["problems"])")
        }

        @Test(
            "a field that a vendor has not, or a plugin without params, is an error at its line",
            .timeLimit(.minutes(1))
        )
        func refused() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [
                    ("ga4", configuration.ga4(", params: { params.tier: tier }")),
                    ("meta", configuration.meta(", params: { params.tier: user_data.em }")),
                    ("tiktok", configuration.tiktok()),
                ]
                configuration.destinations[2].value = configuration.destinations[2].value
                    .replacing("pixel_code:", with: "params: {}, pixel_code:")
            }
            let result = try await ConfigurationTests.check(scene)
            let text = result.output + result.errors
            #expect(result.status == 2)
            let lines = scene.relay.configuration.yaml.split(separator: "\n", omittingEmptySubsequences: false)
            for (name, words) in [
                ("ga4", "destinations.ga4.params: the plugin \"ga4\" does not take `params`; remove it"),
                ("tiktok", "`params` stands beside `config`, not in it"),
            ] {
                let line = try #require(lines.firstIndex { $0.hasPrefix("  \(name):") }) + 1
                #expect(text.contains("checked.yaml:\(line):") && text.contains(words), "\(name) in \(text)")
            }
        }

        @Test("a field that Meta has not is told where the file names it", .timeLimit(.minutes(1)))
        func refusedByThePlugin() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [("meta", configuration.meta(", params: { params.tier: user_data.em }"))]
            }
            let result = try await ConfigurationTests.check(scene)
            let text = result.output + result.errors
            #expect(result.status != 0)
            #expect(text.contains("destinations.meta.params.params.tier: Meta has no such field"), "\(text)")
        }

        @Test("an event of a shop is taken long after one of the web", .timeLimit(.minutes(2)))
        func shop() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations = [
                    (
                        "meta",
                        configuration.meta().replacing(
                            "pixel_id:",
                            with: "action_source: { server: physical_store }, pixel_id:"
                        )
                    )
                ]
            }
            let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
            let days = { (count: Int64) in
                ",\"event_id\":\"\(count)-days\",\"timestamp_micros\":\(now - count * 86_400_000_000)"
            }
            try scene.post(order(days(30)))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["30-days"])
        }
    }
}
