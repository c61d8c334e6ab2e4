import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    private static let browserFolder = "\(Scene.repository)/.build/browser"
    private static let hasBrowser = FileManager.default.fileExists(atPath: "\(browserFolder)/ready")

    /// Pages in Chromium, over TLS on a host of the site's own. `scripts/browser.sh` makes what they need.
    @Suite("Browser", .enabled(if: hasBrowser, "Chromium or Playwright is missing: scripts/browser.sh"))
    struct BrowserTests {
        private static let fixtures = "\(Scene.repository)/Tests/EndToEndTests/Fixtures/browser"

        /// A relay that speaks TLS as `t.shop.example`.
        private static func start(_ change: (inout RelayConfiguration) throws -> Void = { _ in }) async throws -> Scene
        {
            let scene = try await Scene.prepare { configuration in
                configuration.extra = "tls: { certificate: chain.pem, key: key.pem }"
                configuration.destinations = [("ga4", configuration.ga4()), ("meta", configuration.meta())]
                try change(&configuration)
            }
            try await Certificate.make(
                in: scene.relay.directory,
                name: "t.shop.example",
                names: "DNS:t.shop.example"
            )
            try scene.relay.launch()
            try #require(await eventually { scene.relay.log.contains("collecting") }, "\(scene.relay.log)")
            return scene
        }

        private static func run(_ scenario: String, _ scene: Scene, _ arguments: [String] = []) async throws
            -> JSONValue
        {
            let result = try await CommandResult.of(
                "\(browserFolder)/bin/python",
                ["\(fixtures)/browser.py", scenario, "\(scene.relay.configuration.port)"] + arguments,
                environment: ProcessInfo.processInfo.environment,
                within: .seconds(90)
            )
            try #require(result.status == 0, "\(result.errors)\(result.output)\(scene.relay.log)")
            return try result.json()
        }

        private static func names(_ events: JSONValue) -> [String] {
            events.array.map { $0["event_name"].string ?? "" }
        }

        private static func ids(_ events: JSONValue) -> [String] { events.array.map { $0["event_id"].string ?? "" } }

        private static func texts(_ value: JSONValue) -> [String] { value.array.compactMap(\.string) }

        @Test("views and events of a page reach the destinations", .timeLimit(.minutes(3)))
        func views() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("views", scene)
            let events = seen["events"]
            #expect(Self.names(events) == ["page_view", "sign_up", "page_view", "purchase", "page_view", "page_view"])
            let pages = events.array.filter { $0["event_name"].string == "page_view" }
            #expect(
                pages.map { $0["page_location"].string } == [
                    "https://shop.example/?gclid=TeSt123", "https://shop.example/mug?x=1",
                    "https://shop.example/?gclid=TeSt123", "https://shop.example/later",
                ]
            )
            #expect(pages[1]["page_title"].string == "Mug")
            #expect(pages[1]["page_referrer"].string == "https://shop.example/?gclid=TeSt123")
            #expect(Set(events.array.map { $0["client_id"].string }).count == 1)
            #expect(Set(events.array.map { $0["session_id"].string }).count == 1)
            #expect(
                events.array.allSatisfy {
                    $0["session_number"].int == 1 && $0["consent"]["ad_storage"].string == "granted"
                }
            )
            let clientID = try #require(events[0]["client_id"].string)
            let cookie = try #require(seen["cookies"].array.first { $0["name"].string == "_ga" })
            #expect(cookie["value"].string == "GA1.1.\(clientID)")
            #expect(cookie["domain"].string == ".shop.example" && cookie["secure"].bool == true)
            #expect(cookie["sameSite"].string == "Lax")
            for (name, start) in [("_fbp", "fb.1."), ("_gcl_aw", "GCL.")] {
                let made = seen["cookies"].array.first { $0["name"].string == name }
                #expect(made?["value"].string?.hasPrefix(start) == true, "by the relay: \(seen["cookies"])")
                #expect(made?["domain"].string == ".shop.example" && made?["secure"].bool == true)
            }

            try await scene.relay.waitUntilDelivered()
            #expect(try scene.problems() == [])
            #expect(try Set(scene.sandbox.eventIDs("meta")) == Set(Self.ids(events)))
            #expect(try Set(scene.sandbox.eventIDs("ga4")) == Set(Self.ids(events)))
        }

        @Test("nothing is stored without consent; with it the events go out once more", .timeLimit(.minutes(3)))
        func consent() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("refused", scene)
            let events = seen["events"]
            #expect(Self.names(events) == ["page_view", "purchase", "page_view", "purchase", "search"])
            #expect(Array(Self.ids(events)[..<2]) == Array(Self.ids(events)[2..<4]))
            #expect(
                events.array.map { $0["consent"]["analytics_storage"].string }
                    == ["pending", "pending", "granted", "granted", "denied"]
            )
            #expect(Self.texts(seen["before"]) == [])
            #expect(Self.texts(seen["granted"]).contains { $0.hasPrefix("_ga=GA1.1.") })
            #expect(Self.texts(seen["granted"]).contains("relais.session"))
            #expect(Self.texts(seen["after"]) == [])

            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").sorted() == Array(Self.ids(events)[2..<4]).sorted())
        }

        @Test("what cannot be sent waits for a network, over the end of the page", .timeLimit(.minutes(3)))
        func offline() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("offline", scene)
            #expect(seen["kept"].array.count == 1 && !"\(seen["kept"])".contains("jane"))
            #expect(seen["left"].int == 0 && seen["waiting"].int == 0)
            try await scene.relay.waitUntilDelivered()
            let delivered = try scene.sandbox.events("meta").compactMap { $0["event_name"].string }
            #expect(delivered.sorted() == ["Lead", "PageView", "PageView", "Purchase"])
            let late = seen["events"].array.filter { $0["event_name"].string == "generate_lead" }
            #expect(late.contains { $0["age_msec"].int ?? 0 > 1000 })
        }

        @Test(
            "an event of the last moment arrives, and one that was refused for now comes again",
            .timeLimit(.minutes(3))
        )
        func leaving() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("leaving", scene)
            let last = seen["events"].array.filter { $0["event_name"].string == "select_content" }
            #expect(Set(last.map { $0["event_id"].string }).count == 1)
            #expect(seen["refusals"].int == 2)
            let searches = seen["events"].array.filter { $0["event_name"].string == "search" }
            #expect(searches.count == 3 && Set(searches.map { $0["event_id"].string }).count == 1)
            #expect(!Self.texts(seen["storage"]).contains { $0.hasPrefix("relais.queue.") })
            try await scene.relay.waitUntilDelivered()
            let delivered = try scene.sandbox.events("ga4").compactMap { $0["event_name"].string }
            #expect(delivered.sorted() == ["page_view", "page_view", "search", "select_content"])
        }

        @Test("browser pixels hear the relay's event ids", .timeLimit(.minutes(3)))
        func pixels() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("shared", scene)
            let ids = Dictionary(zip(Self.names(seen["events"]), Self.ids(seen["events"]))) { first, _ in first }
            let fbq = seen["pixels"]["fbq"].array
            #expect(fbq.map { $0[1].string } == ["PageView", "Purchase", "Lead", "Search"])
            let shown = fbq.map { $0[3]["eventID"].string }
            #expect(shown == [ids["page_view"], ids["purchase"], "mine", ids["search"]])
            #expect(fbq[1][2]["value"].text == "25.5" && fbq[1][2]["contents"][0]["id"].string == "SKU_1")
            let ttq = seen["pixels"]["ttq"].array
            #expect(ttq.map { $0[0].string } == ["Purchase", "SubmitForm", "Search"])
            #expect(ttq.map { $0[2]["event_id"].string } == [ids["purchase"], "mine", ids["search"]])
            #expect(ttq[0][1]["contents"][0]["content_id"].string == "SKU_1")
            let gtag = seen["pixels"]["gtag"].array
            #expect(gtag.map { $0[1].string } == ["page_view", "purchase", "newsletter", "search"])
            #expect(gtag.map { $0[2]["event_id"].string } == shown)
            #expect(seen["denied"]["fbq"].array.count == 4 && seen["denied"]["gtag"].array.count == 5)
            #expect(seen["returned"].string == ids["purchase"] && seen["called"].string == ids["search"])
        }

        @Test("what is pushed to the dataLayer is sent", .timeLimit(.minutes(3)))
        func dataLayer() async throws {
            let scene = try await Self.start()
            let seen = try await Self.run("bridge", scene)
            let events = seen["events"].array
            #expect(Self.names(seen["events"]) == ["page_view", "login", "purchase", "odd"])
            #expect(events[1]["method"].string == "form" && events[1]["send_to"] == .null)
            #expect(events[1]["consent"]["analytics_storage"].string == "granted")
            #expect(events[2]["transaction_id"].string == "T-1" && events[2]["user_id"].string == "u-1")
            #expect(events[2]["event_id"].string == seen["layer"].string)
            #expect(events[2]["gtm.uniqueEventId"] == .null && events[3]["node"] == .null)
        }

        @Test("the session is gtag's where gtag runs, else one that pages share", .timeLimit(.minutes(3)))
        func session() async throws {
            let scene = try await Self.start()
            let events = try await Self.run("session", scene)["events"].array
            #expect(events[0]["session_id"].string == events[1]["session_id"].string)
            #expect(events[0]["client_id"].string == events[1]["client_id"].string)
            #expect(events[2]["session_id"].string == "1764340309" && events[2]["session_number"].text == "5")
            #expect(events[2]["client_id"].string == "1307714608.1760043792")
        }

        @Test("a page requests what the answers of its hits say, once for each event", .timeLimit(.minutes(3)))
        func told() async throws {
            let scene = try await Self.start { configuration in
                configuration.webExtra = """
                    , browser_requests: { \
                    image: { when: { event_name: { eq: purchase } }, send_pixel: "https://pixel.example/i?o={transaction_id}" }, \
                    call: { when: { value: { gt: 6 } }, fetch: "https://pixel.example/f?v={value}" } }
                    """
            }
            let seen = try await Self.run("told", scene)
            #expect(seen["statuses"].array.map(\.int) == [204, 200, 204, 200])
            #expect(
                seen["asked"].array.map(Self.texts).sorted { $0[1] < $1[1] } == [
                    ["fetch", "https://pixel.example/f?v=7"], ["image", "https://pixel.example/i?o=T%262"],
                    ["image", "https://pixel.example/i?o=T1"],
                ]
            )
        }

        @Test("Segment's browser SDK sends as it is", .timeLimit(.minutes(3)))
        func segment() async throws {
            let scene = try await Self.start { $0.siteConsent = "{ default: granted }" }
            let seen = try await Self.run("segment", scene)
            #expect(seen["statuses"].array.map(\.int) == [200, 200, 200, 200, 200, 200, 200, 204], "\(seen)")
            #expect(seen["rate"].int == 0)
            #expect(seen["metrics"].string == "t.shop.example:\(scene.relay.configuration.port)/v1")
            let events = try scene.relay.admin.get("/api/v1/events?limit=50").json().array
            let taken = Set(events.compactMap { $0["event_id"].string })
            #expect(taken.isSuperset(of: (1...9).map { "s-\($0)" }), "\(taken)")
        }

        @Test("a script of Google's from the site's own host sends its hits there", .timeLimit(.minutes(3)))
        func gtag() async throws {
            let upstream = try FreePort.next()
            let scene = try await Self.start { configuration in
                configuration.siteExtra =
                    "paths: { gtag: /m/c }\n    google_scripts: { gtag: /m/g.js, upstream: \"http://127.0.0.1:\(upstream)\" }"
            }
            let recording = "\(Scene.repository)/Tests/RelaisIngestTests/Fixtures/browser-session.jsonl"
            let seen = try await Self.run("gtag", scene, [recording, "\(upstream)"])
            #expect(seen["hits"].array.count == seen["rows"].int)
            #expect(Self.texts(seen["foreign"]) == [])
            #expect(seen["last"][0].int == 204 || seen["last"][0].int == 200)
            let cookie = try #require(seen["cookies"].array.first { $0["name"].string == "_ga" }, "\(seen["cookies"])")
            #expect(cookie["value"].string?.hasPrefix("GA1.") == true && cookie["domain"].string == ".shop.example")
            #expect(cookie["secure"].bool == true && cookie["httpOnly"].bool == false)
            #expect(cookie["expires"].number ?? 0 > Date().timeIntervalSince1970 + 390 * 86_400)
            try await scene.relay.waitUntilDelivered()
            let delivered = try scene.sandbox.events("ga4").compactMap { $0["event_name"].string }
            #expect(Set(delivered).isSuperset(of: ["page_view", "view_item", "add_to_cart", "purchase"]))
            #expect(try scene.sandbox.received("ga4").allSatisfy { $0["problems"].array.isEmpty })

            let cookies = seen["cookies"].array
            let google = try #require(cookies.first { $0["name"].string == "_ga" })
            #expect(google["value"].string?.hasPrefix("GA1.1.") == true && google["domain"].string == ".shop.example")
            #expect(google["secure"].bool == true && google["httpOnly"].bool == false)
            #expect(google["sameSite"].string == "Lax")
            let days = ((google["expires"].number ?? 0) - Date().timeIntervalSince1970) / 86_400
            #expect((399...400).contains(days))
            #expect(cookies.contains { $0["name"].string == "_fbp" && $0["secure"].bool == true })
        }
    }
}
