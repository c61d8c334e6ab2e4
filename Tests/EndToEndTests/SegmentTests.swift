import Foundation
import RelaisTestKit
import Testing

/// The published SDKs, installed by `scripts/test-clients.sh`.
private enum SDK: String, CaseIterable, CustomTestStringConvertible {
    case segment, rudder

    static let python = "\(Scene.repository)/.build/clients/bin/python"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    /// Less than what `store.min_free` can be made to keep.
    static var canFindDiskFull: Bool {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: NSTemporaryDirectory())
        return ((attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? .max) < 1 << 40
    }

    var testDescription: String { rawValue }

    private static func script() throws -> String {
        try #require(Bundle.module.path(forResource: "Fixtures/clients/sdk", ofType: "py"))
    }

    private func arguments(_ scene: Scene, _ count: Int, _ key: String) throws -> [String] {
        [try Self.script(), rawValue, "http://127.0.0.1:\(scene.relay.configuration.port)", key, rawValue, "\(count)"]
    }

    /// Sends the four messages of the script and `count` more; what it says of them.
    func run(_ scene: Scene, _ count: Int, key: String = RelayConfiguration.writeKey) async throws -> JSONValue {
        let result = try await CommandResult.of(
            Self.python,
            try arguments(scene, count, key),
            within: .seconds(120)
        )
        guard result.status == 0 else { throw TestFailure(result.errors) }
        return try result.json()
    }

    func start(_ scene: Scene, _ count: Int, output: String) throws -> ChildProcess {
        try ChildProcess(
            Self.python,
            try arguments(scene, count, RelayConfiguration.writeKey),
            output: output,
            errors: output + ".err"
        )
    }

    func ids(_ count: Int) -> Set<String> {
        Set(["page", "order", "private"].map { "\(rawValue)-\($0)" } + (0..<count).map { "\(rawValue)-added-\($0)" })
    }

    static let nothingLost = JSONValue.object(["given_up": .number(0), "errors": .array([])])
}

extension EndToEnd {
    @Suite("The Segment spec")
    struct SegmentTests {
        @Test(
            "is what the SDKs speak: their events arrive mapped",
            .enabled(if: SDK.isInstalled),
            .timeLimit(.minutes(3)),
            arguments: SDK.allCases
        )
        fileprivate func mapped(_ sdk: SDK) async throws {
            let scene = try await Scene.start()
            #expect(try await sdk.run(scene, 1) == SDK.nothingLost)
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.problems() == [])

            let google = try scene.sandbox.received("ga4").flatMap { $0["body"]["events"].array }
            let names = google.compactMap { $0["name"].string }
            #expect(names.sorted() == ["add_to_cart", "identify", "page_view", "purchase", "purchase"])
            let purchase = try #require(google.first { $0["params"]["transaction_id"].string == "O-1" })["params"]
            #expect(purchase["value"].number == 129.9)
            #expect(purchase["currency"].string == "EUR")
            #expect(purchase["items"][0]["item_id"].string == "SKU-1")
            #expect(purchase["items"][1]["item_name"].string == "Shoes")
            let added = try #require(google.first { $0["name"].string == "add_to_cart" })["params"]
            #expect(added["value"].number == 56.97)
            let identify = try #require(try scene.sandbox.received("ga4").first)["body"]
            #expect(identify["client_id"].string == "1747939876.1695445369")
            #expect(identify["user_id"].string == "u-1")

            let meta = try scene.sandbox.received("meta").flatMap { $0["body"]["data"].array }
            let order = try #require(meta.first { $0["event_id"].string == "\(sdk.rawValue)-order" })
            #expect(order["event_name"].string == "Purchase")
            #expect(order["custom_data"]["value"].number == 129.9)
            #expect(order["event_source_url"].string == "https://shop.example/thanks")
            #expect(order["user_data"]["client_ip_address"].string == "203.0.113.9")
            #expect(
                order["user_data"]["em"][0].string == "13d855ce931073d4924ac377cda0e9a543908b9d6607727c8033d729c65eced6"
            )
            #expect(!meta.contains { $0["event_id"].string == "\(sdk.rawValue)-private" })
            let receipt = try scene.relay.admin.get("/api/v1/events/\(sdk.rawValue)-private").json()
            let reasons = receipt["copies"][0]["decisions"].array.compactMap { $0["reason"].string }
            #expect(reasons.contains("integrations"), "\(receipt)")
        }

        @Test(
            "has its SDKs wait when they come too often, and nothing is lost",
            .enabled(if: SDK.isInstalled),
            .timeLimit(.minutes(4)),
            arguments: SDK.allCases
        )
        fileprivate func rateLimited(_ sdk: SDK) async throws {
            let scene = try await Scene.start {
                $0.extra = "limits: { per_key: { requests_per_second: 2, burst: 2 } }"
            }
            #expect(try await sdk.run(scene, 31) == SDK.nothingLost)
            let kinds = try scene.relay.admin.get("/api/v1/rejections").json().array.compactMap { $0["kind"].string }
            #expect(kinds.contains("limited"))
            try await scene.relay.waitUntilDelivered()
            #expect(Set(try scene.sandbox.eventIDs("ga4").filter { !$0.hasPrefix("O-") }).count >= 31)
            #expect(Set(try scene.sandbox.eventIDs("meta")) == sdk.ids(31).subtracting(["\(sdk.rawValue)-private"]))
        }

        @Test(
            "has its SDKs send again what was refused for want of room",
            .enabled(if: SDK.isInstalled && SDK.canFindDiskFull),
            .timeLimit(.minutes(4)),
            arguments: SDK.allCases
        )
        fileprivate func refusedForNow(_ sdk: SDK) async throws {
            let scene = try await Scene.prepare { $0.extra = "store: { min_free: 1024GiB }" }
            try scene.relay.launch()
            let isFull = await eventually(within: .seconds(30)) {
                (try? scene.relay.client.get("/readyz"))?.status == 503
            }
            #expect(isFull)

            let output = scene.relay.directory.file("sdk.json")
            let process = try sdk.start(scene, 6, output: output)
            let isRefused = try await eventually(within: .seconds(30)) {
                try MetricsPage(scene.relay.admin.get("/metrics").text).sum(
                    "relais_events_rejected_total",
                    ["reason": "log_unavailable"]
                ) > 0
            }
            #expect(isRefused)
            try await scene.relay.terminate()
            scene.relay.configuration.extra = ""
            try await scene.relay.start()
            #expect(try await process.wait(within: .seconds(120)) == .exited(0))
            #expect(try JSONValue.parse(TemporaryDirectory.text(of: output)) == SDK.nothingLost)
            try await scene.relay.waitUntilDelivered(within: .seconds(120))
            let expected = sdk.ids(6).subtracting(["\(sdk.rawValue)-private"])
            #expect(expected.subtracting(try scene.sandbox.eventIDs("meta")) == [])
        }

        @Test(
            "has its SDKs give up at once what will never be taken",
            .enabled(if: SDK.isInstalled),
            .timeLimit(.minutes(3)),
            arguments: SDK.allCases
        )
        fileprivate func givenUp(_ sdk: SDK) async throws {
            let scene = try await Scene.start()
            let outcome = try await sdk.run(scene, 1, key: "no-such-key")
            #expect(outcome["given_up"].int == 5)
            let errors = outcome["errors"].array.compactMap(\.string)
            #expect(!errors.isEmpty && errors.allSatisfy { $0.contains("the write key is not known") }, "\(outcome)")
            let refused = try scene.relay.admin.get("/api/v1/rejections").json().array
            #expect(refused.count == errors.count)
        }

        @Test("is spoken by browsers with a public key and the site's origin", .timeLimit(.minutes(2)))
        func browsers() async throws {
            let scene = try await Scene.start { $0.siteConsent = "{ default: granted }" }
            let client = scene.relay.client
            let page: (name: String, value: String) = ("origin", "https://www.shop.example")
            let settings = try client.get("/v1/projects/\(RelayConfiguration.publicKey)/settings", headers: [page])
            #expect(settings.status == 200)
            #expect(settings.header("access-control-allow-origin") == page.value)
            let preflight = try client.request("OPTIONS", "/v1/track", headers: [page])
            #expect(preflight.header("access-control-allow-headers")?.contains("anonymousid") == true)

            func track(_ key: String, _ origin: String, id: String) throws -> HTTPAnswer {
                try client.post(
                    "/v1/t",
                    #"""
                    {"writeKey":"\#(key)","event":"Order Completed","anonymousId":"a-1","messageId":"\#(id)",
                    "properties":{"order_id":"\#(id)","revenue":5,"currency":"EUR"},
                    "context":{"page":{"url":"https://www.shop.example/thanks"}}}
                    """#,
                    headers: [("origin", origin), ("content-type", "text/plain"), ("user-agent", EventText.userAgent)]
                )
            }
            let taken = try track(RelayConfiguration.publicKey, page.value, id: "b-1")
            #expect(taken.status == 200)
            #expect(taken.text == #"{"success":true}"#)
            #expect(try track(RelayConfiguration.publicKey, "https://evil.example", id: "b-2").status == 403)
            let unknown = try track("other-key", page.value, id: "b-3")
            #expect(unknown.status == 401)
            #expect(try unknown.json()["code"].string == "unauthorized")
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["b-1"])
        }

        @Test("says what was wrong with a message, and takes the others", .timeLimit(.minutes(2)))
        func malformed() async throws {
            let scene = try await Scene.start()
            let some = try scene.relay.server.post(
                "/v1/batch",
                #"{"batch":[{"type":"track","userId":"u"},{"type":"page","userId":"u","messageId":"ok-1"}]}"#
            )
            #expect(some.status == 200)
            #expect(try some.json()["rejected"][0]["pointer"].string == "/event")
            let none = try scene.relay.server.post("/v1/track", #"{"event":"X"}"#)
            #expect(none.status == 400)
            #expect(try none.json()["message"].string?.contains("userId or an anonymousId") == true)
            let broken = try scene.relay.server.post("/v1/batch", #"{"batch":["#)
            #expect(broken.status == 400)
            #expect(try broken.json()["code"].string == "invalid_request")
            let large = try scene.relay.server.post("/v1/batch", String(repeating: " ", count: 1_100_000))
            #expect(large.status == 413)
            #expect(try large.json()["code"].string == "payload_too_large")
        }
    }
}
