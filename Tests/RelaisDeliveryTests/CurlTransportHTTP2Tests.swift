import Foundation
import RelaisDelivery
import RelaisEvent
import Testing

@Suite(
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: HTTP2Server.nginx)
            && FileManager.default.isExecutableFile(atPath: TLSServer.openssl)
    )
)
struct CurlTransportHTTP2Tests {
    @Test func requestsShareOneConnection() async throws {
        let server = try await HTTP2Server()
        defer { server.stop() }
        var configuration = CurlConfiguration()
        configuration.certificateAuthorityFile = server.certificate
        let transport = try CurlTransport(configuration)
        let bodies = await withTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    let response = await transport.answer(server.request, timeout: 10_000)
                    guard response.transport == .none else { return response.transport.name }
                    return String(decoding: response.body, as: UTF8.self)
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(bodies.count == 1, "\(bodies)")
        #expect(bodies.first?.hasPrefix("HTTP/2.0 ") == true)
        transport.close()
    }
}

struct HTTP2Server {
    static let nginx = "/usr/sbin/nginx"
    let folder: URL
    let port: Int
    let certificate: String
    private let process: Process

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "relais-h2-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "cert.pem").path
        let key = folder.appending(path: "key.pem").path
        try await TLSServer.makeCertificate(certificate, key: key, host: "IP:127.0.0.1")
        port = try TestHTTPServer.freePort()
        let text = """
            daemon off; master_process off; pid \(folder.path)/pid; error_log \(folder.path)/error.log;
            events {}
            http {
              access_log off; client_body_temp_path \(folder.path)/a; proxy_temp_path \(folder.path)/b;
              fastcgi_temp_path \(folder.path)/c; uwsgi_temp_path \(folder.path)/d; scgi_temp_path \(folder.path)/e;
              server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(certificate); ssl_certificate_key \(key);
                location / { return 200 "$server_protocol $connection"; }
              }
            }
            """
        let file = folder.appending(path: "nginx.conf").path
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        process = try TLSServer.launch(
            Self.nginx,
            ["-c", file, "-p", folder.path, "-e", folder.appending(path: "error.log").path]
        )
        try await TLSServer.waitUntilItAccepts(request)
    }

    var request: HTTPRequest {
        HTTPRequest(method: "GET", url: "https://127.0.0.1:\(port)/", headers: [], body: [], isIdempotent: true)
    }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }
}
