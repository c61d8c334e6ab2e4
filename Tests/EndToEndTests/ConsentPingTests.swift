import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("A hit that consent keeps back")
    struct ConsentPingTests {
        private static let person = "customer-4711"
        private static let clientID = "1747939876.1795445369"
        private static let pageLoad = "1795445369299"

        private static func hit(_ name: String, consent: String, hit: Int, more: String = "") -> String {
            "/g/collect?v=2&tid=G-TEST123456&_p=\(pageLoad)&cid=\(clientID)&sid=1795445369&sct=7&seg=1&_s=\(hit)"
                + "&ul=fr-fr&sr=1280x800&dl=https%3A%2F%2Fshop.example%2Fa%3Futm_source%3Dx%26gclid%3DTeSt123"
                + "&en=\(name)&\(consent)\(more)"
        }

        private static let denied = "gcs=G100&gcd=13p3p3p2p5l1&npa=1&dma=1&dma_cps=-&pscdl=denied&gtm_up=1"
        private static let unset = "gcs=G1--&gcd=13l3l3l3l1l1&npa=0&dma=1&dma_cps=syphamo"
        private static let granted = "gcs=G111&gcd=13r3r3r3r5l1&npa=0&dma=1&dma_cps=syphamo"

        private func scene(_ more: String = ", when_denied: ping") async throws -> Scene {
            try await Scene.start { configuration in
                configuration.destinations = [("ga4", configuration.ga4(more)), ("meta", configuration.meta())]
            }
        }

        private func send(_ target: String, to scene: Scene) throws {
            let headers = [
                (name: "origin", value: "https://shop.example"),
                (name: "cookie", value: "_ga=GA1.1.\(Self.clientID); _fbp=fb.1.1795445369.99887766"),
                (name: "user-agent", value: EventText.userAgent),
            ]
            #expect(try scene.relay.client.get(target, headers: headers).status < 300)
        }

        private func pings(_ scene: Scene) throws -> [JSONValue] {
            try scene.sandbox.received("ga4").map { $0["query"] }
        }

        @Test("reaches GA4 as a ping that tells nobody apart, and nothing else of it is kept", .timeLimit(.minutes(2)))
        func ping() async throws {
            let scene = try await scene()
            let more = "&uid=\(Self.person)&up.plan=gold&ep.method=card"
            try send(Self.hit("page_view", consent: Self.unset, hit: 1, more: more), to: scene)
            try await scene.relay.waitUntilDelivered()
            let query = try #require(try pings(scene).first)
            #expect(query["gcs"].string == "G100" && query["gcd"].string == "13p3p3p3p5l1")
            #expect(query["npa"].string == "1" && query["dma_cps"].string == "-" && query["_uip"].string == "::")
            #expect(query["cid"].string?.hasSuffix(".1795445369") == true && query["cid"].string != Self.clientID)
            #expect(query["dl"].string == "https://shop.example/a?utm_source=x")
            #expect(query["ep.method"].string == "card")
            for key in ["uid", "up.plan"] { #expect(query[key].string == nil) }
            #expect(try scene.problems().isEmpty)
            #expect(try scene.sandbox.received("meta").isEmpty)
            let receipt = try await ReceiptTests.show(scene, "seq:1")
            let decisions = receipt["copies"][0]["decisions"].array
            #expect(decisions.map { $0["reason"].string } == ["consent_ping", "consent_unset"])
            #expect(decisions[0]["ping"].bool == true)
            #expect(receipt["destinations"][0]["attempts"][0]["request"]["exact"].bool == true)
            #expect(receipt["destinations"][0]["attempts"][0]["request"]["note"].string == "g_collect:ping")
            try await scene.relay.terminate()
            for file in TemporaryDirectory.files(below: scene.relay.stateDirectory) {
                for secret in [Self.person, Self.clientID, "99887766", "TeSt123"] {
                    #expect(!TemporaryDirectory.bytes(of: file).contains(Array(secret.utf8)), "\(secret) in \(file)")
                }
            }
        }

        @Test("is not sent again to GA4 when the tag repeats it after consent", .timeLimit(.minutes(2)))
        func consentUpdate() async throws {
            let scene = try await scene()
            try send(Self.hit("page_view", consent: Self.denied, hit: 1), to: scene)
            try await scene.relay.waitUntilDelivered()
            try send(Self.hit("page_view", consent: Self.granted, hit: 3, more: "&gcu=1&sst.gcut=1.2.3.4"), to: scene)
            try await scene.relay.waitUntilDelivered()
            #expect(try pings(scene).map { $0["gcs"].string } == ["G100"])
            #expect(try pings(scene).first?["cid"].string == Self.clientID)
            #expect(try scene.sandbox.received("meta").count == 1)
            let receipt = try await ReceiptTests.show(scene, "seq:2")
            let copies = receipt["copies"].array
            #expect(copies.map { $0["decisions"][0]["reason"].string } == ["consent_update_copy", "consent_ping"])
            #expect(receipt["destinations"].array.map { $0["now"]["state"].string } == ["sent", "delivered"])
        }

        @Test("stays where it is without when_denied: ping", .timeLimit(.minutes(2)))
        func drop() async throws {
            let scene = try await scene("")
            try send(Self.hit("page_view", consent: Self.denied, hit: 1), to: scene)
            try send(Self.hit("page_view", consent: Self.granted, hit: 3, more: "&gcu=1"), to: scene)
            try await scene.relay.waitUntilDelivered()
            #expect(try pings(scene).map { $0["gcs"].string } == ["G111"])
        }
    }

    @Suite("GA4's validation")
    struct ValidationTests {
        @Test("is in the receipt and keeps nothing back", .timeLimit(.minutes(2)))
        func messages() async throws {
            let scene = try await Scene.start { configuration in
                let ga4 = configuration.ga4().replacing("endpoint:", with: "validate: true, endpoint:")
                configuration.destinations = [("ga4", ga4)]
            }
            let title = String(repeating: "x", count: 301)
            let event = EventText.purchase("valid-1").dropLast()
            try scene.post(event + #","page_title":"\#(title)","params":{"ga_mine":1}}"#)
            try await scene.relay.waitUntilDelivered()
            let paths = try scene.sandbox.received("ga4").compactMap { $0["path"].string }
            #expect(paths.map { $0.hasSuffix("/debug/mp/collect") }.sorted { !$0 && $1 } == [false, true], "\(paths)")
            let receipt = try await ReceiptTests.show(scene, "valid-1")
            let attempt = receipt["destinations"][0]["attempts"][0]
            #expect(receipt["destinations"][0]["now"]["state"].string == "sent")
            #expect(["validated", "sent"].contains(attempt["verdict"]["reason"].string))
            #expect(
                attempt["parts"].array.map { $0["part"].string } == ["measurement_protocol:not_gtag", "validation"]
            )
            let messages = attempt["messages"].array.compactMap { $0.string }
            #expect(messages.contains("VALUE_OUT_OF_BOUNDS: page_title cut to the 300 characters that GA4 keeps"))
            #expect(messages.contains { $0.hasPrefix("NAME_RESERVED: parameter ga_mine left out") })
            let text = try await scene.relay.command(["events", "show", "valid-1"])
            #expect(text.output.contains("the plugin says: NAME_RESERVED: parameter ga_mine"))
        }
    }
}
