import CRelaisHost
import Glibc
import RelaisEvent

/// One running `relais-plugin-host`. Used by one thread at a time, but for `kill()`.
final class ChildProcess: Sendable {
    enum Failure: Error, Equatable {
        /// It ended while the frame was being sent: it has not begun it.
        case endedBefore
        /// It ended after the whole frame was sent.
        case endedDuring
        case timedOut
        case garbage(String)
    }

    private static let readSize = 65_536
    private static let createGrace: Int64 = 2000
    let process: pid_t
    private let socket: Int32
    private let output: Int32
    private let link: PluginLink

    private init(_ child: ChildSpawner.Child, _ link: PluginLink) {
        process = child.process
        socket = child.socket
        output = child.output
        self.link = link
    }

    static func spawn(_ executable: String, _ link: PluginLink) throws(ChildSpawner.SpawnError) -> ChildProcess {
        ChildProcess(try ChildSpawner.shared.spawn(executable), link)
    }

    // MARK: Frames

    /// Sends the INIT frame and waits for READY.
    func initialise(createTimeout: Int64) throws(Failure) -> ReadyFrame {
        let deadline = MonotonicTime.milliseconds() + createTimeout + Self.createGrace
        let payload = try exchange(
            Int(RELAIS_FRAME_INIT),
            link.initPayload,
            answer: Int(RELAIS_FRAME_READY),
            deadline: deadline
        )
        do throws(FrameError) {
            return try ReadyFrame(payload)
        } catch {
            throw .garbage(error.detail)
        }
    }

    /// Sends a frame and waits for its answer of the given kind; log lines that come before go to the log.
    /// - Parameter deadline: monotonic milliseconds.
    func exchange(_ kind: Int, _ payload: [UInt8], answer: Int, deadline: Int64) throws(Failure) -> [UInt8] {
        try send(FrameWriter.header(kind: kind, length: payload.count), payload, deadline)
        return try receive(answer, deadline)
    }

    private func send(_ header: [UInt8], _ payload: [UInt8], _ deadline: Int64) throws(Failure) {
        var sent = 0
        while sent < header.count + payload.count {
            let count = sendPart(header, payload, from: sent)
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(POLLOUT, deadline)
            } else if errno != EINTR {
                throw .endedBefore
            }
        }
    }

    private func sendPart(_ header: [UInt8], _ payload: [UInt8], from sent: Int) -> Int {
        header.withUnsafeBytes { header in
            payload.withUnsafeBytes { payload in
                let first = UnsafeRawBufferPointer(rebasing: header.dropFirst(sent))
                let second = UnsafeRawBufferPointer(rebasing: payload.dropFirst(max(0, sent - header.count)))
                var parts = [first, second].filter { !$0.isEmpty }.map { part in
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: part.baseAddress), iov_len: part.count)
                }
                return parts.withUnsafeMutableBufferPointer { parts in
                    var message = msghdr()
                    message.msg_iov = parts.baseAddress
                    message.msg_iovlen = parts.count
                    return sendmsg(socket, &message, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }

    private func receive(_ answer: Int, _ deadline: Int64) throws(Failure) -> [UInt8] {
        var assembler = FrameAssembler(answer: answer)
        while true {
            if let frame = try assembler.next() {
                switch frame.kind {
                case answer:
                    guard assembler.isEmpty else { throw .garbage("bytes follow its answer") }
                    drainOutput()
                    return frame.payload
                default: writeLog(frame.payload)
                }
                continue
            }
            let (count, error) = assembler.fill(atLeast: Self.readSize) {
                Glibc.recv(socket, $0.baseAddress, $0.count, 0)
            }
            if count == 0 { throw .endedDuring }
            if count < 0, error == EAGAIN {
                try wait(POLLIN, deadline)
            } else if count < 0, error != EINTR {
                throw .endedDuring
            }
        }
    }

    private func writeLog(_ payload: [UInt8]) {
        payload.withUnsafeBytes { bytes in
            var reader = FrameReader(bytes)
            guard let level = try? reader.integer(Int32.self), let line = try? reader.text() else { return }
            link.write(level: level, line)
        }
    }

    /// Waits until the socket can be read or written; takes what the plugin prints meanwhile.
    private func wait(_ event: Int32, _ deadline: Int64) throws(Failure) {
        while true {
            let left = deadline - MonotonicTime.milliseconds()
            guard left > 0 else { throw .timedOut }
            var watched = [
                pollfd(fd: socket, events: Int16(event), revents: 0),
                pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&watched, 2, Int32(clamping: left))
            if ready < 0, errno != EINTR { throw .endedDuring }
            let isOutputAtEnd = watched[1].revents != 0 && !drainOutput()
            if watched[0].revents != 0 { return }
            if isOutputAtEnd { return try waitForSocket(event, deadline) }
        }
    }

    /// When the plugin closed its output only the socket is left to watch.
    private func waitForSocket(_ event: Int32, _ deadline: Int64) throws(Failure) {
        while true {
            let left = deadline - MonotonicTime.milliseconds()
            guard left > 0 else { throw .timedOut }
            var watched = pollfd(fd: socket, events: Int16(event), revents: 0)
            if poll(&watched, 1, Int32(clamping: left)) > 0 { return }
        }
    }

    /// Logs what the plugin printed to its standard output and error. False at the end of the pipe.
    @discardableResult
    private func drainOutput() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = Glibc.read(output, buffer.baseAddress, buffer.count)
            guard count > 0 else { return count < 0 }
            let text = String(decoding: buffer[..<count], as: UTF8.self)
            for line in text.split(whereSeparator: \.isNewline).prefix(20) {
                link.write(level: 2, "the plugin printed: \(line)")
            }
            return true
        }
    }

    // MARK: The end

    /// Ends it now; the thread that uses it reaps it. Not to be called once it is reaped.
    func kill() { Glibc.kill(process, SIGKILL) }

    /// Lets it destroy the instance and exit, or ends it after so many milliseconds; reaps it.
    /// - Returns: how it ended; nil when it had to be ended.
    @discardableResult
    func finish(patience: Int64) -> ChildExit? {
        shutdown(socket, Int32(SHUT_WR))
        return reap(patience: patience)
    }

    /// Waits so many milliseconds for its end, then ends it; reaps it and closes its descriptors.
    /// - Returns: how it ended; nil when it had to be ended.
    @discardableResult
    func reap(patience: Int64) -> ChildExit? {
        var status: Int32 = 0
        let deadline = MonotonicTime.milliseconds() + patience
        var result = waitpid(process, &status, WNOHANG)
        while result == 0, MonotonicTime.milliseconds() < deadline {
            usleep(1000)
            result = waitpid(process, &status, WNOHANG)
        }
        let hadToEnd = result == 0
        if hadToEnd {
            kill()
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
        drainOutput()
        close(socket)
        close(output)
        return hadToEnd ? nil : ChildExit(waitStatus: status)
    }
}
