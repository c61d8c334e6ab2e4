import CRelaisHost
import RelaisEvent

/// Reads the payload of a REPLIES frame. The sender is not trusted: lengths, indexes, codes, the coverage rule and
/// every
/// request are checked again.
struct RepliesFrame {
    var replies: [PluginReply] = []
    /// Number of a metric (from 1) and what was added to it.
    var metrics: [(number: Int, added: Double)] = []

    static func read(
        _ payload: [UInt8],
        for calls: ArraySlice<PluginCall>,
        rules: RequestRules
    ) throws(FrameError) -> RepliesFrame {
        let result: Result<RepliesFrame, FrameError> = payload.withUnsafeBytes { bytes in
            Result { () throws(FrameError) in
                var decoder = RepliesDecoder(reader: FrameReader(bytes), rules: rules)
                return try decoder.read(for: calls)
            }
        }
        return try result.get()
    }
}

private struct RepliesDecoder {
    var reader: FrameReader
    let rules: RequestRules

    mutating func read(for calls: ArraySlice<PluginCall>) throws(FrameError) -> RepliesFrame {
        var frame = RepliesFrame()
        frame.replies.reserveCapacity(calls.count)
        guard try reader.count(of: 8) == calls.count else { throw FrameError(detail: "a reply is missing") }
        for call in calls {
            let kind = Int(try reader.integer(UInt32.self))
            var body = RepliesDecoder(reader: FrameReader(try reader.part()), rules: rules)
            frame.replies.append(try body.reply(kind: kind, to: call))
            guard body.reader.isAtEnd else { throw FrameError(detail: "a reply is too long") }
        }
        for _ in 0..<(try reader.count(of: 12)) {
            frame.metrics.append((Int(try reader.integer(UInt32.self)), try reader.double()))
        }
        guard reader.isAtEnd else { throw FrameError(detail: "a REPLIES frame is too long") }
        return frame
    }

    private mutating func reply(kind: Int, to call: PluginCall) throws(FrameError) -> PluginReply {
        switch (kind, call) {
        case (RELAIS_REPLY_FAILED, _):
            return .failed(PluginFault(reason: try reader.text(), detail: try reader.text()))
        case (RELAIS_REPLY_ENCODED, .encode(_, let events)): return try encoded(events.count)
        case (RELAIS_REPLY_CLASSIFIED, .classify(_, _, _, let count)): return try classified(count)
        default: throw FrameError(detail: "a reply is of the wrong kind")
        }
    }

    private mutating func encoded(_ eventCount: Int) throws(FrameError) -> PluginReply {
        let diagnostics = try reader.diagnostics()
        let verdicts = try verdicts()
        var coverage = EventCoverage(events: eventCount)
        var settlements: [Settlement] = []
        for _ in 0..<(try reader.count(of: 8)) {
            let event = try event(in: nil, &coverage)
            let verdict = try verdict(of: verdicts)
            guard [.drop, .reject, .park].contains(verdict.code) else {
                throw FrameError(detail: "encode gave the verdict \(verdict.code.name)")
            }
            settlements.append(Settlement(event: event, verdict: verdict))
        }
        var requests: [PlannedRequest] = []
        for _ in 0..<(try reader.count(of: 28)) {
            let bytes = try reader.part()
            if let fault = rules.judge(bytes) { throw FrameError(detail: fault.detail) }
            var request = RepliesDecoder(reader: FrameReader(bytes), rules: rules)
            requests.append(try request.request(&coverage))
        }
        guard coverage.isComplete else { throw FrameError(detail: "an event has no place") }
        return .encoded(requests: requests, settlements: settlements, diagnostics: diagnostics)
    }

    private mutating func classified(_ eventCount: Int) throws(FrameError) -> PluginReply {
        let diagnostics = try reader.diagnostics()
        let all = try verdicts()
        guard try reader.count(of: 4) == eventCount else { throw FrameError(detail: "an event has no verdict") }
        var verdicts: [Verdict] = []
        verdicts.reserveCapacity(eventCount)
        for _ in 0..<eventCount { verdicts.append(try verdict(of: all)) }
        return .classified(verdicts: verdicts, diagnostics: diagnostics)
    }

    private mutating func verdicts() throws(FrameError) -> [Verdict] {
        var result: [Verdict] = []
        for _ in 0..<(try reader.count(of: 24)) {
            guard let code = Verdict.Code(rawValue: try reader.integer()) else {
                throw FrameError(detail: "a verdict is unknown")
            }
            let wait: Int64 = try reader.integer()
            result.append(
                Verdict(
                    code,
                    retryAfter: max(0, wait),
                    reason: try reader.text(),
                    detail: try reader.text(),
                    key: try reader.text()
                )
            )
        }
        return result
    }

    private mutating func verdict(of verdicts: [Verdict]) throws(FrameError) -> Verdict {
        let number = Int(try reader.integer(UInt32.self))
        guard verdicts.indices.contains(number) else { throw FrameError(detail: "a verdict's number is wrong") }
        return verdicts[number]
    }

    private mutating func event(in part: String?, _ coverage: inout EventCoverage) throws(FrameError) -> Int {
        let event = Int(try reader.integer(UInt32.self))
        guard coverage.claim(event, part: part) else {
            throw FrameError(detail: "event \(event) has more than one place or does not exist")
        }
        return event
    }

    /// The part's name that a request's note holds.
    private func part(named note: [UInt8]) throws(FrameError) -> String {
        guard (1...64).contains(note.count), note.allSatisfy((UInt8(ascii: "!")...UInt8(ascii: "~")).contains) else {
            throw FrameError(detail: "a part has no name")
        }
        return String(decoding: note, as: UTF8.self)
    }

    private mutating func request(_ coverage: inout EventCoverage) throws(FrameError) -> PlannedRequest {
        let flags: UInt32 = try reader.integer()
        let method = try reader.text()
        let url = try reader.text()
        var headers: [HTTPRequest.Header] = []
        for _ in 0..<(try reader.count(of: 8)) {
            headers.append(HTTPRequest.Header(name: try reader.text(), value: try reader.text()))
        }
        let body = try reader.array()
        let note = try reader.array()
        let part = flags & 2 != 0 ? try part(named: note) : nil
        var events: [Int] = []
        for _ in 0..<(try reader.count(of: 4)) { events.append(try event(in: part, &coverage)) }
        guard reader.isAtEnd else { throw FrameError(detail: "a request is too long") }
        let request = HTTPRequest(
            method: method,
            url: url,
            headers: headers,
            body: body,
            isIdempotent: flags & 1 != 0
        )
        return PlannedRequest(request: request, events: events, note: note, part: part)
    }
}
