import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Rate limits")
    struct RateLimitTests {
        @Test("answer 429 that a browser can read, to the one who comes too often", .timeLimit(.minutes(2)))
        func limits() async throws {
            let scene = try await Scene.start { configuration in
                configuration.extra = """
                    trusted_proxies: [127.0.0.1]
                    limits:
                      per_ip: { requests_per_second: 1, burst: 5 }
                      per_key: { requests_per_second: 1, burst: 20 }
                    """
            }
            let page = "https://www.shop.example"
            func visit(_ address: String) throws -> HTTPAnswer {
                try scene.relay.client.post(
                    "/v1/events",
                    "{\"event_name\":\"page_view\"}",
                    headers: [("origin", page), ("x-forwarded-for", address)]
                )
            }
            for _ in 0..<5 { #expect(try visit("203.0.113.7").status == 202) }
            let refused = try visit("203.0.113.7")
            #expect(refused.status == 429)
            #expect(refused.header("retry-after") == "1")
            #expect(refused.header("access-control-allow-origin") == page)
            #expect(refused.header("access-control-expose-headers") == "retry-after")
            #expect(try refused.json()["error"].string?.contains("limits.per_ip") == true)
            #expect(try visit("203.0.113.8").status == 202)

            let statuses = try (0..<25).map { _ in
                try scene.relay.server.post(
                    "/v1/events",
                    "{\"event_name\":\"page_view\"}",
                    headers: [("x-forwarded-for", "203.0.113.7")]
                ).status
            }
            #expect(statuses.prefix(20).allSatisfy { $0 == 202 })
            #expect(statuses.contains(429))
            let kinds = try scene.relay.admin.get("/api/v1/rejections").json().array.compactMap { $0["kind"].string }
            #expect(kinds.contains("limited"))
            #expect(!scene.relay.log.contains("203.0.113"))
        }
    }
}
