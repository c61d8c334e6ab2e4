import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("The configuration")
    struct ConfigurationTests {
        static func check(_ scene: Scene, _ yaml: String? = nil) async throws -> CommandResult {
            let file = try scene.relay.directory.write(yaml ?? scene.relay.configuration.yaml, to: "checked.yaml")
            return try await scene.installation.run(
                ["check", "--config", file],
                environment: scene.installation.environment
            )
        }

        @Test("is right when it is", .timeLimit(.minutes(1)))
        func good() async throws {
            let scene = try await Scene.prepare()
            let result = try await Self.check(scene)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }

        @Test("of the demo is right", .timeLimit(.minutes(1)))
        func demo() async throws {
            let scene = try await Scene.prepare()
            let demo = TemporaryDirectory.text(of: "\(Scene.repository)/deploy/demo/relais.yaml")
            #expect(!demo.isEmpty)
            let yaml = "\(demo)\nplugins: { directory: \"\(scene.installation.plugins)\" }\n"
            let file = try scene.relay.directory.write(yaml, to: "demo.yaml")
            let variables = [
                "RELAIS_PORT": "18080", "RELAIS_ADMIN_PORT": "19090", "RELAIS_SANDBOX_PORT": "19191",
                "RELAIS_DEMO_STATE": scene.relay.directory.file("demo-state"),
            ]
            let result = try await scene.installation.run(["check", "--config", file], environment: variables)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }

        @Test("tells all its errors at once, with places and suggestions", .timeLimit(.minutes(1)))
        func severalErrors() async throws {
            let scene = try await Scene.prepare()
            let yaml = scene.relay.configuration.yaml
                .replacing("measurement_id: G-TEST123456\n", with: "measurment_id: G-TEST123456\n")
                .replacing("site: shop,", with: "site: shp,")
                .replacing("browser_tag: false", with: "browser_tags: false")
            let result = try await Self.check(scene, yaml)
            let text = result.output + result.errors
            #expect(result.status == 2)
            for words in [
                "measurment_id", "did you mean `measurement_id`", "did you mean `shop`", "did you mean `browser_tag`",
            ] {
                #expect(text.contains(words), "\(words) in \(text)")
            }
            #expect(text.contains("checked.yaml:"))
            let serve = try await scene.installation.run(
                ["serve", "--config", scene.relay.directory.file("checked.yaml")],
                environment: scene.installation.environment
            )
            #expect(serve.status == 2)
            #expect(
                serve.errors.contains("did you mean `measurement_id`") && serve.errors.contains("did you mean `shop`")
            )
        }

        @Test("asks for pings only where the plugin can send them", .timeLimit(.minutes(1)))
        func impossiblePing() async throws {
            let scene = try await Scene.prepare { configuration in
                let more = ", when_denied: ping"
                configuration.destinations = [("ga4", configuration.ga4(more)), ("meta", configuration.meta(more))]
            }
            let result = try await Self.check(scene)
            let text = result.output + result.errors
            #expect(result.status == 2)
            #expect(text.contains("destinations.meta.when_denied: plugin meta cannot send anything without consent"))
            #expect(text.contains("(fix: write when_denied: drop)") && !text.contains("destinations.ga4"), "\(text)")
        }

        @Test("asks for pings only where the transport has them", .timeLimit(.minutes(1)))
        func pingWithoutCollect() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [("ga4", configuration.ga4(", when_denied: ping"))]
                configuration.destinations[0].value = configuration.destinations[0].value
                    .replacing("measurement_id:", with: "transport: measurement_protocol, measurement_id:")
            }
            let result = try await Self.check(scene)
            let text = result.output + result.errors
            #expect(result.status == 2)
            #expect(
                text.contains(
                    "destinations.ga4.when_denied: plugin ga4 cannot send anything without consent with transport: "
                        + "measurement_protocol (fix: write when_denied: drop)"
                ),
                "\(text)"
            )
        }

        @Test("warns of sources that there are not", .timeLimit(.minutes(1)))
        func unknownSource() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [("meta", configuration.meta())]
                configuration.destinations[0].value = configuration.destinations[0].value
                    .replacing("pixel_id:", with: "action_source: { server: other, poz: email }, pixel_id:")
            }
            let result = try await Self.check(scene)
            let text = result.output + result.errors
            #expect(result.status == 0)
            #expect(
                text.contains("destinations.meta.config.action_source.poz: there is no source of this name"),
                "\(text)"
            )
            #expect(text.contains("checked.yaml:") && !text.contains("action_source.server"), "\(text)")
        }

        @Test("of staging tells which destinations get nothing", .timeLimit(.minutes(1)))
        func staging() async throws {
            let scene = try await Scene.prepare { configuration in
                let endpoint = /, *endpoint: "[^"]*"/
                configuration.destinations = [
                    ("ga4", configuration.ga4()),
                    (
                        "meta",
                        configuration.meta().replacing(
                            endpoint,
                            with: ", test_event_code: T1, test_until: \"2099-12-31\""
                        )
                    ),
                    ("tiktok", configuration.tiktok().replacing(endpoint, with: ", test_event_code: T2")),
                ]
            }
            let result = try await Self.check(scene, "environment: staging\n" + scene.relay.configuration.yaml)
            let text = result.output + result.errors
            #expect(result.status == 0, "\(text)")
            let told = "gets nothing in environment: staging, because Meta Conversions API would count it as real"
            #expect(text.contains("destinations.meta: \(told)"), "\(text)")
            #expect(!text.contains("destinations.ga4: gets") && !text.contains("destinations.tiktok: gets"), "\(text)")
        }

        @Test("says that hits of gtag.js are not validated", .timeLimit(.minutes(1)))
        func validatedHits() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [
                    (
                        "ga4",
                        configuration.ga4().replacing("measurement_id:", with: "validate: true, measurement_id:")
                    )
                ]
            }
            let result = try await Self.check(scene)
            let text = result.output + result.errors
            #expect(result.status == 0)
            #expect(
                text.contains("ga4.config.validate: hits of gtag.js that go to /g/collect are not validated"),
                "\(text)"
            )
        }

        @Test("for a plugin is checked against its manifest", .timeLimit(.minutes(1)))
        func pluginConfiguration() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [
                    ("ga4", "{ plugin: ga4, config: { measurement_id: nonsense, api_secrets: x } }"),
                    ("metta", "{ plugin: metta, browser_tag: false, config: {} }"),
                ]
            }
            let result = try await Self.check(scene)
            let text = result.output + result.errors
            #expect(result.status != 0)
            for words in ["api_secret", "measurement_id", "metta", "meta"] {
                #expect(text.contains(words), "\(words) in \(text)")
            }
        }

        @Test("is explained: every value in effect, where it comes from, and no secret", .timeLimit(.minutes(1)))
        func explained() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.adminTokenValue = "${HOME}"
                configuration.destinations.append(("late", configuration.meta(", max_age: 1d")))
            }
            let path = try scene.relay.directory.write(scene.relay.configuration.yaml, to: "checked.yaml")
            let environment = ["HOME": "home-secret-0123456789"]
            let machine = try await scene.installation.run(
                ["check", "--config", path, "--explain", "--json"],
                environment: environment
            )
            #expect(machine.status == 0, "\(machine.errors)")
            let values = try machine.json()["values"].array
            func find(_ path: String) -> JSONValue { values.first { $0["path"].string == path } ?? .null }
            #expect(find("limits.depth")["value"].int == 16)
            #expect(find("limits.depth")["origin"]["kind"].string == "default")
            #expect(find("listen")["origin"]["line"].int == 1)
            #expect(find("admin.token")["value"].string == "${HOME}")
            #expect(find("admin.token")["origin"]["variables"][0].string == "HOME")
            #expect(find("destinations.late.max_age")["origin"]["kind"].string == "file")
            #expect(find("destinations.meta.max_age")["origin"]["plugin"].string == "meta")
            #expect(find("destinations.meta.config.pixel_id")["origin"]["kind"].string == "file")
            #expect(find("destinations.meta.config.access_token")["value"].string == "<secret>")
            #expect(
                values.contains {
                    $0["path"].string?.hasPrefix("destinations.meta.config.") == true
                        && $0["origin"]["kind"].string == "plugin"
                }
            )

            let people = try await scene.installation.run(
                ["check", "--config", path, "--explain"],
                environment: environment
            )
            #expect(people.output.contains("checked.yaml:2:") && people.output.contains("environment HOME"))
            for secret in ["home-secret-0123456789", "token-meta-0123456789", RelayConfiguration.writeKey] {
                #expect(!(people.output + people.errors + machine.output).contains(secret))
            }
        }

        @Test("names a port that is taken", .timeLimit(.minutes(1)))
        func takenPort() async throws {
            let scene = try await Scene.prepare()
            let holder = try ListeningSocket(port: scene.relay.configuration.port)
            try scene.relay.launch()
            #expect(try await scene.relay.process?.wait() == .exited(1))
            #expect(scene.relay.log.contains(String(scene.relay.configuration.port)))
            #expect(scene.relay.log.lowercased().contains("in use") || scene.relay.log.lowercased().contains("taken"))
            holder.close()
        }
    }

    @Suite("The plugin directory")
    struct PluginDirectoryTests {
        static func prepare() async throws -> (Scene, TemporaryDirectory) {
            let plugins = try TemporaryDirectory("plugins")
            let scene = try await Scene.prepare { configuration in
                for name in ["ga4", "meta"] {
                    try FileManager.default.copyItem(
                        atPath: "\(configuration.plugins)/\(name).so",
                        toPath: plugins.file("\(name).so")
                    )
                }
                configuration.plugins = plugins.path
            }
            return (scene, plugins)
        }

        @Test("with a file that is no plugin fails the check, and the others go on", .timeLimit(.minutes(1)))
        func notAPlugin() async throws {
            let (scene, plugins) = try await Self.prepare()
            try plugins.write("this is no library", to: "notes.so")
            let result = try await ConfigurationTests.check(scene)
            #expect(result.status != 0)
            #expect((result.output + result.errors).contains("notes.so"))
            try await scene.relay.start()
            #expect(scene.relay.log.contains("notes.so"))
            try scene.post(EventText.purchase("others-1"))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["others-1"])
            #expect(try scene.sandbox.eventIDs("ga4") == ["others-1"])
        }

        @Test("with a plugin that everybody may write is refused for that plugin", .timeLimit(.minutes(1)))
        func writableByOthers() async throws {
            let (scene, plugins) = try await Self.prepare()
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o666],
                ofItemAtPath: plugins.file("meta.so")
            )
            let result = try await ConfigurationTests.check(scene)
            let text = result.output + result.errors
            #expect(result.status != 0)
            #expect(text.contains("meta.so") && text.contains("writ"), "\(text)")
        }

        @Test("is inspected without running anything", .timeLimit(.minutes(1)))
        func inspect() async throws {
            let (scene, plugins) = try await Self.prepare()
            let inspected = try await scene.installation.run(["plugin", "inspect", plugins.file("ga4.so"), "--json"])
            #expect(inspected.status == 0, "\(inspected.errors)")
            #expect(inspected.output.contains("Google Analytics 4"))
            try plugins.write("this is no library", to: "notes.so")
            let refused = try await scene.installation.run(["plugin", "inspect", plugins.file("notes.so")])
            #expect(refused.status != 0)
            #expect(refused.errors.contains("notes.so"))
        }
    }
}
