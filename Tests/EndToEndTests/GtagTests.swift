import RelaisTestKit
import Testing

extension EndToEnd {
    /// What gtag.js sends with `transport_url` and `first_party_collection`, or with `server_container_url`.
    @Suite("gtag.js in server-container mode")
    struct GtagTests {
        private static let page: [(name: String, value: String)] = [
            ("origin", "https://shop.example"), ("user-agent", EventText.userAgent),
        ]
        private static let asked = "&gcs=G100&gcd=13p3p3p3p5l1&npa=1"
        private static let granted = "&gcs=G111&gcd=13r3r3r3r5l1&npa=0"

        private static func hit(_ item: String, _ consent: String, number: Int, _ more: String = "") -> String {
            "/metrics/g/collect?v=2&tid=G-TEST123456&gtm=45je61&_p=1795445369299&_s=\(number)&cid=4711.1795440000"
                + "&sid=1795445369&sct=1&dl=https%3A%2F%2Fshop.example%2Fproduct\(consent)&en=add_to_cart&_c=1&cu=EUR"
                + "&epn.value=5&pr1=id\(item)~pr5~qt1&sst.tft=1795445369299\(more)&tfd=900&richsstsse"
        }

        @Test("sends key events again after consent, and each reaches each destination once", .timeLimit(.minutes(2)))
        func consentCopies() async throws {
            let scene = try await Scene.start()
            func send(_ target: String) throws {
                let answer = try scene.relay.client.get(target, headers: Self.page)
                #expect(answer.status == 204)
                #expect(answer.header("access-control-allow-origin") == "https://shop.example")
                #expect(answer.header("cache-control") == "no-cache, no-store, must-revalidate")
            }
            try send(Self.hit("A", Self.asked, number: 1))
            try send(Self.hit("B", Self.asked, number: 2))
            for (number, item) in [(3, "A"), (4, "B"), (4, "B"), (5, "A")] {
                try send(Self.hit(item, Self.granted, number: number, "&gcu=1&sst.gcut=1.2.3.4"))
            }
            try await scene.relay.waitUntilDelivered()
            for vendor in ["meta", "ga4"] {
                #expect(try scene.sandbox.events(vendor).count == 2, "\(vendor)")
            }
            #expect(try scene.problems() == [])
        }

        @Test("reads in the answer what it is to request, once for each event", .timeLimit(.minutes(2)))
        func browserRequests() async throws {
            let rules = """
                , browser_requests: { cart: { when: { event_name: { eq: add_to_cart } }, \
                send_pixel: "https://pixel.example/p?n={event_name}&v={value}%20{currency}" } }
                """
            let scene = try await Scene.start { $0.webExtra = rules }
            func answer(_ target: String) throws -> String {
                let answer = try scene.relay.client.get(target, headers: Self.page)
                #expect(answer.status == (answer.text.isEmpty ? 204 : 200))
                return answer.text
            }
            let update = "&gcu=1&sst.gcut=1.2.3.4"
            #expect(try answer(Self.hit("A", Self.asked, number: 1)).isEmpty)
            let told = try answer(Self.hit("A", Self.granted, number: 2, update))
            let url = "https://pixel.example/p?n=add_to_cart&v=5%20EUR"
            #expect(told == "event: message\ndata: {\"send_pixel\":[\"\(url)\"]}\n\n")
            #expect(try answer(Self.hit("A", Self.granted, number: 3, update)).isEmpty)
            try await scene.relay.kill()
            try await scene.relay.start()
            #expect(try answer(Self.hit("A", Self.granted, number: 4, update)).isEmpty)

            let seq = try #require(try scene.relay.admin.get("/api/v1/events").json().array.first?["seq"].int)
            let receipt = try scene.relay.admin.get("/api/v1/events/seq:\(seq)").json()
            let story = receipt["copies"][0]["browser_requests"][0]
            #expect(story["outcome"].string == "entitled" && story["send_pixel"].string == url)
            let first = try scene.relay.admin.get("/api/v1/events/seq:1").json()["copies"][0]["browser_requests"][0]
            #expect(first["outcome"].string == "refused" && first["reason"].string == "consent_pending")
            #expect(receipt["destinations"].array.compactMap { $0["destination"].string } == ["ga4", "meta"])
            let shown = try await scene.relay.command(["events", "show", "seq:\(seq)"])
            #expect(shown.output.contains("the browser is told to send_pixel \(url)"), "\(shown.output)")
        }

        @Test("asks for a service worker and pings beside, and none of it is an event", .timeLimit(.minutes(2)))
        func asides() async throws {
            let scene = try await Scene.start()
            for path in [
                "/g/s/collect?v=2&tid=G-TEST123456", "/metrics/gs/ccm/collect?en=page_view",
                "/a?id=G-TEST123456&v=3&t=t",
                "/td?id=GTM-TEST&v=3", "/_/set_cookie?val=x", "/j/collect?v=1&tid=UA-1-1",
            ] {
                #expect(try scene.relay.client.get(path, headers: Self.page).status == 204, "\(path)")
            }
            let worker = try scene.relay.client.get("/metrics/_/service_worker/67r0/sw_iframe.html?1p=1")
            #expect(worker.status == 404)
            #expect(worker.header("cache-control") == "public, max-age=86400")
            #expect(try scene.relay.admin.get("/api/v1/events").json().array.isEmpty)
            let kinds = try scene.relay.admin.get("/api/v1/rejections").json().array.compactMap { $0["kind"].string }
            #expect(Set(kinds) == ["dropped"])
        }
    }
}
