import CRelaisHost
package import RelaisEvent
import Synchronization

/// A plugin's instance in this process: for tests, debuggers and the last microsecond. A plugin that crashes or hangs
/// takes
/// the relay with it.
package final class InProcessDestination: PluginDestination {
    /// The core's session; used under the lock only.
    private struct Session: @unchecked Sendable {
        var pointer: OpaquePointer
    }

    private enum State {
        case fresh
        case open(Session)
        case refused(PluginFault)
    }

    private let link: PluginLink
    private let state = Mutex(State.fresh)

    init(link: PluginLink) { self.link = link }

    package var name: String { link.destination.name }
    package var manifest: PluginManifest { link.destination.plugin.manifest }
    package var pluginSHA256: String { link.destination.plugin.file.sha256 }
    package var secrets: [String] { link.destination.secrets }
    package var shownConfiguration: String { link.destination.shownConfiguration }
    package var counters: [PluginCounter] { link.counters }
    package var restarts: Int { 0 }

    package func perform(_ calls: [PluginCall]) throws(DestinationError) -> [PluginReply] {
        try link.perform(calls, over: self)
    }

    package func close() {
        state.withLock { state in
            if case .open(let session) = state { relais_host_close(session.pointer) }
            state = .refused(PluginFault(reason: "closed", detail: "the destination has been closed"))
        }
    }

    deinit { close() }

    private static func open(_ link: PluginLink) -> State {
        var ready = relais_host_buffer()
        defer { relais_host_buffer_free(&ready) }
        let context = Unmanaged.passUnretained(link).toOpaque()
        let services = relais_host_services(context: context, log: writeLog, watch: nil)
        let session = relais_host_open(link.initPayload, link.initPayload.count, services, &ready)
        let frame: ReadyFrame
        do throws(FrameError) {
            frame = try ReadyFrame(bytes(of: ready, from: 0))
        } catch {
            if let session { relais_host_close(session) }
            return .refused(PluginFault(reason: "init", detail: error.detail))
        }
        link.register(frame.metrics)
        guard let session else {
            return .refused(link.masked(frame.fault ?? PluginFault(reason: "init", detail: "memory is out")))
        }
        return .open(Session(pointer: session))
    }

    private static let writeLog: @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int) -> Void =
        {
            context,
            level,
            text,
            length in
            guard let context, let text else { return }
            let line = UnsafeRawBufferPointer(start: text, count: length)
            Unmanaged<PluginLink>.fromOpaque(context).takeUnretainedValue()
                .write(level: level, String(decoding: line, as: UTF8.self))
        }

    private static func bytes(of buffer: relais_host_buffer, from start: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: buffer.bytes, count: buffer.length).dropFirst(start))
    }
}

extension InProcessDestination: FrameExchanging {
    func exchange(_ payload: [UInt8], timeout: Int64) throws(DestinationError) -> [UInt8] {
        let result: Result<[UInt8], DestinationError> = state.withLock { state in
            if case .fresh = state { state = Self.open(link) }
            guard case .open(let session) = state else {
                if case .refused(let fault) = state { return .failure(.unusable(fault)) }
                return .failure(.unusable(PluginFault(reason: "init", detail: "the plugin has no instance")))
            }
            var replies = relais_host_buffer()
            defer { relais_host_buffer_free(&replies) }
            guard relais_host_perform(session.pointer, payload, payload.count, &replies) == 0 else {
                return .failure(.processFailed(PluginFault(reason: "garbage", detail: "the calls' frame is malformed")))
            }
            return .success(Self.bytes(of: replies, from: 0))
        }
        return try result.get()
    }

    func reject(_ detail: String) -> DestinationError {
        .processFailed(PluginFault(reason: "garbage", detail: detail))
    }
}
