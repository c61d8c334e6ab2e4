import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Hostile and clumsy traffic")
    struct HostileTrafficTests {
        @Test("is refused by key and origin, and a page's origin is echoed", .timeLimit(.minutes(2)))
        func keysAndOrigins() async throws {
            let scene = try await Scene.start()
            let event = EventText.purchase("origin-1")
            let wrongKey = try scene.relay.client.post(
                "/v1/events",
                event,
                headers: [("authorization", "Bearer nobody")]
            )
            #expect(wrongKey.status == 401)
            let nowhere = "{\"event_name\":\"purchase\",\"event_id\":\"nowhere-1\"}"
            #expect(try scene.relay.client.post("/v1/events", nowhere).status == 401)
            let elsewhere = event.replacing("https://shop.example/", with: "https://evil.example/")
            #expect(try scene.relay.client.post("/v1/events", elsewhere).status == 403)

            let page = "https://www.shop.example"
            let allowed = try scene.relay.client.post("/v1/events", event, headers: [("origin", page)])
            #expect(allowed.status == 202)
            #expect(allowed.header("access-control-allow-origin") == page)
            #expect(allowed.header("access-control-allow-credentials") == "true")
            #expect(allowed.header("vary")?.lowercased().contains("origin") == true)

            for stranger in [
                "https://evil.example", "https://shop.example.evil.example", "null", "https://notshop.example",
            ] {
                let refused = try scene.relay.client.post("/v1/events", event, headers: [("origin", stranger)])
                #expect(refused.status == 403, "\(stranger)")
                #expect(refused.header("access-control-allow-origin") == nil, "\(stranger)")
            }

            let preflight = try scene.relay.client.request(
                "OPTIONS",
                "/v1/events",
                headers: [
                    ("origin", page), ("access-control-request-method", "POST"),
                    ("access-control-request-headers", "content-type"),
                ]
            )
            #expect((200...204).contains(preflight.status))
            #expect(preflight.header("access-control-allow-origin") == page)
            #expect(preflight.header("access-control-allow-methods")?.contains("POST") == true)
        }

        @Test("larger than the limit is answered 413, and the relay goes on", .timeLimit(.minutes(2)))
        func tooLarge() async throws {
            let scene = try await Scene.start()
            let connection = try RawConnection(port: scene.relay.configuration.port)
            try connection.send(
                HTTPClient.bytes(
                    "POST",
                    "/v1/events",
                    headers: scene.relay.server.headers + [("content-length", String((1 << 20) + 1))]
                )
            )
            #expect(try connection.response().status == 413)

            let chunked = try RawConnection(port: scene.relay.configuration.port)
            try chunked.send(
                HTTPClient.bytes(
                    "POST",
                    "/v1/events",
                    headers: scene.relay.server.headers + [("transfer-encoding", "chunked")]
                )
            )
            let chunk = "10000\r\n\(String(repeating: " ", count: 0x10000))\r\n"
            for _ in 0..<17 { try? chunked.send(chunk) }
            #expect(try chunked.response().status == 413)
            #expect(try scene.post(EventText.purchase("after-413"))["accepted"].int == 1)
        }

        @Test("of garbage, deep nesting and broken frames changes nothing", .timeLimit(.minutes(2)))
        func garbage() async throws {
            let scene = try await Scene.start()
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<4 {
                let noise = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let connection = try RawConnection(port: scene.relay.configuration.port)
                try? connection.send(noise)
                connection.close()
                let body = Array(noise.prefix((1 << 20) - 1))
                let answer = try scene.relay.server.request("POST", "/v1/events", body: body)
                #expect(answer.status == 400)
                let gzip = try scene.relay.server.request(
                    "POST",
                    "/v1/events",
                    headers: [("content-encoding", "gzip")],
                    body: Array(body.prefix(65_536))
                )
                #expect([400, 413].contains(gzip.status))
            }
            for open in ["[", "{\"a\":"] {
                let bomb = String(repeating: open, count: 200_000)
                #expect(try scene.relay.server.post("/v1/events", bomb).status == 400)
            }
            let deepEvent =
                "{\"event_name\":\"x\",\"a\":\(String(repeating: "[", count: 30_000))\(String(repeating: "]", count: 30_000))}"
            #expect(try scene.relay.server.post("/v1/events", deepEvent).status == 400)
            for broken in [
                "GET / HTTP/9.9\r\n\r\n", "POST /v1/events HTTP/1.1\r\ncontent-length: -1\r\n\r\n", "\r\n\r\n\r\n",
                "\u{0}\u{1}",
            ] {
                let connection = try RawConnection(port: scene.relay.configuration.port)
                try connection.send(broken)
                connection.close()
            }
            let query = String(repeating: "ep.a=%F0%9F&en=%00&", count: 200)
            let hit = try scene.relay.client.get("/g/collect?\(query)", headers: [("origin", "https://shop.example")])
            #expect((200..<500).contains(hit.status))
            #expect(try scene.post(EventText.purchase("after-garbage"))["accepted"].int == 1)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["after-garbage"])
            #expect(scene.relay.process?.isRunning == true)
        }

        @Test("that crawls is cut, while others are served", .timeLimit(.minutes(2)))
        func slowloris() async throws {
            let scene = try await Scene.start { configuration in
                configuration.extra = "limits: { header_timeout: 1s, body_timeout: 1s, idle_timeout: 2s }"
            }
            let port = scene.relay.configuration.port
            let silent = try (0..<20).map { _ in try RawConnection(port: port) }
            let inHead = try (0..<20).map { _ in try RawConnection(port: port) }
            let inBody = try (0..<20).map { _ in try RawConnection(port: port) }
            for connection in inHead { try connection.send("POST /v1/events HTTP/1.1\r\nhost: x\r\nx-slow: ") }
            for connection in inBody {
                try connection.send(
                    HTTPClient.bytes(
                        "POST",
                        "/v1/events",
                        headers: scene.relay.server.headers + [("content-length", "1000")]
                    )
                )
            }
            let started = ContinuousClock.now
            while ContinuousClock.now - started < .milliseconds(3_500) {
                for connection in inHead + inBody { try? connection.send("a") }
                #expect(try scene.relay.client.get("/healthz").status == 200)
                try await Task.sleep(for: .milliseconds(250))
            }
            for connection in silent + inHead + inBody { #expect(connection.isClosedByPeer()) }
            #expect(ContinuousClock.now - started < .seconds(8))
        }

        @Test("pipelined on one connection is answered in order", .timeLimit(.minutes(2)))
        func pipelining() async throws {
            let scene = try await Scene.start()
            let connection = try RawConnection(port: scene.relay.configuration.port)
            var bytes: [UInt8] = []
            for index in 0..<50 {
                bytes += HTTPClient.bytes("GET", "/healthz")
                bytes += HTTPClient.bytes(
                    "POST",
                    "/v1/events",
                    headers: scene.relay.server.headers,
                    body: Array(EventText.array(EventText.ids("pipe-\(index)", 1 + index % 3)).utf8)
                )
            }
            try connection.send(bytes)
            for index in 0..<50 {
                #expect(try connection.response().status == 200)
                let answer = try connection.response()
                #expect(answer.status == 202)
                #expect(try answer.json()["accepted"].int == 1 + index % 3)
            }
            try connection.send(HTTPClient.bytes("GET", "/healthz"))
            #expect(try connection.response().status == 200)
        }
    }
}
