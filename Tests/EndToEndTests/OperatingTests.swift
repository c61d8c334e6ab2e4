import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("An operator")
    struct OperatingTests {
        private static let email = "jane.doe@example.org"

        private static func refuse(_ scene: Scene, _ id: String) throws {
            try scene.sandbox.setFaults(
                """
                [{"vendor":"meta","status":400,"match":"\(id)",
                  "body":{"error":{"message":"Invalid parameter","type":"OAuthException","code":100}}}]
                """
            )
        }

        /// Lets the sandbox refuse some events for good.
        private static func bury(_ scene: Scene, _ ids: [String], with events: String) async throws {
            try refuse(scene, "refused-")
            try scene.post(events)
            try await scene.relay.waitUntilDelivered()
            #expect((try scene.relay.destination("meta"))["dead"].int == ids.count)
        }

        private static func run(_ scene: Scene, _ arguments: String...) async throws -> CommandResult {
            try await scene.relay.command(arguments)
        }

        @Test("pauses a destination, which outlives a restart, and resumes it", .timeLimit(.minutes(3)))
        func pauseAndResume() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            let paused = try await Self.run(scene, "destinations", "pause", "meta", "--reason", "moving", "--json")
            #expect(paused.status == 0, "\(paused.errors)")
            #expect(try paused.json()["state"].string == "paused")
            let ids = EventText.ids("paused", 12)
            try scene.post(EventText.array(ids))
            try await scene.relay.waitUntilDelivered(["ga4"])
            try await scene.relay.kill()
            try await scene.relay.start()
            let shown = try await Self.run(scene, "destinations", "show", "meta")
            #expect(shown.output.contains("paused") && shown.output.contains("moving"), "\(shown)")
            #expect((try scene.relay.destination("meta"))["lag"].int == 12)
            #expect(try scene.sandbox.eventIDs("meta").isEmpty)
            let resumed = try await Self.run(scene, "destinations", "resume", "meta")
            #expect(resumed.status == 0, "\(resumed.errors)")
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ids)
            #expect(Set(try scene.sandbox.eventIDs("ga4")) == Set(ids))
            let unknown = try await Self.run(scene, "destinations", "pause", "nobody", "--json")
            #expect(unknown.status == 1)
            #expect(try JSONValue.parse(unknown.errors)["error"].string?.contains("ga4, meta") == true)
            #expect(try JSONValue.parse(unknown.errors)["exit_code"].int == 1)
        }

        @Test("has dead letters sent again with the same event_id, over a crash", .timeLimit(.minutes(3)))
        func retry() async throws {
            let scene = try await Scene.start()
            let ids = EventText.ids("refused", 7)
            try await Self.bury(scene, ids, with: EventText.array(ids + ["fine"]))
            let list = try await Self.run(scene, "dead", "list", "--json").json()
            #expect(Set(list["letters"].array.compactMap { $0["event_id"].string }) == Set(ids))
            #expect(list["counts"].array.map { $0["count"].int } == [7])
            try scene.sandbox.liftFaults()
            let one = try await Self.run(scene, "dead", "retry", ids[0], "--wait", "30")
            #expect(one.status == 0, "\(one)")
            #expect(try scene.sandbox.eventIDs("meta").sorted() == ["fine", ids[0]])
            _ = try await Self.run(scene, "destinations", "pause", "meta")
            let rest = try await Self.run(scene, "dead", "retry", "--destination", "meta", "--json")
            #expect(try rest.json()["taken"].int == 6, "\(rest)")
            try await scene.relay.kill()
            try await scene.relay.start()
            #expect((try scene.relay.destination("meta"))["retrying"].int == 6)
            #expect((try scene.relay.destination("meta"))["dead"].int == 0)
            _ = try await Self.run(scene, "destinations", "resume", "meta")
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").sorted() == (ids + ["fine"]).sorted())
            #expect(try await Self.run(scene, "dead", "list", "--json").json()["total"].int == 0)
            let receipt = try await ReceiptTests.show(scene, ids[3])
            let story = try #require(receipt["destinations"].array.first { $0["destination"].string == "meta" })
            #expect(story["now"]["state"].string == "delivered")
            #expect(story["attempts"].array.last?["replay"].bool == true)
            #expect(story["attempts"].array.last?["request"]["exact"].bool == true)
        }

        @Test("is told when letters die again", .timeLimit(.minutes(3)))
        func retryInVain() async throws {
            let scene = try await Scene.start()
            try await Self.bury(scene, ["refused-1"], with: EventText.array(["refused-1"]))
            let again = try await Self.run(scene, "dead", "retry", "--all", "--wait", "30")
            #expect(again.status == 1)
            #expect(again.errors.contains("dead again"), "\(again)")
            #expect((try scene.relay.destination("meta"))["dead"].int == 1)
        }

        @Test("exports, shows and drops dead letters, without personal data", .timeLimit(.minutes(3)))
        func exportAndDrop() async throws {
            let scene = try await Scene.start()
            let event = String(EventText.purchase("refused-9").dropLast())
            let userData = ",\"user_data\":{\"email_address\":\"\(Self.email)\",\"phone_number\":\"+33612345678\"}}"
            try await Self.bury(scene, ["refused-9"], with: event + userData)
            let export = try await Self.run(scene, "dead", "export")
            #expect(export.status == 0, "\(export.errors)")
            let letter = try JSONValue.parse(export.output)
            #expect(letter["destination"].string == "meta" && letter["seq"].int == 1)
            #expect(letter["event"]["event_id"].string == "refused-9")
            #expect(letter["event"]["value"].text == "12.5")
            #expect(letter["event"]["user_data"]["sha256_email_address"].string?.count == 64)
            #expect(!export.output.contains(Self.email) && !export.output.contains("612345678"))
            let shown = try await Self.run(scene, "dead", "show", "refused-9")
            #expect(shown.output.contains("Invalid parameter") && shown.output.contains("Decided"), "\(shown)")
            let unsure = try await Self.run(scene, "dead", "drop", "--destination", "meta")
            #expect(unsure.status == 2 && unsure.errors.contains("--yes"))
            let unnamed = try await Self.run(scene, "dead", "drop", "--yes")
            #expect(unnamed.status == 2)
            let dropped = try await Self.run(scene, "dead", "drop", "--destination", "meta", "--yes")
            #expect(dropped.status == 0, "\(dropped.errors)")
            #expect((try scene.relay.destination("meta"))["dead"].int == 0)
            #expect(try await Self.run(scene, "dead", "export").output.isEmpty)
            try scene.sandbox.liftFaults()
            let other = try await Scene.start()
            let answer = try other.relay.server.post("/v1/events", Self.member("event", of: export.output))
            #expect(try answer.json()["accepted"].int == 1, "\(answer.text)")
        }

        /// The JSON text of the last member of an object.
        private static func member(_ name: String, of object: String) throws -> String {
            let parts = object.split(separator: "\"\(name)\":", maxSplits: 1)
            let rest = try #require(parts.last).trimmingPrefix(while: \.isWhitespace)
            return String(rest.prefix(upTo: try #require(rest.lastIndex(of: "}"))))
        }

        @Test("finds events by visitor without the visitor's data in a URL or log", .timeLimit(.minutes(3)))
        func search() async throws {
            let scene = try await Scene.start()
            let event = String(EventText.purchase("mine").dropLast())
            try scene.post(event + ",\"user_data\":{\"email_address\":\"\(Self.email)\"}}")
            try scene.post(EventText.array(["yours", "theirs"]))
            try await scene.relay.waitUntilDelivered()
            try scene.relay.directory.write(" Jane.Doe@Example.org\n", to: "address")
            let admin = [
                "--admin", "http://127.0.0.1:\(scene.relay.configuration.adminPort)", "--token",
                RelayConfiguration.adminToken, "--json",
            ]
            let found = try await scene.installation.run(
                ["events", "search", "--email", "-"] + admin,
                input: scene.relay.directory.file("address")
            )
            #expect(found.status == 0, "\(found)")
            #expect(try found.json().array.map { $0["event_id"].string } == ["mine"])
            let byName = try await Self.run(scene, "events", "search", "--event", "purchase", "--since", "1h", "--json")
            #expect(try byName.json().array.count == 3)
            let byClient = try await Self.run(scene, "events", "search", "--client-id", "4711.1795440000")
            #expect(byClient.output.contains("theirs"), "\(byClient)")
            let byTransaction = try await Self.run(
                scene,
                "events",
                "search",
                "--transaction-id",
                "order-yours",
                "--json"
            )
            #expect(try byTransaction.json().array.map { $0["event_id"].string } == ["yours"])
            let nothing = try await Self.run(scene, "events", "search", "--event-id", "nobody")
            #expect(nothing.status == 1)
            #expect(try await Self.run(scene, "events", "search").status == 2)
            #expect(try await Self.run(scene, "events", "search", "--since", "yesterday").status == 2)
            #expect(!scene.relay.log.lowercased().contains("jane.doe"))
        }

        @Test("follows what comes in, by destination, state and name", .timeLimit(.minutes(2)))
        func tail() async throws {
            let scene = try await Scene.start()
            try await Self.bury(scene, ["refused-1"], with: EventText.array(["refused-1", "fine"]))
            let failed = try await Self.run(
                scene,
                "events",
                "tail",
                "--destination",
                "meta",
                "--state",
                "failed",
                "--json"
            )
            #expect(try failed.json()["event_id"].string == "refused-1", "\(failed)")
            let none = try await Self.run(scene, "events", "tail", "--event", "sign_up")
            #expect(none.status == 0 && none.output.isEmpty)
            let wrong = try await Self.run(scene, "events", "tail", "--state", "lost", "--json")
            #expect(wrong.status == 2)
            #expect(try JSONValue.parse(wrong.errors)["exit_code"].int == 2)
        }
    }
}
