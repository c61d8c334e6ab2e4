import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("The documentation's examples")
    struct DocumentationTests {
        private static let environment = [
            "WRITE_KEY": RelayConfiguration.writeKey, "RELAIS_ADMIN_TOKEN": RelayConfiguration.adminToken,
            "GA4_SECRET": "secret-ga4-0123456789", "META_TOKEN": "token-meta-0123456789",
            "LINKEDIN_TOKEN": "token-linkedin-0123456789", "TIKTOK_TOKEN": "token-tiktok-0123456789",
        ]

        /// What stands between ``` lines of a page, by the word behind the first.
        private static func blocks(_ page: String, _ language: String) -> [String] {
            var blocks: [String] = []
            var open: [Substring]?
            var isWanted = false
            for line in TemporaryDirectory.text(of: "\(Scene.repository)/\(page)").split(
                separator: "\n",
                omittingEmptySubsequences: false
            ) {
                guard line.hasPrefix("```") else {
                    open?.append(line)
                    continue
                }
                if let lines = open {
                    if isWanted { blocks.append(lines.joined(separator: "\n") + "\n") }
                    open = nil
                } else {
                    open = []
                    isWanted = line == "```\(language)"
                }
            }
            return blocks
        }

        @Test(
            "of configurations are configurations",
            arguments: [
                "README.md", "docs/configuration.md", "docs/first-party.md", "docs/gtag.md", "docs/enrichment.md",
                "Plugins/ga4/README.md", "Plugins/meta/README.md",
                "Plugins/linkedin/README.md", "Plugins/tiktok/README.md",
            ]
        )
        func configurations(page: String) async throws {
            let installation = try Installation.find(repository: Scene.repository)
            let folder = try TemporaryDirectory("documentation")
            var text = Self.blocks(page, "yaml").joined()
            try #require(!text.isEmpty)
            if !"\n\(text)".contains("\nsites:") {
                text += "sites: { shop: { domains: [example.com], measurement_id: any } }\n"
            }
            if !"\n\(text)".contains("\nsources:") { text += "sources: { web: { clients: [gtag] } }\n" }
            text += "plugins: { directory: \(installation.plugins) }\n"
            try folder.write(text, to: "relais.yaml")
            for secret in ["secrets/old-write-key", "secrets/meta"] {
                try folder.write("secret-0123456789", to: secret)
            }
            try Data(MaxMindFile().bytes).write(to: URL(fileURLWithPath: folder.file("GeoLite2-City.mmdb")))
            try await Self.makeCertificate(in: folder)
            let checked = try await installation.run(
                ["check", "--config", folder.file("relais.yaml")],
                environment: Self.environment
            )
            #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        }

        @Test("of requests are answered as the pages say")
        func requests() async throws {
            let scene = try await Scene.start()
            let first = try await Self.curl(scene, "README.md")
            #expect(first.contains(#"{"accepted":1,"duplicates":0,"rejected":[]}"#), "\(first)")
            let second = try await Self.curl(scene, "docs/sending-events.md")
            #expect(second.contains(#""duplicates":1,"rejected":[{"index":1,"pointer":"/value""#), "\(second)")
            #expect(first.hasPrefix("HTTP/1.1 202") && second.hasPrefix("HTTP/1.1 202"))
            let third = try await Self.curl(scene, "docs/sending-events.md", path: "/mp/collect")
            #expect(third.hasPrefix("HTTP/1.1 204"), "\(third)")
            #expect(
                try scene.relay.admin.get("/api/v1/rejections").json().array.allSatisfy {
                    $0["client"].string == "relais" || $0["kind"].string == "duplicate"
                }
            )
        }

        private static func curl(_ scene: Scene, _ page: String, path: String = "/v1/events") async throws -> String {
            let examples = blocks(page, "").filter { $0.hasPrefix("curl") && $0.contains(path) }
            let example = try #require(examples.first, "\(page) has no curl line")
            let command = example.replacingOccurrences(
                of: "https://t.example.com",
                with: "http://127.0.0.1:\(scene.relay.configuration.port)"
            ).replacing("G-ABC123", with: "G-TEST123456")
            let result = try await CommandResult.of("/bin/bash", ["-c", command], environment: environment)
            try #require(result.status == 0, "\(result.errors)")
            return result.output
        }

        private static func makeCertificate(in folder: TemporaryDirectory) async throws {
            try folder.write("", to: "tls/empty")
            let made = try await CommandResult.of(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=example", "-keyout", folder.file("tls/key.pem"), "-out",
                    folder.file("tls/fullchain.pem"),
                ]
            )
            try #require(made.status == 0, "\(made.errors)")
        }
    }
}
