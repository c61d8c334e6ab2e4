internal import Glibc
internal import Synchronization

/// TCP ports of the loopback address that nobody listens on.
package enum FreePort {
    private static let counter = Atomic<Int>(Int.random(in: 0..<10_000))

    /// A port below the range that the kernel takes for outgoing connections, so that a relay that is started again
    /// finds its port as free as it left it.
    package static func next() throws -> Int {
        for _ in 0..<200 {
            let port = 20_000 + counter.wrappingAdd(1, ordering: .relaxed).oldValue % 12_000
            if isFree(port) { return port }
        }
        throw TestFailure("no free port between 20000 and 32000")
    }

    package static func isFree(_ port: Int) -> Bool {
        guard let socket = try? ListeningSocket(port: port) else { return false }
        socket.close()
        return true
    }
}
