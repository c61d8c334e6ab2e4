import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("A receipt")
    struct ReceiptTests {
        static func show(_ scene: Scene, _ id: String) async throws -> JSONValue {
            let shown = try await scene.relay.command(["events", "show", id, "--json"])
            guard shown.status == 0 else { throw TestFailure("\(id): \(shown.errors)") }
            return try shown.json()
        }

        @Test("tells the whole story of a delivered event, with the exact request", .timeLimit(.minutes(2)))
        func wholeStory() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.purchase("story-1"))
            try await scene.relay.waitUntilDelivered()
            for id in ["story-1", "order-story-1", "seq:1"] {
                let receipt = try await Self.show(scene, id)
                #expect(receipt["event_id"].string == "story-1")
                #expect(receipt["copies"][0]["event"]["value"].text == "12.5")
                for story in receipt["destinations"].array {
                    let name = story["destination"].string ?? ""
                    let attempt = story["attempts"][0]
                    #expect(story["now"]["state"].string == (name == "meta" ? "delivered" : "sent"))
                    #expect(attempt["request"]["exact"].bool == true, "\(attempt["request"])")
                    #expect(attempt["request"]["text"].string?.contains("story-1") == true)
                    #expect(attempt["verdict"]["code"].string == "delivered")
                }
            }
            let text = try await scene.relay.command(["events", "show", "story-1"])
            for word in ["Now", "In", "Decided", "Sent", "Answered", "exact", "entitled", "HTTP 200", "HTTP 204"] {
                #expect(text.output.contains(word), "\(word) in \(text.output)")
            }
            for secret in ["secret-ga4-0123456789", "token-meta-0123456789"] {
                #expect(!text.output.contains(secret))
                #expect(!scene.relay.log.contains(secret))
                for file in TemporaryDirectory.files(below: scene.relay.stateDirectory) {
                    #expect(!TemporaryDirectory.bytes(of: file).contains(Array(secret.utf8)), "\(file)")
                }
            }
        }

        @Test("stays exact after the relay was started again with other secrets", .timeLimit(.minutes(2)))
        func exactAfterRestart() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.purchase("restart-1"))
            try await scene.relay.waitUntilDelivered()
            try await scene.relay.terminate()
            scene.relay.configuration.destinations[1].value = scene.relay.configuration.meta(
                token: "another-token-9876543210"
            )
            try await scene.relay.start()
            let receipt = try await Self.show(scene, "restart-1")
            for story in receipt["destinations"].array {
                #expect(story["attempts"][0]["request"]["exact"].bool == true, "\(story)")
            }
        }

        @Test("of a rejected event has the vendor's answer", .timeLimit(.minutes(2)))
        func rejected() async throws {
            let scene = try await Scene.start()
            try scene.sandbox.setFaults(
                """
                [{"vendor":"meta","status":400,"match":"rejected-1",
                  "body":{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,
                          "error_user_title":"Not like this","error_user_msg":"A made-up reason"}}}]
                """
            )
            try scene.post(EventText.array(["fine-1", "rejected-1", "fine-2"]))
            try await scene.relay.waitUntilDelivered()
            let receipt = try await Self.show(scene, "rejected-1")
            let story = try #require(receipt["destinations"].array.first { $0["destination"].string == "meta" })
            #expect(story["now"]["state"].string == "dead")
            let answers = story["attempts"].array.compactMap { $0["answer"]["text"].string }
            #expect(answers.contains { $0.contains("Invalid parameter") })
            #expect(Set(try scene.sandbox.eventIDs("meta")) == ["fine-1", "fine-2"])
            #expect((try scene.relay.destination("meta"))["dead"].int == 1)
        }

        @Test("is asked for in vain with a sentence that says why", .timeLimit(.minutes(2)))
        func unknown() async throws {
            let scene = try await Scene.start()
            let unknown = try await scene.relay.command(["events", "show", "nobody"])
            #expect(unknown.status == 1)
            #expect(unknown.errors.contains("nobody"))
            let withoutToken = try await scene.installation.run(
                ["destinations", "list", "--admin", "http://127.0.0.1:\(scene.relay.configuration.adminPort)"])
            #expect([1, 2].contains(withoutToken.status))
            #expect(withoutToken.errors.lowercased().contains("token"))
        }

        @Test("and the other commands find the relay by its configuration", .timeLimit(.minutes(2)))
        func commands() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.array(EventText.ids("tail", 5)))
            try await scene.relay.waitUntilDelivered()
            let tail = try await scene.installation.run(
                ["events", "tail", "--config", scene.relay.configurationFile, "-n", "3", "--json"])
            #expect(tail.status == 0, "\(tail.errors)")
            #expect(tail.output.contains("tail-4") && tail.output.contains("tail-2") && !tail.output.contains("tail-1"))
            let list = try await scene.relay.command(["destinations", "list", "--json"])
            #expect(try list.json().array.compactMap { $0["id"].string }.sorted() == ["ga4", "meta"])
            let plugins = try await scene.installation.run(
                ["plugin", "list", "--json", "--config", scene.relay.configurationFile])
            #expect(plugins.output.contains("Google Analytics 4"))
        }
    }
}
