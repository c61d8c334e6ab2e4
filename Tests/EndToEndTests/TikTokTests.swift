import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("TikTok")
    struct TikTokTests {
        private static func onlyTikTok(_ configuration: inout RelayConfiguration) {
            configuration.destinations = [("tiktok", configuration.tiktok(", concurrency: 1"))]
        }

        private func order(_ id: String, more: String = "") -> String {
            """
            {"event_name":"purchase","event_id":"\(id)","client_id":"4711.1795440000","transaction_id":"order-\(id)",\
            "currency":"EUR","value":129.90,"page_location":"https://shop.example/merci?ttclid=E.C.P.abc",\
            "user_agent":"\(EventText.userAgent)","ip_override":"203.0.113.24",\
            "items":[{"item_id":"1077218","item_name":"Marinière","price":64.95,"quantity":2}],\
            "user_data":{"email":" Alice_ABC@gmail.com","phone":"+1 213 373 4253","address":{"first_name":"Mary Ann",\
            "city":"New York","region":"NY","postal_code":"10001","country":"US"}}\(more)}
            """
        }

        @Test("gets an order in its own words, with hashes and the place in clear", .timeLimit(.minutes(2)))
        func order() async throws {
            let scene = try await Scene.start(Self.onlyTikTok)
            try scene.post(order("one"))
            try await scene.relay.waitUntilDelivered()
            let record = try #require(try scene.sandbox.received("tiktok").first)
            #expect(record["path"].string == "/business-api.tiktok.com/open_api/v1.3/event/track/")
            #expect(record["headers"]["access-token"].string == "token-tiktok-0123456789")
            #expect(record["problems"].array.isEmpty, "\(record["problems"])")
            #expect(record["body"]["event_source_id"].string == "C0TESTPIXEL0CODE")
            let event = record["body"]["data"].array[0]
            #expect(event["event"].string == "Purchase")
            #expect(event["event_id"].string == "one")
            let user = event["user"]
            #expect(
                user["email"].array.map(\.string) == [
                    "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"
                ]
            )
            #expect(
                user["phone"].array.map(\.string) == [
                    "9f7ec22d72092cd3c0b58726ed9c2d91b92e51a3f29837508fb2948bb22dd2fd"
                ]
            )
            #expect(
                user["first_name"].string == "343b97011010c3549fe7fcd6c226ed9431ea37b0b77ed78f6300a0098925faf1"
            )
            #expect(user["city"].string == "new york")
            #expect(user["state"].string == "ny")
            #expect(user["country"].string == "us")
            #expect(user["ttclid"].string == "E.C.P.abc")
            #expect(event["properties"]["order_id"].string == "order-one")
            #expect(event["properties"]["contents"].array[0]["content_id"].string == "1077218")
        }

        @Test("one event that it refuses does not sink the others", .timeLimit(.minutes(2)))
        func oneBadEvent() async throws {
            let scene = try await Scene.start(Self.onlyTikTok)
            try scene.sandbox.setFaults(
                """
                [{"vendor":"tiktok","match":"bad-one","status":200,"body":{"code":40002,\
                "message":"Invalid value for event_id: not a valid string.","request_id":"R","data":{}}}]
                """
            )
            let good = EventText.ids("good", 9)
            let all = Array(good[..<4]) + ["bad-one"] + Array(good[4...])
            try scene.post("[\(all.map { order($0) }.joined(separator: ","))]")
            let isDone = try await eventually {
                let destination = try scene.relay.destination("tiktok")
                return destination["delivered"].int == 9 && destination["dead"].int == 1
            }
            #expect(isDone)
            #expect(try scene.sandbox.eventIDs("tiktok").sorted() == good.sorted())
        }

        @Test("an event it names is rejected, the others go again without a search", .timeLimit(.minutes(2)))
        func oneNamedEvent() async throws {
            let scene = try await Scene.start(Self.onlyTikTok)
            try scene.sandbox.setFaults(
                """
                [{"vendor":"tiktok","status":200,"count":1,"body":{"code":40002,\
                "message":"Batch.1.properties.value: Not a valid number","request_id":"R","data":{}}}]
                """
            )
            let ids = EventText.ids("named", 3)
            try scene.post("[\(ids.map { order($0) }.joined(separator: ","))]")
            try await scene.relay.waitUntilDelivered()
            let requests = try scene.sandbox.received("tiktok")
            try #require(requests.first?["events"].array.count == 3)
            #expect(try scene.sandbox.eventIDs("tiktok").sorted() == ["named-0", "named-2"])
            #expect((try scene.relay.destination("tiktok"))["dead"].int == 1)
            #expect(requests.count == 3)
        }

        @Test(
            "a rate limit in an answer of 200 pauses it, and afterwards each event arrives once",
            .timeLimit(.minutes(2))
        )
        func rateLimit() async throws {
            let scene = try await Scene.start(Self.onlyTikTok)
            try scene.sandbox.setFaults(
                """
                [{"vendor":"tiktok","status":200,"headers":{"retry-after":"2"},"count":1,"body":{"code":40100,\
                "message":"Too many requests. Please retry in some time.","request_id":"R","data":{}}}]
                """
            )
            let sent = ContinuousClock.now
            let ids = EventText.ids("limited", 30)
            for start in stride(from: 0, to: ids.count, by: 5) {
                try scene.post("[\(ids[start..<start + 5].map { order($0) }.joined(separator: ","))]")
            }
            let isThrottled = try await eventually {
                (try scene.relay.destination("tiktok"))["state"].string == "throttled"
            }
            #expect(isThrottled)
            try await scene.relay.waitUntilDelivered()
            #expect(ContinuousClock.now - sent >= .milliseconds(1_800))
            #expect(try scene.sandbox.eventIDs("tiktok") == ids)
        }

        @Test(
            "a token it refuses in an answer of 200 stops the destination and keeps its events",
            .timeLimit(.minutes(2))
        )
        func refusedToken() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations = [("tiktok", configuration.tiktok(token: "expired-token-0123456789"))]
            }
            try scene.post(order("kept"))
            let isStopped = try await eventually {
                (try scene.relay.destination("tiktok"))["state"].string == "auth_stop"
            }
            #expect(isStopped)
            try await scene.relay.terminate()
            scene.relay.configuration.destinations = [("tiktok", scene.relay.configuration.tiktok())]
            try await scene.relay.start()
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("tiktok") == ["kept"])
        }
    }
}
