import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    private static let hasPrograms = ["openssl", "curl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    @Suite("TLS", .enabled(if: hasPrograms))
    struct TLSTests {
        private static func run(_ program: String, _ arguments: [String]) async throws -> CommandResult {
            try await CommandResult.of("/usr/bin/\(program)", arguments, within: .seconds(30))
        }

        /// Writes `key.pem` and `chain.pem` of that name into the relay's folder.
        private static func makeCertificate(_ scene: Scene, name: String) async throws {
            try await Certificate.make(in: scene.relay.directory, name: name, names: "IP:127.0.0.1")
        }

        private static func setMode(_ mode: Int, _ path: String) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }

        private static func prepare(limits: String = "{}") async throws -> Scene {
            let scene = try await Scene.prepare { configuration in
                configuration.extra = "tls: { certificate: chain.pem, key: key.pem }\nlimits: \(limits)"
            }
            try await makeCertificate(scene, name: "first")
            return scene
        }

        private static func start(_ scene: Scene) async throws {
            try scene.relay.launch()
            try #require(await eventually { scene.relay.log.contains("collecting") }, "\(scene.relay.log)")
        }

        private static func curl(_ scene: Scene, _ arguments: [String] = [], path: String = "/readyz") async throws
            -> CommandResult
        {
            try await run(
                "curl",
                ["--silent", "--show-error", "--cacert", scene.relay.directory.file("chain.pem")] + arguments + [
                    "https://127.0.0.1:\(scene.relay.configuration.port)\(path)"
                ]
            )
        }

        private static func subject(_ scene: Scene) async throws -> String {
            let address = "127.0.0.1:\(scene.relay.configuration.port)"
            return try await run("openssl", ["s_client", "-connect", address, "-alpn", "h2,http/1.1"]).output
        }

        @Test("takes events, speaks TLS 1.2 and later, and cuts what is no TLS", .timeLimit(.minutes(2)))
        func serves() async throws {
            let scene = try await Self.prepare(limits: "{ header_timeout: 1s }")
            try await Self.start(scene)
            let event = try await Self.curl(
                scene,
                [
                    "-H", "authorization: Bearer \(RelayConfiguration.writeKey)", "-d", EventText.purchase("secure"),
                    "--tls-max", "1.2",
                ],
                path: "/v1/events"
            )
            #expect(event.output.contains("\"accepted\":1"), "\(event.errors)")
            #expect(try await Self.curl(scene, ["--tlsv1.3"]).output == "ready\n")
            #expect(try await Self.curl(scene, ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]).status != 0)
            #expect(try await Self.subject(scene).contains("ALPN protocol: http/1.1"))

            let plain = try RawConnection(port: scene.relay.configuration.port)
            try plain.send(HTTPClient.bytes("GET", "/readyz"))
            #expect(plain.isClosedByPeer())
            let silent = try RawConnection(port: scene.relay.configuration.port)
            let started = ContinuousClock.now
            #expect(silent.isClosedByPeer())
            #expect(ContinuousClock.now - started < .seconds(5))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ["secure"])
        }

        @Test(
            "takes up a renewed certificate by itself or by a reload, and keeps the old one when it is broken",
            .timeLimit(.minutes(2))
        )
        func renewal() async throws {
            let scene = try await Self.prepare()
            try await Self.start(scene)
            #expect(try await Self.subject(scene).contains("CN = first"))
            try await Self.makeCertificate(scene, name: "second")
            #expect(try await scene.relay.command(["reload"]).status == 0)
            #expect(try await Self.subject(scene).contains("CN = second"))

            try scene.relay.directory.write("no certificate", to: "chain.pem")
            let refused = try await scene.relay.command(["reload"])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("error: tls.certificate"), "\(refused.errors)")
            let isTold = await eventually { scene.relay.log.contains("the one in use stays") }
            #expect(isTold)
            #expect(try await Self.subject(scene).contains("CN = second"))

            try await Self.makeCertificate(scene, name: "third")
            let isRenewed = try await eventually(every: .milliseconds(500)) {
                try await Self.subject(scene).contains("CN = third")
            }
            #expect(isRenewed)
        }

        @Test("is refused with a key that everybody can read or that is another's", .timeLimit(.minutes(2)))
        func badFiles() async throws {
            let scene = try await Self.prepare()
            let path = try scene.relay.directory.write(scene.relay.configuration.yaml, to: "relais.yaml")
            func check() async throws -> CommandResult {
                try await scene.installation.run(["check", "--config", path])
            }
            #expect(try await check().status == 0)
            try Self.setMode(0o644, scene.relay.directory.file("key.pem"))
            let open = try await check()
            #expect(open.status == 2)
            #expect(open.errors.contains("error: tls.key: every user of this machine can read"), "\(open.errors)")
            #expect(open.errors.contains("(fix: chmod 600 it)"))

            let certificate = TemporaryDirectory.text(of: scene.relay.directory.file("chain.pem"))
            try await Self.makeCertificate(scene, name: "other")
            try scene.relay.directory.write(certificate, to: "chain.pem")
            let unpaired = try await check()
            #expect(unpaired.errors.contains("is not the key of the certificate"), "\(unpaired.errors)")
            try FileManager.default.removeItem(atPath: scene.relay.directory.file("key.pem"))
            #expect(try await check().errors.contains("does not exist"))
        }
    }
}
