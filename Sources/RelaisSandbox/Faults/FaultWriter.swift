/// Writes faults in the form in which `PUT /_faults` takes them.
enum FaultWriter {
    static func json(_ faults: [Fault]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for fault in faults { write(fault, to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    private static func write(_ fault: Fault, to writer: inout JSONWriter) {
        writer.beginObject()
        if let vendor = fault.vendor { writer.member("vendor", vendor) }
        switch fault.effect {
        case .vendorAnswer: break
        case .answer(let status, let body, _):
            writer.member("status", status)
            write(body: body, to: &writer)
        case .outage: writer.member("outage", true)
        case .reset: writer.member("reset", true)
        case .malformed(let body):
            writer.member("malformed", true)
            if let body { write(body: body, to: &writer) }
        }
        if !fault.headers.isEmpty {
            writer.name("headers")
            writer.beginObject()
            for header in fault.headers { writer.member(header.name, header.value) }
            writer.endObject()
        }
        writer.member("latency_ms", fault.latencyMilliseconds)
        writer.name("rate")
        writer.raw("\(fault.rate)".utf8)
        if let match = fault.match { writer.member("match", String(decoding: match, as: UTF8.self)) }
        if let count = fault.count { writer.member("count", count) }
        writer.endObject()
    }

    private static func write(body: [UInt8], to writer: inout JSONWriter) {
        writer.name("body")
        if let value = try? JSONParser.parse(body), value.object != nil || value.array != nil {
            writer.value(value)
        } else {
            writer.string(String(decoding: body, as: UTF8.self))
        }
    }
}
