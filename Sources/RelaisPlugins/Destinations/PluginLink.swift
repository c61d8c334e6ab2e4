import CRelaisHost
import RelaisEvent
import Synchronization

/// What both kinds of destination share: the description of the instance, and calls to frames and back.
final class PluginLink: Sendable {
    /// Payload kept free for the header and lists of a frame.
    private static let frameRoom = Int(RELAIS_FRAME_LIMIT) - 4096

    let destination: ResolvedDestination
    let initPayload: [UInt8]
    private let rules: RequestRules?
    private let log: PluginLog
    private let metrics = Mutex<[PluginCounter]>([])

    init(_ destination: ResolvedDestination, initFrame: InitFrame, log: PluginLog) {
        self.destination = destination
        self.log = log
        initPayload = initFrame.payload()
        rules = RequestRules(initPayload: initPayload)
    }

    var counters: [PluginCounter] { metrics.withLock { $0 } }

    /// Keeps the counters' values over a restart of the same plugin.
    func register(_ registered: [ReadyFrame.Metric]) {
        metrics.withLock { counters in
            guard counters.map(\.name) != registered.map(\.name) else { return }
            counters = registered.map { PluginCounter(name: $0.name, unit: $0.unit, value: 0) }
        }
    }

    func write(level: Int32, _ line: String) { log.write(level: level, line) }

    /// A fault whose detail shows no secret.
    func masked(_ fault: PluginFault) -> PluginFault {
        PluginFault(reason: fault.reason, detail: log.mask(fault.detail))
    }

    func masked(_ text: String) -> String { log.mask(text) }

    /// Performs calls in as few frames as their size allows.
    func perform(_ calls: [PluginCall], over peer: some FrameExchanging) throws(DestinationError) -> [PluginReply] {
        var replies: [PluginReply] = []
        replies.reserveCapacity(calls.count)
        var next = calls.startIndex
        while next < calls.endIndex {
            let end = endOfFrame(calls, from: next)
            if end == next {
                let detail = "the call is larger than a frame, which has \(RELAIS_FRAME_LIMIT) bytes"
                replies.append(.failed(PluginFault(reason: "limit", detail: detail)))
                next += 1
            } else {
                replies += try send(calls[next..<end], over: peer)
                next = end
            }
        }
        return replies
    }

    private func endOfFrame(_ calls: [PluginCall], from start: Int) -> Int {
        var size = 0
        var end = start
        while end < calls.endIndex {
            size += CallsFrame.estimate(calls[end])
            if size > Self.frameRoom { break }
            end += 1
        }
        return end
    }

    private func send(
        _ calls: ArraySlice<PluginCall>,
        over peer: some FrameExchanging
    ) throws(DestinationError) -> [PluginReply] {
        guard let rules else {
            throw .unusable(PluginFault(reason: "init", detail: "the plugin's limits or endpoint are not legal"))
        }
        let timeout = calls.reduce(Int64(0)) { $0 + min(max($1.timeout, 1), 3_600_000) }
        let payload = try peer.exchange(CallsFrame.payload(calls), timeout: timeout)
        var frame: RepliesFrame
        do throws(FrameError) {
            frame = try RepliesFrame.read(payload, for: calls, rules: rules)
        } catch {
            throw peer.reject(error.detail)
        }
        add(frame.metrics)
        for index in frame.replies.indices {
            frame.replies[index] = try finish(frame.replies[index], calls, index, over: peer)
        }
        return frame.replies
    }

    /// Asks again for a reply that found no room in its frame, and masks what people will read.
    private func finish(
        _ reply: PluginReply,
        _ calls: ArraySlice<PluginCall>,
        _ index: Int,
        over peer: some FrameExchanging
    ) throws(DestinationError) -> PluginReply {
        switch reply {
        case .failed(let fault) where fault.reason == "frame_full":
            if calls.count == 1 { return .failed(PluginFault(reason: "limit", detail: fault.detail)) }
            let call = calls.startIndex + index
            return try send(calls[call...call], over: peer)[0]
        case .failed(let fault): return .failed(masked(fault))
        case .encoded(let requests, let settlements, let diagnostics):
            return .encoded(
                requests: requests,
                settlements: settlements.map { Settlement(event: $0.event, verdict: masked($0.verdict)) },
                diagnostics: masked(diagnostics)
            )
        case .classified(let verdicts, let diagnostics):
            return .classified(verdicts: verdicts.map(masked), diagnostics: masked(diagnostics))
        }
    }

    func masked(_ diagnostics: [PluginDiagnostic]) -> [PluginDiagnostic] {
        diagnostics.map { PluginDiagnostic(level: $0.level, pointer: $0.pointer, message: log.mask($0.message)) }
    }

    private func masked(_ verdict: Verdict) -> Verdict {
        if verdict.detail.isEmpty { return verdict }
        var verdict = verdict
        verdict.detail = log.mask(verdict.detail)
        return verdict
    }

    private func add(_ added: [(number: Int, added: Double)]) {
        guard !added.isEmpty else { return }
        metrics.withLock { counters in
            for (number, value) in added where counters.indices.contains(number - 1) && value >= 0 && value.isFinite {
                counters[number - 1].value += value
            }
        }
    }
}

extension PluginCall {
    fileprivate var timeout: Int64 {
        switch self {
        case .encode(let context, _), .classify(let context, _, _, _): context.timeout
        }
    }
}
