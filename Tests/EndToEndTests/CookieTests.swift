import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Cookies")
    struct CookieTests {
        private static let granted = "13r3r3r3r5l1"
        private static let refused = "13q3q3q3q5l1"
        private static let visitor = "1307714608.1760043792"

        private static func hit(_ parameters: String) -> String {
            "/g/collect?v=2&tid=G-TEST123456&_p=1&_s=1&dl=https%3A%2F%2Fwww.shop.example%2F&\(parameters)"
        }

        private static func headers(_ cookie: String = "") -> [(name: String, value: String)] {
            [
                ("host", "t.shop.example"), ("origin", "https://www.shop.example"), ("sec-fetch-site", "same-site"),
                ("user-agent", EventText.userAgent),
            ] + (cookie.isEmpty ? [] : [("cookie", cookie)])
        }

        private static func setCookies(_ answer: HTTPAnswer) -> [String] {
            answer.headers.filter { $0.name == "set-cookie" }.map(\.value)
        }

        @Test("are set with gtag's 204, and the events go out with them", .timeLimit(.minutes(2)))
        func gtag() async throws {
            let scene = try await Scene.start()
            let page = "dl=https%3A%2F%2Fwww.shop.example%2F%3Ffbclid%3DAbC-1"
            let answer = try scene.relay.client.get(
                Self.hit("en=page_view&cid=\(Self.visitor)&gcd=\(Self.granted)&\(page)"),
                headers: Self.headers()
            )
            #expect(answer.status == 204)
            #expect(answer.header("access-control-allow-credentials") == "true")
            let cookies = Self.setCookies(answer)
            #expect(
                cookies.contains(
                    "_ga=GA1.1.\(Self.visitor); Max-Age=34560000; Path=/; Domain=shop.example; SameSite=Lax"
                ),
                "\(cookies)"
            )
            #expect(cookies.contains { $0.hasPrefix("_fbc=fb.1.") && $0.contains(".AbC-1; Max-Age=7776000; ") })
            #expect(cookies.contains { $0.hasPrefix("_fbp=fb.1.") })
            try await scene.relay.waitUntilDelivered()
            let event = try #require(try scene.sandbox.received("meta").first)
            let user = event["body"]["data"].array.first?["user_data"]
            #expect(user?["fbc"].string?.hasSuffix(".AbC-1") == true)
            #expect(user?["fbp"].string?.hasPrefix("fb.1.") == true)
        }

        @Test("of a refused visitor are forgotten, and none of them reaches the disk", .timeLimit(.minutes(2)))
        func refusal() async throws {
            let scene = try await Scene.start()
            let cookie = "_ga=GA1.1.777000111.1760043792; _fbp=fb.1.1795000000000.888000222; FPID=FPID2.2.zzz999.1"
            for state in [Self.refused, "13p3p3p3p5l1"] {
                let answer = try scene.relay.client.get(
                    Self.hit("en=page_view&cid=5.6&gcd=\(state)"),
                    headers: Self.headers(cookie)
                )
                #expect(answer.status == 204)
                let names = Self.setCookies(answer).map { String($0.prefix { $0 != "=" }) }.sorted()
                #expect(names == (state == Self.refused ? ["FPID", "_fbp", "_ga"] : []))
                #expect(Self.setCookies(answer).allSatisfy { $0.contains("=; Max-Age=0; ") })
            }
            try await scene.relay.terminate()
            for file in TemporaryDirectory.files(below: scene.relay.stateDirectory) {
                let bytes = TemporaryDirectory.bytes(of: file)
                for needle in ["777000111", "888000222", "zzz999"] {
                    #expect(!bytes.contains(Array(needle.utf8)), "\(needle) in \(file)")
                }
            }
        }

        @Test("name the same visitor after a restart, and no server gets any", .timeLimit(.minutes(2)))
        func serverIDs() async throws {
            let scene = try await Scene.start { $0.siteExtra = "cookies: { client_id: FPID }" }
            let target = Self.hit("en=page_view&cid=\(Self.visitor)&gcd=\(Self.granted)&_fplc=0")
            let first = Self.setCookies(try scene.relay.client.get(target, headers: Self.headers()))
            let identifier = try #require(first.first { $0.hasPrefix("FPID=") }?.prefix { $0 != ";" })
            #expect(first.contains { $0.hasPrefix("FPID=FPID2.2.") && $0.contains("; HttpOnly; ") }, "\(first)")
            #expect(first.contains { $0.hasPrefix("FPLC=") && !$0.contains("HttpOnly") })
            let path = scene.relay.stateDirectory + "/identity.key"
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)

            try await scene.relay.terminate()
            try await scene.relay.start()
            let again = Self.setCookies(try scene.relay.client.get(target, headers: Self.headers()))
            #expect(again.contains { $0.hasPrefix("\(identifier);") })
            let back = Self.setCookies(
                try scene.relay.client.get(
                    Self.hit("en=scroll&cid=9.9&gcd=\(Self.granted)"),
                    headers: Self.headers(String(identifier))
                )
            )
            #expect(back.contains { $0.hasPrefix("\(identifier);") })
            let server = try scene.relay.server.post(
                "/v1/events",
                EventText.purchase("server"),
                headers: Self.headers("_ga=GA1.1.\(Self.visitor)")
            )
            #expect(server.status == 202)
            #expect(Self.setCookies(server).isEmpty)
        }

        // MARK: TLS

        private static let hasPrograms = ["openssl", "curl"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
        }

        private static func run(_ program: String, _ arguments: [String]) async throws -> CommandResult {
            try await CommandResult.of("/usr/bin/\(program)", arguments, within: .seconds(30))
        }

        /// A relay that speaks TLS as `t.shop.example` and as `localhost`, both of the site.
        private static func startSecure() async throws -> Scene {
            let scene = try await Scene.prepare { configuration in
                configuration.extra = "tls: { certificate: chain.pem, key: key.pem }"
                configuration.domains = "[shop.example, localhost]"
            }
            let names = "DNS:t.shop.example,DNS:localhost"
            try await Certificate.make(in: scene.relay.directory, name: "relay", names: names, days: 30)
            try scene.relay.launch()
            try #require(await eventually { scene.relay.log.contains("collecting") }, "\(scene.relay.log)")
            return scene
        }

        @Test("are Secure over TLS", .enabled(if: hasPrograms), .timeLimit(.minutes(2)))
        func secure() async throws {
            let scene = try await Self.startSecure()
            let port = scene.relay.configuration.port
            let target = Self.hit("en=page_view&cid=\(Self.visitor)&gcd=\(Self.granted)")
            let answer = try await Self.run(
                "curl",
                [
                    "--silent", "--show-error", "--include", "--cacert", scene.relay.directory.file("chain.pem"),
                    "--resolve", "t.shop.example:\(port):127.0.0.1", "-H", "origin: https://www.shop.example",
                    "https://t.shop.example:\(port)\(target)",
                ]
            )
            #expect(answer.output.hasPrefix("HTTP/1.1 204 "), "\(answer.errors)")
            let expected =
                "set-cookie: _ga=GA1.1.\(Self.visitor); Max-Age=34560000; Path=/; Domain=shop.example; Secure; SameSite=Lax"
            #expect(answer.output.contains(expected), "\(answer.output)")
        }

        @Test("are examined by the doctor", .enabled(if: hasPrograms), .timeLimit(.minutes(2)))
        func doctor() async throws {
            let scene = try await Self.startSecure()
            let base = ["doctor", "--config", scene.relay.configurationFile, "--json"]
            let authority = ["--ca", scene.relay.directory.file("chain.pem")]
            let url = "https://localhost:\(scene.relay.configuration.port)"
            func examine(_ arguments: [String]) async throws -> (status: Int32, found: [String: String]) {
                let result = try await scene.installation.run(base + arguments)
                let findings = try result.json()["findings"].array
                let pairs = findings.map { ($0["check"].string ?? "", $0["status"].string ?? "") }
                return (result.status ?? -1, Dictionary(pairs) { $0 == "ok" ? $1 : $0 })
            }
            let well = try await examine(["--url", url] + authority)
            #expect(
                well.found == [
                    "configuration": "advice", "state": "ok", "disk": "ok", "tls": "ok", "relay": "ok", "clock": "ok",
                    "cookies": "ok", "dns": "ok", "safari": "ok",
                ]
            )
            #expect(well.status == 0)
            let untrusted = try await examine(["--url", url])
            #expect(untrusted.status == 1 && untrusted.found["tls"] == "problem")
            let foreign = try await examine(["--url", url, "--page", "https://shop.example"] + authority)
            #expect(foreign.status == 1 && foreign.found["cookies"] == "problem")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: scene.relay.stateDirectory
            )
            let open = try await examine([])
            #expect(open.status == 1 && open.found["state"] == "problem" && open.found["relay"] == "advice")
        }
    }
}
