import CRelaisHost
import RelaisEvent

/// Writes calls of a plugin as the payload of a CALLS frame.
enum CallsFrame {
    /// Bytes the payload of one call takes, a little more than needed.
    static func estimate(_ call: PluginCall) -> Int {
        switch call {
        case .encode(_, let events):
            events.reduce(64) { size, event in
                event.done.reduce(size + event.record.count + (event.sendAs?.utf8.count ?? 0) + 24) {
                    $0 + $1.utf8.count + 4
                }
            }
        case .classify(_, let response, let note, _):
            response.headers.reduce(128 + note.count + response.body.count) { size, header in
                size + header.name.utf8.count + header.value.utf8.count + 8
            }
        }
    }

    static func payload(_ calls: ArraySlice<PluginCall>) -> [UInt8] {
        var writer = FrameWriter(capacity: calls.reduce(16) { $0 + estimate($1) })
        writer.integer(UInt32(calls.count))
        for call in calls {
            switch call {
            case .encode(let context, let events):
                writer.integer(UInt32(RELAIS_CALL_ENCODE))
                let start = writer.beginPart()
                write(context, &writer)
                write(events, &writer)
                writer.endPart(start)
            case .classify(let context, let response, let note, let eventCount):
                writer.integer(UInt32(RELAIS_CALL_CLASSIFY))
                let start = writer.beginPart()
                write(context, &writer)
                write(response, note: note, eventCount: eventCount, &writer)
                writer.endPart(start)
            }
        }
        return writer.bytes
    }

    private static func write(_ context: CallContext, _ writer: inout FrameWriter) {
        writer.integer(context.batchID)
        writer.integer(context.now)
        writer.integer(context.seed)
        writer.integer(context.timeout)
    }

    private static func write(_ events: [EventForPlugin], _ writer: inout FrameWriter) {
        writer.integer(UInt32(events.count))
        for event in events {
            writer.integer(UInt32(truncatingIfNeeded: event.attempt))
            writer.integer(event.flags.rawValue)
            let withholds = event.withholdsUserData ? RELAIS_EVENT_WITHHOLD_USER_DATA : 0
            let renames = event.sendAs == nil ? 0 : RELAIS_EVENT_HAS_SEND_AS
            let ping =
                event.ping.map { RELAIS_EVENT_AS_PING | Int($0.rawValue) << RELAIS_EVENT_PING_CONSENT_SHIFT } ?? 0
            writer.integer(UInt32(withholds | renames | ping))
            writer.text(event.sendAs ?? "")
            writer.integer(UInt32(event.done.count))
            for part in event.done { writer.text(part) }
            writer.text(event.record)
        }
    }

    private static func write(
        _ response: HTTPResponse,
        note: [UInt8],
        eventCount: Int,
        _ writer: inout FrameWriter
    ) {
        writer.integer(response.transport.rawValue)
        writer.integer(Int32(truncatingIfNeeded: response.status))
        writer.integer(UInt32(response.isTruncated ? 1 : 0))
        writer.integer(response.elapsedMilliseconds)
        writer.integer(UInt32(truncatingIfNeeded: eventCount))
        writer.text(note)
        writer.integer(UInt32(response.headers.count))
        for header in response.headers {
            writer.text(header.name)
            writer.text(header.value)
        }
        writer.text(response.body)
    }
}
