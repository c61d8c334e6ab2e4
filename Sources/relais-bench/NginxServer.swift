internal import RelaisTestKit

/// nginx that answers 204 to everything, with as many workers as there are cores: the yardstick of what a server that does
/// nothing takes on this machine.
final class NginxServer {
    let port: Int
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    init() async throws {
        port = try FreePort.next()
        directory = try TemporaryDirectory("nginx")
        let configuration = """
            worker_processes auto; daemon off; pid \(directory.file("pid")); error_log \(directory.file("error"));
            events { worker_connections 1024; }
            http {
              access_log off; keepalive_requests 1000000000; client_body_temp_path \(directory.file("body"));
              proxy_temp_path \(directory.file("proxy")); fastcgi_temp_path \(directory.file("fastcgi"));
              uwsgi_temp_path \(directory.file("uwsgi")); scgi_temp_path \(directory.file("scgi"));
              server { listen 127.0.0.1:\(port); location / { return 204; } }
            }
            """
        let file = try directory.write(configuration, to: "nginx.conf")
        process = try ChildProcess("/usr/sbin/nginx", ["-c", file], output: directory.file("out"))
        let client = HTTPClient(port: port)
        let isReady = await eventually { (try? client.get("/"))?.status == 204 }
        guard isReady else { throw TestFailure("nginx: \(TemporaryDirectory.text(of: directory.file("error")))") }
    }

    func stop() async throws {
        process.terminate()
        try await process.wait()
    }
}
