import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("relais plugin run")
    struct DryRunTests {
        private func run(_ scene: Scene, _ events: String, _ arguments: [String] = []) async throws -> CommandResult {
            let config = try scene.relay.directory.write(scene.relay.configuration.yaml, to: "run.yaml")
            let file = try scene.relay.directory.write(events, to: "events.json")
            return try await scene.installation.run(["plugin", "run", "--config", config] + arguments + [file])
        }

        @Test("shows what a delivery would send, and sends nothing", .timeLimit(.minutes(1)))
        func sameAsDelivery() async throws {
            let scene = try await Scene.prepare()
            let event = EventText.purchase("p1").dropLast() + #","user_data":{"email":"Jane@Example.com"}}"#
            let result = try await run(scene, String(event), ["--json", "--show-secrets"])
            try #require(result.status == 0, "\(result.errors)")
            #expect(try scene.sandbox.received("meta").isEmpty)
            let parts = try result.json()["destinations"].array
            #expect(parts.map { $0["destination"].string } == ["ga4", "meta"])
            let shown = try #require(parts.last?["requests"].array.first)

            try await scene.relay.start()
            try scene.post(String(event))
            try await scene.relay.waitUntilDelivered()
            let sent = try #require(try scene.sandbox.received("meta").first)
            let body = try JSONValue.parse(shown["body"].string ?? "")["data"].array.first
            let delivered = sent["body"]["data"].array.first
            for member in ["event_name", "event_id", "user_data", "custom_data", "event_source_url"] {
                #expect(body?[member] == delivered?[member], "\(member)")
                #expect(body?[member] != .null, "\(member)")
            }
            #expect(shown["url"].string?.hasSuffix(sent["path"].string ?? "-") == true)
            #expect(!result.output.lowercased().contains("jane"))
        }

        @Test("prints a script that a shell can run; secrets are masked unless asked for", .timeLimit(.minutes(1)))
        func script() async throws {
            let scene = try await Scene.prepare()
            let events = EventText.array(["p1", "p2"])
            let masked = try await run(scene, events, ["--destination", "meta"])
            #expect(masked.status == 0, "\(masked.errors)")
            #expect(!masked.output.contains("token-meta"))
            #expect(masked.output.contains("***"))
            #expect(!masked.output.contains("ga4, request"))
            #expect(masked.output.contains("# meta, request 1 of 1, carries events 1, 2\ncurl "))

            let clear = try await run(scene, events, ["--destination", "meta", "--show-secrets"])
            let script = try scene.relay.directory.write(clear.output, to: "script.sh")
            let log = scene.relay.directory.file("script.log")
            let shell = try ChildProcess("/bin/sh", [script], output: log)
            #expect(try await shell.wait() == .exited(0), "\(TemporaryDirectory.text(of: log))")
            #expect(try scene.sandbox.eventIDs("meta") == ["p1", "p2"])
        }

        @Test("tells what is refused, settled or not sent, and ends with 1 when something was refused")
        func refusals() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations.append(("orders", configuration.meta(", events: { refund: {} }")))
            }
            let events = """
                \(EventText.purchase("p1"))
                {"event_name":"purchase","value":"129,90","currency":"EUR"}
                {"event_name":"page_view","client_id":"1.2"}
                """
            let result = try await run(scene, events)
            #expect(result.status == 1)
            #expect(result.output.contains("#   orders: not sent: not_in_events (events: does not name purchase)\n"))
            #expect(result.output.contains("# event 2 is rejected: /value:"), "\(result.output)")
            #expect(result.output.contains("# meta, event 3: reject, "), "\(result.output)")
            let json = try await run(scene, events, ["--json"]).json()
            #expect(json["rejected"].array.map { $0["pointer"].string } == ["/value"])
            #expect(json["rejected"].array.map { $0["number"].int } == [2])
            #expect(json["events"].array.map { $0["number"].int } == [1, 3])
        }

        @Test("names the event that a plugin speaks of", .timeLimit(.minutes(1)))
        func messages() async throws {
            let scene = try await Scene.prepare()
            let odd = EventText.purchase("p2").dropLast() + #","params":{"ga_x":1}}"#
            let result = try await run(scene, "\(EventText.purchase("p1"))\n\(odd)", ["--destination", "ga4"])
            #expect(result.status == 0, "\(result.errors)")
            let line =
                "# ga4, warning: event 2: NAME_RESERVED: parameter ga_x left out: Google keeps the name for itself"
            #expect(result.output.contains(line), "\(result.output)")
        }

        @Test("takes a recording, hit by hit", .timeLimit(.minutes(1)))
        func recording() async throws {
            let scene = try await Scene.prepare()
            let recording = TemporaryDirectory.text(of: "\(Scene.repository)/deploy/demo/browser-session.jsonl")
            let result = try await run(scene, recording, ["--json", "--destination", "ga4"])
            let json = try result.json()
            #expect(json["events"].array.contains { $0["event_name"].string == "purchase" })
            let urls = json["destinations"].array.flatMap { $0["requests"].array }.compactMap { $0["url"].string }
            #expect(urls.contains { $0.contains("/g/collect?") })
        }

        @Test("survives a plugin that crashes, and names the event at fault", .timeLimit(.minutes(1)))
        func crash() async throws {
            let folder = try TemporaryDirectory("poison")
            try await PoisonousEventTests.buildPlugin(into: folder)
            let scene = try await Scene.prepare { configuration in
                let endpoint = "http://127.0.0.1:\(configuration.sandboxPort)/graph.facebook.com"
                configuration.plugins = folder.path
                configuration.destinations = [
                    ("crashing", "{ plugin: crashing, config: { endpoint: \"\(endpoint)\" } }")
                ]
            }
            let events = EventText.array(["p1", "p2", "segfault-1"])
            let result = try await run(scene, events, ["--json"])
            #expect(result.status == 1)
            let part = try #require(try result.json()["destinations"].array.first)
            #expect(part["faults"].array.first?["reason"].string == "crashed")
            #expect(part["settled"].array.map { $0["event"].int } == [3])
            #expect(part["requests"].array.flatMap { $0["events"].array }.compactMap(\.int) == [1, 2])
        }

        @Test("says which names there are")
        func names() async throws {
            let scene = try await Scene.prepare()
            for (option, words) in [("--destination", "ga4, meta"), ("--source", "web, server")] {
                let result = try await run(scene, EventText.purchase("p"), [option, "nobody"])
                #expect(result.status == 2)
                #expect(result.errors.contains("\"nobody\" (there are: \(words))"), "\(result.errors)")
            }
        }
    }
}
