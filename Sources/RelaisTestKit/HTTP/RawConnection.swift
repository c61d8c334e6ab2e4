internal import Glibc

/// A TCP connection to the loopback address, byte by byte: for what well-behaved clients cannot send. Blocks; every
/// wait is bounded.
package final class RawConnection {
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    package init(port: Int, timeout: Duration = .seconds(10)) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: Int(timeout.components.seconds), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = LoopbackAddress.ipv4(port: port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let reason = String(cString: strerror(errno))
            close()
            throw TestFailure("cannot connect to port \(port): \(reason)")
        }
    }

    package func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    deinit { close() }

    package func send(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                Glibc.send(descriptor, raw.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("send: \(String(cString: strerror(errno)))") }
            offset += count
        }
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// The next HTTP response of the connection. `isHead`: it answers a HEAD request.
    package func response(isHead: Bool = false) throws -> HTTPAnswer {
        while true {
            if let (answer, count) = HTTPAnswer.parse(buffer, isHead: isHead, isComplete: false) {
                buffer.removeFirst(count)
                return answer
            }
            guard try receive() else {
                if let (answer, count) = HTTPAnswer.parse(buffer, isHead: isHead, isComplete: true) {
                    buffer.removeFirst(count)
                    return answer
                }
                throw TestFailure("the connection ended after \(buffer.count) bytes of an answer")
            }
        }
    }

    /// Waits until the peer closes; false when it does not within the connection's patience.
    package func isClosedByPeer() -> Bool {
        do {
            while try receive() {}
            return true
        } catch {
            return errno == ECONNRESET
        }
    }

    /// False at the end of the stream.
    private func receive() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw TestFailure("receive: \(String(cString: strerror(errno)))") }
        buffer.append(contentsOf: chunk[..<count])
        return count > 0
    }
}
