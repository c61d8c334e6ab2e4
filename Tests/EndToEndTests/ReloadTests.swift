import Foundation
import Glibc
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("A reload")
    struct ReloadTests {
        private static func write(_ scene: Scene, _ yaml: String) throws {
            try scene.relay.directory.write(yaml, to: "relais.yaml")
        }

        private static func reload(_ scene: Scene, _ arguments: [String] = []) async throws -> CommandResult {
            try await scene.relay.command(["reload"] + arguments)
        }

        private static func pluginProcesses(_ scene: Scene) throws -> Set<Int32> {
            Set(ChildProcess.children(of: try #require(scene.relay.process).processID))
        }

        private static func second(_ configuration: RelayConfiguration) -> (name: String, value: String) {
            ("second", configuration.meta().replacing("123456789012345", with: "999999999999999"))
        }

        private static func eventIDs(_ scene: Scene, pixel: String) throws -> [String] {
            try scene.sandbox.received("meta").filter { $0["path"].string?.contains(pixel) == true }.flatMap { record in
                record["events"].array.compactMap { $0["event_id"].string }
            }
        }

        @Test("every 100 ms under load drops no connection and loses or repeats no event", .timeLimit(.minutes(3)))
        func underLoad() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.post(EventText.purchase("first"))
            try await scene.relay.waitUntilDelivered()
            let children = try Self.pluginProcesses(scene)
            let yaml = scene.relay.configuration.yaml
            let load = CrashTests.load(scene, "reload")
            for round in 0..<40 {
                let domains = round % 2 == 0 ? "[shop.example, other.example]" : "[shop.example]"
                try Self.write(scene, yaml.replacing("domains: [shop.example]", with: "domains: \(domains)"))
                let answer = try scene.relay.admin.request("POST", "/api/v1/reload")
                #expect(answer.status == 200)
                #expect(try answer.json()["destinations"]["unchanged"].array.count == 2)
                try await Task.sleep(for: .milliseconds(100))
            }
            let tallies = try await load.stop()
            #expect(tallies.allSatisfy { $0.failed == 0 && $0.refusals.isEmpty })
            try await scene.relay.waitUntilDelivered()
            let acknowledged = tallies.flatMap(\.acknowledged)
            #expect(acknowledged.count > 100)
            for vendor in ["ga4", "meta"] {
                let audit = try DeliveryAudit(scene.sandbox.received(vendor))
                #expect(audit.missing(of: acknowledged) == [])
                #expect(audit.repeats == 0)
            }
            #expect(try Self.pluginProcesses(scene) == children)
        }

        @Test("adds, changes and removes destinations while events come in", .timeLimit(.minutes(3)))
        func destinations() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.post(EventText.purchase("before"))
            try await scene.relay.waitUntilDelivered()
            let children = try Self.pluginProcesses(scene)
            let load = CrashTests.load(scene, "change")
            var configuration = scene.relay.configuration
            let settings = ", concurrency: 1, timeout: 9s, batch: { max_events: 25 }"
            configuration.destinations[0].value = configuration.ga4(settings)
            configuration.destinations.append(Self.second(configuration))
            try Self.write(scene, configuration.yaml)
            let applied = try await Self.reload(scene, ["--json"])
            #expect(applied.status == 0, "\(applied.errors)\(applied.output)")
            let changes = try applied.json()["destinations"]
            #expect(changes["added"].array.compactMap(\.string) == ["second"])
            #expect(changes["restarted"].array.compactMap(\.string) == ["ga4"])
            #expect(changes["unchanged"].array.compactMap(\.string) == ["meta"])
            try scene.post(EventText.purchase("after"))
            let tallies = try await load.stop()
            try await scene.relay.waitUntilDelivered()
            #expect(tallies.allSatisfy { $0.failed == 0 })
            #expect(try Self.pluginProcesses(scene).intersection(children).count == 1)

            let acknowledged = tallies.flatMap(\.acknowledged) + ["before", "after"]
            for ids in [try scene.sandbox.eventIDs("ga4"), try Self.eventIDs(scene, pixel: "123456789012345")] {
                #expect(ids.sorted() == acknowledged.sorted())
            }
            let second = try Self.eventIDs(scene, pixel: "999999999999999")
            #expect(second.contains("after") && !second.contains("before"))

            configuration.destinations.removeLast()
            try Self.write(scene, configuration.yaml)
            let removed = try await Self.reload(scene)
            #expect(removed.output.contains("removed: second"), "\(removed.errors)")
            try scene.post(EventText.purchase("last"))
            try await scene.relay.waitUntilDelivered()
            #expect(try Self.eventIDs(scene, pixel: "123456789012345").contains("last"))
            #expect(try Self.eventIDs(scene, pixel: "999999999999999") == second)
            #expect(try scene.relay.destinations().compactMap { $0["id"].string } == ["ga4", "meta"])
        }

        @Test("of an invalid configuration changes nothing and says why", .timeLimit(.minutes(2)))
        func invalid() async throws {
            let scene = try await Scene.start()
            let yaml = scene.relay.configuration.yaml
            try Self.write(
                scene,
                yaml.replacing("domains:", with: "domain:").replacing("site: shop,", with: "site: shp,")
            )
            let refused = try await Self.reload(scene)
            #expect(refused.status == 1)
            for words in ["relais.yaml:7:5: error: sites.shop.domain", "did you mean `shop`", "nothing has changed"] {
                #expect(refused.errors.contains(words), "\(words) in \(refused.errors)")
            }
            #expect(scene.relay.log.contains("relais.yaml:7:5: error: sites.shop.domain"))
            let json = try await Self.reload(scene, ["--json"])
            #expect(json.status == 1)
            #expect(try json.json()["applied"].bool == false)
            #expect(
                try json.json()["findings"].array.contains { $0["line"].int == 7 && $0["severity"].string == "error" }
            )

            for (wrong, words) in [
                (
                    yaml.replacing("pixel_id: \"123456789012345\"", with: "pixel_id: 5"),
                    "destinations.meta.config.pixel_id"
                ),
                (yaml.replacing("plugin: ga4", with: "plugin: ga5"), "there is no plugin \"ga5\""),
                (
                    yaml.replacing("state: state", with: "state: elsewhere"),
                    "relais.yaml:3:8: error: state: needs a restart"
                ),
                (yaml.replacing("listen: 127.0.0.1:", with: "listen: 127.0.0.2:"), "error: listen: needs a restart"),
            ] {
                try Self.write(scene, wrong)
                let refused = try await Self.reload(scene)
                #expect(refused.status == 1)
                #expect(refused.errors.contains(words), "\(words) in \(refused.errors)")
            }
            try scene.post(EventText.purchase("undisturbed"))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["undisturbed"])
        }

        @Test("by SIGHUP takes other destinations, origins and log levels", .timeLimit(.minutes(2)))
        func signal() async throws {
            let scene = try await Scene.start()
            let hit = EventText.purchase("elsewhere").replacing("https://shop.example/", with: "https://other.example/")
            #expect(try scene.relay.client.post("/v1/events", hit).status == 403)
            let yaml =
                scene.relay.configuration.yaml
                .replacing("[shop.example]", with: "[shop.example, other.example]") + "log: { format: json }\n"
            try Self.write(scene, yaml)
            scene.relay.process?.send(signal: SIGHUP)
            #expect(await eventually { scene.relay.log.contains("\"message\":\"the configuration was applied\"") })
            #expect(try scene.relay.client.post("/v1/events", hit).status == 202)
        }

        @Test("changes the admin token that a file holds", .timeLimit(.minutes(2)))
        func adminToken() async throws {
            let scene = try await Scene.prepare { $0.adminTokenValue = "{ file: token }" }
            try scene.relay.directory.write(RelayConfiguration.adminToken, to: "token")
            try await scene.relay.start()
            let successor = "another-admin-token-0123456789"
            try scene.relay.directory.write(successor, to: "token")
            #expect(try scene.relay.admin.get("/api/v1/destinations").status == 200)
            #expect(try await Self.reload(scene).status == 0)
            #expect(try scene.relay.admin.get("/api/v1/destinations").status == 401)
            let headers = [(name: "authorization", value: "Bearer \(successor)")]
            let heir = HTTPClient(port: scene.relay.configuration.adminPort, headers: headers)
            #expect(try heir.get("/api/v1/destinations").status == 200)
            #expect(!scene.relay.log.contains(successor))
        }

        @Test("starts a destination anew whose plugin file was replaced", .timeLimit(.minutes(2)))
        func replacedPlugin() async throws {
            let (scene, plugins) = try await PluginDirectoryTests.prepare()
            try await scene.relay.start()
            try scene.post(EventText.purchase("old-plugin"))
            try await scene.relay.waitUntilDelivered()
            let before = try scene.relay.destination("ga4")["plugin_sha256"].string
            let library = TemporaryDirectory.bytes(of: plugins.file("ga4.so")) + [0]
            try Data(library).write(to: URL(fileURLWithPath: plugins.file("ga4.so")), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: plugins.file("ga4.so"))
            let applied = try await Self.reload(scene)
            #expect(applied.output.contains("restarted: ga4"), "\(applied.errors)\(applied.output)")
            #expect(try scene.relay.destination("ga4")["plugin_sha256"].string != before)
            try scene.post(EventText.purchase("new-plugin"))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("ga4") == ["old-plugin", "new-plugin"])
        }

        @Test("with the right credentials sends at once what waited for them", .timeLimit(.minutes(2)))
        func credentials() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations[1].value = configuration.meta(token: "{ file: meta-token }")
            }
            try scene.relay.directory.write("expired-token-0123456789", to: "meta-token")
            try await scene.relay.start()
            try scene.post(EventText.purchase("waiting"))
            let isStopped = try await eventually {
                try scene.relay.destination("meta")["state"].string == "auth_stop"
            }
            #expect(isStopped)
            try scene.relay.directory.write("token-meta-0123456789", to: "meta-token")
            let applied = try await Self.reload(scene)
            #expect(applied.output.contains("restarted: meta"), "\(applied.errors)\(applied.output)")
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["waiting"])
        }
    }
}
