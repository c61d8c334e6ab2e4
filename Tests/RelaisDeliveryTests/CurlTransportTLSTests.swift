import Foundation
import RelaisDelivery
import RelaisEvent
import Testing

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: TLSServer.openssl)))
struct CurlTransportTLSTests {
    @Test func selfSignedCertificateIsRefused() async throws {
        let server = try await TLSServer()
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(server.request, timeout: 5000)
        #expect(response.transport == .tls)
        transport.close()
    }

    @Test func certificateOfATrustedAuthorityIsAccepted() async throws {
        let server = try await TLSServer()
        defer { server.stop() }
        var configuration = CurlConfiguration()
        configuration.certificateAuthorityFile = server.certificate
        let transport = try CurlTransport(configuration)
        let response = await transport.answer(server.request, timeout: 5000)
        #expect(response.transport == .none)
        #expect(response.status == 200)
        transport.close()
    }

    @Test func certificateForAnotherHostIsRefused() async throws {
        let server = try await TLSServer(host: "DNS:other.example")
        defer { server.stop() }
        var configuration = CurlConfiguration()
        configuration.certificateAuthorityFile = server.certificate
        let transport = try CurlTransport(configuration)
        #expect(await transport.answer(server.request, timeout: 5000).transport == .tls)
        transport.close()
    }

    @Test func plainServerBehindHTTPSIsATLSError() async throws {
        let server = try TestHTTPServer { _ in .respondAndClose("HTTP/1.1 200 OK\r\n\r\n") }
        defer { server.stop() }
        let transport = try CurlTransport()
        let listener = try TestHTTPServer(readsRequests: true) { _ in .hang }
        defer { listener.stop() }
        let request = CurlTransportTests.request("https://127.0.0.1:\(listener.port)/")
        let response = await transport.answer(request, timeout: 300)
        #expect(!response.transport.isUncertain)
        transport.close()
    }
}

struct TLSServer {
    static let openssl = "/usr/bin/openssl"
    let folder: URL
    let port: Int
    let certificate: String
    private let process: Process

    init(host: String = "IP:127.0.0.1") async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "relais-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "cert.pem").path
        let key = folder.appending(path: "key.pem").path
        try await Self.makeCertificate(certificate, key: key, host: host)
        port = try TestHTTPServer.freePort()
        process = try Self.launch(
            Self.openssl,
            ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key, "-www", "-quiet"]
        )
        try await Self.waitUntilItAccepts(request)
    }

    var request: HTTPRequest {
        HTTPRequest(method: "GET", url: "https://127.0.0.1:\(port)/", headers: [], body: [], isIdempotent: true)
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }

    static func makeCertificate(_ certificate: String, key: String, host: String) async throws {
        let arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
            "-subj", "/CN=relais-test", "-addext", "subjectAltName=\(host)",
        ]
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            do { _ = try launch(openssl, arguments) { done.resume() } } catch { done.resume(throwing: error) }
        }
    }

    static func waitUntilItAccepts(_ request: HTTPRequest) async throws {
        let transport = try CurlTransport()
        for _ in 0..<200 {
            let response = await transport.answer(request, timeout: 1000)
            if response.transport != .connect { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        transport.close()
    }

    static func launch(
        _ program: String,
        _ arguments: [String],
        ended: @escaping @Sendable () -> Void = {}
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        process.terminationHandler = { _ in ended() }
        try process.run()
        return process
    }
}
