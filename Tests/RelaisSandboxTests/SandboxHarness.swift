import Foundation
import FoundationNetworking
import Logging
import Testing

@testable import RelaisSandbox

struct SandboxAnswer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue? { try? JSONParser.parse(body) }
}

struct SandboxClient: Sendable {
    let port: Int

    func send(
        _ method: String,
        _ path: String,
        body: Data? = nil,
        type: String = "application/json",
        headers: [String: String] = [:]
    ) async throws -> SandboxAnswer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        request.timeoutInterval = 30
        if let body {
            request.httpBody = body
            request.setValue(type, forHTTPHeaderField: "Content-Type")
        }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let head = try #require(response as? HTTPURLResponse)
        let fields = head.allHeaderFields.reduce(into: [String: String]()) { $0["\($1.key)"] = "\($1.value)" }
        return SandboxAnswer(status: head.statusCode, headers: fields, body: Array(data))
    }

    func post(meta body: Data) async throws -> SandboxAnswer {
        try await send(
            "POST",
            "/graph.facebook.com/v26.0/123/events?appsecret_proof=x+y",
            body: body,
            headers: ["Authorization": "Bearer EAAtoken"]
        )
    }

    func setFaults(_ text: String) async throws {
        let answer = try await send("PUT", "/_faults", body: Data(text.utf8))
        #expect(answer.status == 200, "\(answer.text)")
    }

    func exchangeRaw(_ body: Data) async throws -> [UInt8] {
        let head = """
            POST /graph.facebook.com/v26.0/123/events HTTP/1.1\r
            Host: sandbox\r
            Authorization: Bearer EAAtoken\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            \r\n
            """
        let bytes = Array(head.utf8) + Array(body)
        let port = port
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try RawSocket.exchange(bytes, port: port) })
            }
        }
    }
}

enum RawSocket {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    static func exchange(_ bytes: [UInt8], port: Int) throws -> [UInt8] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(call: "connect", code: errno) }
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(call: "write", code: errno) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return received }
            received += buffer[..<count]
        }
    }
}

func withSandbox(
    configure: (inout SandboxConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (SandboxClient) async throws -> Void
) async throws {
    var logger = Logger(label: "sandbox")
    logger.logLevel = .critical
    var configuration = SandboxConfiguration(
        port: 0,
        nowMilliseconds: { Clock.seconds * 1_000 },
        logger: logger
    )
    configure(&configuration)
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = SandboxServer(configuration: configuration) { continuation.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await server.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await group.waitForAll()
            return
        }
        do {
            try await body(SandboxClient(port: port))
        } catch {
            group.cancelAll()
            throw error
        }
        group.cancelAll()
        try await group.waitForAll()
    }
}
