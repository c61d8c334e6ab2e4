import CRelaisHost
import RelaisEvent

@testable import RelaisPlugins

/// What a plugin's process, which may be a hostile one, writes to the relay.
enum FrameTargets {
    private static let endpoint = "http://127.0.0.1:9/graph"

    static let replies = FuzzTarget(name: "frame-replies") { _ in
        guard let rules = RequestRules(initPayload: initFrame.payload()) else { throw FrameError(detail: "no rules") }
        return FuzzTarget.Prepared(seeds: [repliesPayload(), failedPayload()]) { input in
            do throws(FrameError) {
                let frame = try RepliesFrame.read(input, for: calls[...], rules: rules)
                for (call, reply) in zip(calls, frame.replies) { check(reply, to: call) }
                return FuzzOutcome(UInt64(frame.replies.count))
            } catch {
                return FuzzOutcome(error.detail)
            }
        }
    }

    static let ready = FuzzTarget(name: "frame-ready") { _ in
        var writer = FrameWriter()
        writer.integer(UInt8(1))
        for text in ["config", "pixel_id is wrong"] { writer.text(text) }
        writer.integer(UInt32(1))
        writeDiagnostic(&writer)
        writer.integer(UInt32(2))
        for text in ["sent", "events", "dropped", "events"] { writer.text(text) }
        return FuzzTarget.Prepared(seeds: [writer.bytes]) { input in
            do throws(FrameError) {
                let frame = try ReadyFrame(input)
                if frame.metrics.count > 32 { FuzzOutcome.fault("too many metrics") }
                return FuzzOutcome(UInt64(frame.metrics.count))
            } catch {
                return FuzzOutcome(error.detail)
            }
        }
    }

    /// Bytes as a socket hands them over, in pieces.
    static let stream = FuzzTarget(name: "frame-stream") { _ in
        let payload = repliesPayload()
        let log = FrameWriter.header(kind: Int(RELAIS_FRAME_LOG), length: 8) + [UInt8](repeating: 0, count: 8)
        let frame = FrameWriter.header(kind: Int(RELAIS_FRAME_REPLIES), length: payload.count) + payload
        return FuzzTarget.Prepared(seeds: [log + frame, frame + frame, log + log + log]) { input in
            var assembler = FrameAssembler(answer: Int(RELAIS_FRAME_REPLIES))
            var rest = input[...]
            var frames: UInt64 = 0
            do throws(ChildProcess.Failure) {
                while let first = rest.first {
                    let piece = rest.prefix(1 + Int(first))
                    _ = assembler.fill(atLeast: piece.count) { buffer in
                        buffer.copyBytes(from: piece)
                        return piece.count
                    }
                    rest = rest.dropFirst(piece.count)
                    while try assembler.next() != nil { frames += 1 }
                }
                return FuzzOutcome(frames)
            } catch {
                return FuzzOutcome("\(error)")
            }
        }
    }

    // MARK: Promises

    private static func check(_ reply: PluginReply, to call: PluginCall) {
        switch (call, reply) {
        case (.encode(_, let events), .encoded(let requests, let settlements, _)):
            let covered = requests.flatMap(\.events) + settlements.map(\.event)
            if covered.sorted() != Array(events.indices) { FuzzOutcome.fault("an event is not covered once") }
            if !requests.allSatisfy({ $0.request.url.lowercased().hasPrefix(endpoint) }) {
                FuzzOutcome.fault("a request to a foreign host")
            }
        case (.classify(_, _, _, let count), .classified(let verdicts, _)):
            if verdicts.count != count { FuzzOutcome.fault("an event has no verdict") }
        case (_, .failed): break
        default: FuzzOutcome.fault("a reply to another call")
        }
    }

    // MARK: Payloads

    private static let calls: [PluginCall] = {
        let context = CallContext(batchID: 7, now: 1_795_445_369_000, seed: 42, timeout: 2000)
        let event = EventForPlugin(record: [], attempt: 1, sendAs: nil, withholdsUserData: false)
        let answer = HTTPResponse(transport: .none, status: 200)
        return [.encode(context, [event, event, event]), .classify(context, answer, note: [], eventCount: 2)]
    }()

    private static var initFrame: InitFrame {
        InitFrame(
            pluginPath: "/x.so",
            manifest: PluginManifest(id: "x", name: "x", version: "1", hosts: ["vendor.example"]),
            configuration: "{}",
            forms: [],
            endpoint: endpoint,
            hostVersion: "0",
            logLevel: 4,
            limits: PluginLimits(),
            now: 0,
            seed: 0
        )
    }

    private static func repliesPayload() -> [UInt8] {
        var writer = FrameWriter()
        writer.integer(UInt32(2))
        writer.integer(UInt32(RELAIS_REPLY_ENCODED))
        writePart(&writer, encodedBody)
        writer.integer(UInt32(RELAIS_REPLY_CLASSIFIED))
        writePart(&writer) { writer in
            writer.integer(UInt32(1))
            writeDiagnostic(&writer)
            writeVerdict(&writer, .delivered)
            for number in [UInt32(2), 0, 0] { writer.integer(number) }
        }
        for number in [UInt32(1), 1] { writer.integer(number) }
        writer.integer(Double(2).bitPattern)
        return writer.bytes
    }

    private static func failedPayload() -> [UInt8] {
        var writer = FrameWriter()
        writer.integer(UInt32(2))
        for _ in 0..<2 {
            writer.integer(UInt32(RELAIS_REPLY_FAILED))
            writePart(&writer) { writer in
                for text in ["coverage", "event 1 is in no request"] { writer.text(text) }
            }
        }
        writer.integer(UInt32(0))
        return writer.bytes
    }

    /// Event 1 is dropped, a request carries the events 0 and 2.
    private static func encodedBody(_ writer: inout FrameWriter) {
        writer.integer(UInt32(0))
        writeVerdict(&writer, .drop)
        for number in [UInt32(1), 1, 0] { writer.integer(number) }
        writer.integer(UInt32(1))
        writePart(&writer) { writer in
            writer.integer(UInt32(1))
            for text in ["POST", "\(endpoint)/v1/events?a=b"] { writer.text(text) }
            writer.integer(UInt32(1))
            for text in ["content-type", "application/json", #"{"a":1}"#, "note"] { writer.text(text) }
            for number in [UInt32(2), 0, 2] { writer.integer(number) }
        }
    }

    private static func writePart(_ writer: inout FrameWriter, _ content: (inout FrameWriter) -> Void) {
        let start = writer.beginPart()
        content(&writer)
        writer.endPart(start)
    }

    /// A list of one verdict.
    private static func writeVerdict(_ writer: inout FrameWriter, _ code: Verdict.Code) {
        writer.integer(UInt32(1))
        writer.integer(code.rawValue)
        writer.integer(Int64(0))
        for text in ["reason", "detail", "key"] { writer.text(text) }
    }

    private static func writeDiagnostic(_ writer: inout FrameWriter) {
        writer.integer(Int32(3))
        for text in ["/pixel_id", "is odd"] { writer.text(text) }
    }
}
