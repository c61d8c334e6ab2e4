internal import CCurl
private import Glibc

/// Tells libcurl which of its sockets are ready and when its timers are due: epoll in place of libcurl's own polling, which
/// looks at every transfer for every event.
final class CurlPoller {
    private struct Socket {
        /// `RELAIS_POLL_…`.
        var bits: Int32
        /// libcurl waits for it; one that it does not wait for stays registered until it shows itself.
        var isWanted: Bool
    }

    private let multi: UnsafeMutableRawPointer
    private let wakeDescriptor: Int32
    private let epoll: Int32
    private var sockets: [Int32: Socket] = [:]
    /// Monotonic milliseconds: libcurl wants to be called then.
    private var dueAt: Int64?
    private var ready = [relais_poll_event](
        repeating: relais_poll_event(),
        count: Int(RELAIS_POLL_MOST)
    )

    /// nil when the system or libcurl refuses. `wakeDescriptor`: ends a wait when it is readable.
    init?(multi: UnsafeMutableRawPointer, wakeDescriptor: Int32) {
        self.multi = multi
        self.wakeDescriptor = wakeDescriptor
        epoll = relais_poll_create()
        guard epoll >= 0, relais_poll_add(epoll, wakeDescriptor, Self.read) == 0 else { return nil }
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard relais_curl_multi_set_socket_callback(multi, watchSocket, context) == CURLM_OK,
            relais_curl_multi_set_timer_callback(multi, noteTimer, context) == CURLM_OK
        else { return nil }
    }

    deinit { close(epoll) }

    /// Lets libcurl do what is due. False when it failed.
    func runTimers() -> Bool {
        guard let dueAt, dueAt <= Self.now() else { return true }
        self.dueAt = nil
        return act(CURL_SOCKET_TIMEOUT, 0)
    }

    /// Waits for sockets, the next timer or the wake descriptor, and lets libcurl act. False when it failed.
    func wait() -> Bool {
        let limit = dueAt.map { Int32(clamping: max(0, $0 - Self.now())) } ?? -1
        let count = relais_poll_wait(epoll, &ready, limit)
        guard count > 0 else { return true }
        var isSound = true
        for event in ready[..<Int(count)] {
            guard event.descriptor != wakeDescriptor else {
                var counter: UInt64 = 0
                _ = Glibc.read(wakeDescriptor, &counter, 8)
                continue
            }
            isSound = serve(event.descriptor, event.bits) && isSound
        }
        return isSound
    }

    private func serve(_ descriptor: Int32, _ ready: Int32) -> Bool {
        guard sockets[descriptor]?.isWanted == true else {
            sockets[descriptor] = nil
            _ = relais_poll_remove(epoll, descriptor)
            return true
        }
        var bits: Int32 = 0
        if ready & Self.read != 0 { bits |= CURL_CSELECT_IN }
        if ready & Self.write != 0 { bits |= CURL_CSELECT_OUT }
        if ready & Self.error != 0 { bits |= CURL_CSELECT_ERR }
        return act(descriptor, bits)
    }

    private func act(_ socket: Int32, _ bits: Int32) -> Bool {
        var running: Int32 = 0
        return curl_multi_socket_action(multi, socket, bits, &running) == CURLM_OK
    }

    // MARK: What libcurl wants

    /// A socket that libcurl is done with for now mostly serves the next request, so that its registration is kept. It may
    /// also have been closed, and its number be another's: registering it again finds that out.
    fileprivate func watch(_ descriptor: Int32, _ what: Int32) {
        guard what != CURL_POLL_REMOVE else {
            sockets[descriptor]?.isWanted = false
            return
        }
        let bits = (what & CURL_POLL_IN != 0 ? Self.read : 0) | (what & CURL_POLL_OUT != 0 ? Self.write : 0)
        if let known = sockets[descriptor], known.isWanted, known.bits == bits { return }
        let isRegistered = sockets[descriptor] != nil && relais_poll_change(epoll, descriptor, bits) == 0
        if !isRegistered { _ = relais_poll_add(epoll, descriptor, bits) }
        sockets[descriptor] = Socket(bits: bits, isWanted: true)
    }

    fileprivate func setTimer(_ milliseconds: Int) { dueAt = milliseconds < 0 ? nil : Self.now() + Int64(milliseconds) }

    private static let read = Int32(RELAIS_POLL_READ)
    private static let write = Int32(RELAIS_POLL_WRITE)
    private static let error = Int32(RELAIS_POLL_ERROR)

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

private let watchSocket: relais_curl_socket_callback = { _, socket, what, context, _ in
    guard let context else { return 0 }
    Unmanaged<CurlPoller>.fromOpaque(context).takeUnretainedValue().watch(socket, what)
    return 0
}

private let noteTimer: relais_curl_timer_callback = { _, milliseconds, context in
    guard let context else { return 0 }
    Unmanaged<CurlPoller>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
}
