import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

final class TestHTTPServer: Sendable {
    struct Request: Sendable {
        var connection: Int
        var head: String
        var body: [UInt8]

        var path: String { String(head.split(separator: " ").dropFirst().first ?? "") }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map {
                $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)
            }
        }
    }

    enum Answer: Sendable {
        case respond(String)
        case respondAndClose(String)
        case stream(total: Int)
        case hang
        case reset
    }

    let port: Int
    private let connections = Mutex(0)
    private let requests = Mutex<[Request]>([])
    private let listener: Int32
    private let handler: @Sendable (Request) -> Answer
    private let readsRequests: Bool
    private let open = Mutex<Set<Int32>>([])

    static func ok(_ body: String = "ok", headers: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
    }

    init(readsRequests: Bool = true, _ handler: @escaping @Sendable (Request) -> Answer) throws {
        self.handler = handler
        self.readsRequests = readsRequests
        listener = try Self.listen()
        port = Self.port(of: listener)
        let accepting = Thread { [self] in accept() }
        accepting.start()
    }

    var received: [Request] { requests.withLock { $0 } }
    var connectionCount: Int { connections.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for descriptor in open.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    static func freePort() throws -> Int {
        let descriptor = try listen()
        defer { close(descriptor) }
        return port(of: descriptor)
    }

    private static func listen() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0, Glibc.listen(descriptor, 1024) == 0 else { throw POSIXError(.EADDRINUSE) }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                close(listener)
                return
            }
            let number = connections.withLock { count in
                count += 1
                return count
            }
            open.withLock { _ = $0.insert(descriptor) }
            guard readsRequests else { continue }
            let thread = Thread { [self] in
                serve(descriptor, number)
                open.withLock { _ = $0.remove(descriptor) }
                close(descriptor)
            }
            thread.stackSize = 1 << 18
            thread.start()
        }
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        var buffer: [UInt8] = []
        while let request = read(descriptor, number, &buffer) {
            requests.withLock { $0.append(request) }
            switch handler(request) {
            case .respond(let text): guard write(descriptor, Array(text.utf8)) else { return }
            case .respondAndClose(let text):
                _ = write(descriptor, Array(text.utf8))
                return
            case .stream(let total):
                guard write(descriptor, Array("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n".utf8)) else {
                    return
                }
                let block = [UInt8](repeating: 120, count: 65_536)
                for _ in 0..<(total / block.count) { guard write(descriptor, block) else { return } }
            case .hang:
                var byte: UInt8 = 0
                while recv(descriptor, &byte, 1, 0) > 0 {}
                return
            case .reset:
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                return
            }
        }
    }

    private func read(_ descriptor: Int32, _ number: Int, _ buffer: inout [UInt8]) -> Request? {
        var end: Int?
        var length = 0
        while true {
            if end == nil, let found = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                end = found.upperBound
                let head = String(decoding: buffer[..<found.upperBound], as: UTF8.self)
                length = Request(connection: 0, head: head, body: []).header("content-length").flatMap { Int($0) } ?? 0
            }
            if let end, buffer.count >= end + length {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                let body = Array(buffer[end..<end + length])
                buffer.removeFirst(end + length)
                return Request(connection: number, head: head, body: body)
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    private func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
