/// One exchange as it is kept: encoded once, when it happened.
struct ReceivedRecord: Sendable {
    let index: Int
    let vendor: String
    let accepted: Bool
    /// The whole record as one JSON object.
    let json: [UInt8]
    /// Its events as JSON objects joined by commas; empty when it has none.
    let eventsJSON: [UInt8]

    var byteCount: Int { json.count + eventsJSON.count }

    init(index: Int, exchange: Exchange, duplicates: [Bool]) {
        self.index = index
        vendor = exchange.vendor
        accepted = exchange.accepted
        json = Self.encode(exchange, index, duplicates)
        eventsJSON = Self.encodeEvents(exchange, duplicates)
    }

    private static func encode(_ exchange: Exchange, _ index: Int, _ duplicates: [Bool]) -> [UInt8] {
        let request = exchange.request
        var writer = JSONWriter(reserving: request.body.count + 1_024)
        writer.beginObject()
        writer.member("vendor", exchange.vendor)
        writer.member("at", UTCTimestamp.text(milliseconds: exchange.atMilliseconds))
        writer.member("method", request.method)
        writer.member("path", request.path)
        writer.name("query")
        grouped(request.query.map { ($0.name, $0.value) }, to: &writer)
        writer.name("headers")
        grouped(request.headers.map { ($0.name, $0.value) }, to: &writer)
        writer.name("body")
        body(request, to: &writer)
        writer.member("status", exchange.status)
        writer.name("events")
        writer.beginArray()
        for (event, duplicate) in zip(exchange.events, duplicates) {
            begin(event, duplicate, to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.member("index", index)
        writer.member("accepted", exchange.accepted)
        writer.name("problems")
        writer.beginArray()
        for objection in exchange.objections { writer.string(objection.text) }
        writer.endArray()
        writer.name("checks")
        writer.beginArray()
        for objection in exchange.objections { writer.string(objection.check) }
        writer.endArray()
        writer.member("fault", exchange.disturbance?.rawValue)
        writer.endObject()
        return writer.bytes
    }

    private static func encodeEvents(_ exchange: Exchange, _ duplicates: [Bool]) -> [UInt8] {
        var writer = JSONWriter(reserving: 128 * exchange.events.count)
        for (event, duplicate) in zip(exchange.events, duplicates) {
            begin(event, duplicate, to: &writer)
            writer.member("accepted", exchange.accepted)
            writer.member("status", exchange.status)
            writer.endObject()
        }
        return writer.bytes
    }

    private static func begin(_ event: SeenEvent, _ duplicate: Bool, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event_name", event.name)
        writer.member("event_id", event.id)
        writer.member("duplicate", duplicate)
    }

    /// JSON as it was sent, so that numbers keep their digits; any other body as text.
    private static func body(_ request: SimulatedRequest, to writer: inout JSONWriter) {
        if case .value = request.json {
            writer.raw(request.body)
        } else {
            writer.string(String(decoding: request.body, as: UTF8.self))
        }
    }

    /// An object of the pairs; a name that occurs more than once has an array of its values.
    private static func grouped(_ pairs: [(String, String)], to writer: inout JSONWriter) {
        var values: [String: [String]] = [:]
        var order: [String] = []
        for (name, value) in pairs {
            if values[name] == nil { order.append(name) }
            values[name, default: []].append(value)
        }
        writer.beginObject()
        for name in order {
            writer.name(name)
            guard let list = values[name], list.count > 1 else {
                writer.string(values[name]?.first ?? "")
                continue
            }
            writer.beginArray()
            for value in list { writer.string(value) }
            writer.endArray()
        }
        writer.endObject()
    }
}
