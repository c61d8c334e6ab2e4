import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("A recorded browser session")
    struct RecordingTests {
        static let grantedVisitor = "1936322018.1795445396"
        static let lateVisitor = "907775145.1795445380"
        static let emailHash = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"
        static let phoneHash = "8a3e7886c9335e82e02299fa3e87b46e2de3b0c63d56003e30a5029394a47661"

        static func replay(
            _ change: (inout RelayConfiguration) throws -> Void = { _ in }
        ) async throws -> Scene {
            let scene = try await Scene.start(change)
            let recording = "\(Scene.repository)/deploy/demo/browser-session.jsonl"
            let sent = try await scene.installation.run(
                ["send", "--to", "http://127.0.0.1:\(scene.relay.configuration.port)", recording])
            #expect(sent.status == 0, "\(sent.output)\(sent.errors)")
            try await scene.relay.waitUntilDelivered()
            return scene
        }

        static func ga4EventNames(_ scene: Scene) throws -> [String: [String]] {
            var names: [String: [String]] = [:]
            for record in try scene.sandbox.received("ga4") {
                let visitor = record["query"]["cid"].string ?? "none"
                names[visitor, default: []] += record["events"].array.compactMap { $0["event_name"].string }
            }
            return names.mapValues { $0.sorted() }
        }

        static func metaEvents(_ scene: Scene) throws -> [JSONValue] {
            try scene.sandbox.received("meta").flatMap { $0["body"]["data"].array }
        }

        @Test("reaches both vendors exactly as far as its visitors agreed", .timeLimit(.minutes(2)))
        func entitledEventsArriveOnce() async throws {
            let scene = try await Self.replay()
            #expect(
                try Self.ga4EventNames(scene) == [
                    Self.grantedVisitor: ["add_to_cart", "page_view", "purchase", "user_engagement", "view_item"],
                    Self.lateVisitor: ["page_view", "purchase", "user_engagement", "user_engagement"],
                ]
            )
            let meta = try Self.metaEvents(scene)
            #expect(
                meta.compactMap { $0["event_name"].string }.sorted() == [
                    "AddToCart", "PageView", "PageView", "Purchase", "Purchase", "ViewContent",
                ]
            )
            #expect(Set(meta.compactMap { $0["event_id"].string }).count == meta.count)
            #expect(try scene.problems() == [])
        }

        @Test("keeps the times, money and ids of the granted purchase", .timeLimit(.minutes(2)))
        func purchaseIsRight() async throws {
            let scene = try await Self.replay()
            let purchases = try Self.metaEvents(scene).filter { $0["event_name"].string == "Purchase" }
            let ids = purchases.compactMap { $0["event_id"].string }.sorted()
            #expect(ids == ["evt-1795445382343", "evt-1795445398786"])
            for purchase in purchases {
                #expect(purchase["custom_data"]["value"].text == "129.9")
                #expect(purchase["custom_data"]["currency"].string == "EUR")
                #expect(purchase["action_source"].string == "website")
                #expect(purchase["user_data"]["client_user_agent"].string?.contains("HeadlessChrome") == true)
                #expect(Self.strings(purchase["user_data"]["em"]) == [Self.emailHash])
                #expect(Self.strings(purchase["user_data"]["ph"]) == [Self.phoneHash])
            }
        }

        static func strings(_ value: JSONValue) -> [String] {
            value.string.map { [$0] } ?? value.array.compactMap(\.string)
        }

        @Test("says in the table why the visits without consent were not sent", .timeLimit(.minutes(2)))
        func tableTellsWhy() async throws {
            let scene = try await Self.replay()
            let table = try await scene.relay.command(["events", "table", "-n", "100", "--json"])
            #expect(table.status == 0, "\(table.errors)")
            let cells = try table.json().array.flatMap { row in
                row["destinations"].object.map { "\($0.key): \($0.value.string ?? "")" }
            }
            #expect(cells.count { $0 == "ga4: not sent (consent_unset)" } == 10)
            #expect(cells.count { $0 == "meta: delivered" } == 6)
            #expect(cells.count { $0 == "ga4: sent" } == 9)
            #expect(cells.allSatisfy { !$0.contains("waiting") && !$0.contains("failed") })
        }

        @Test("reaches TikTok as far as it reaches Meta, under TikTok's names", .timeLimit(.minutes(2)))
        func tiktok() async throws {
            let scene = try await Self.replay { $0.destinations.append(("tiktok", $0.tiktok())) }
            let names = ["PageView": "Pageview"]
            let meta = try Self.metaEvents(scene).map { event in
                let name = event["event_name"].string ?? ""
                return "\(names[name] ?? name) \(event["event_id"].string ?? "")"
            }
            let tiktok = try scene.sandbox.events("tiktok").map { event in
                "\(event["event_name"].string ?? "") \(event["event_id"].string ?? "")"
            }
            #expect(!tiktok.isEmpty)
            #expect(tiktok.sorted() == meta.sorted())
            #expect(try scene.sandbox.received("tiktok").allSatisfy { $0["problems"].array.isEmpty })
        }

        @Test("leaves no raw personal data on disk, in the log or at a vendor", .timeLimit(.minutes(2)))
        func nothingPersonalRemains() async throws {
            let scene = try await Self.replay { $0.destinations.append(("tiktok", $0.tiktok())) }
            let orders = """
                {"event_name":"sign_up","event_id":"personal-1","client_id":"1.2","user_agent":"\(EventText.userAgent)",\
                "page_location":"https://shop.example/?email=zephyrine.oakenshaw%40example.org","note":"zephyrine.oakenshaw@example.org",\
                "user_data":{"email_address":"Zephyrine.Oakenshaw@example.org","phone_number":"06 39 98 76 54",\
                "address":{"first_name":"Zephyrine","last_name":"Oakenshaw","street":"12 rue Quincampoix","city":"Paris","country":"FR"}}}
                """
            try scene.post(orders)
            try await scene.relay.waitUntilDelivered()
            #expect(try Self.metaEvents(scene).contains { $0["event_id"].string == "personal-1" })
            #expect(try scene.sandbox.eventIDs("tiktok").contains("personal-1"))

            var places = TemporaryDirectory.files(below: scene.relay.stateDirectory).map { file in
                (name: file, text: TemporaryDirectory.bytes(of: file))
            }
            #expect(places.count >= 2)
            places.append((name: "log", text: Array(scene.relay.log.utf8)))
            for vendor in ["ga4", "meta", "tiktok"] {
                places.append((name: vendor, text: try scene.sandbox.client.get("/_received?vendor=\(vendor)").body))
            }
            try await scene.relay.terminate()
            for file in TemporaryDirectory.files(below: scene.relay.stateDirectory) {
                places.append((name: "\(file) after the end", text: TemporaryDirectory.bytes(of: file)))
            }
            #expect(places.count { $0.text.contains(Array("personal-1".utf8)) } >= 2)
            let needles = [
                "jane.doe", "33612345678", "612345678", "Jane", "first_name=", "zephyrine", "Zephyrine", "akenshaw",
                "39987654", "39 98 76 54", "Quincampoix", "quincampoix",
            ]
            for place in places {
                for needle in needles {
                    #expect(!place.text.contains(Array(needle.utf8)), "\(needle) in \(place.name)")
                }
            }
        }
    }
}
