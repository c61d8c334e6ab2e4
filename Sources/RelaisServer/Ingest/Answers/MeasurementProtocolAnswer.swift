internal import NIOHTTP1
internal import RelaisEvent
internal import RelaisIngest

/// What senders of the Measurement Protocol are answered: like Google 204, whatever became of the events; the messages
/// where they asked for validation (Google, "Validating events", 2026).
enum MeasurementProtocolAnswer {
    static func make(_ prepared: PreparedRequest, origin: String?) -> CollectorAnswer {
        guard let messages = prepared.validation else { return GtagAnswer.make(origin: origin) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("validationMessages")
        writer.beginArray()
        for message in messages {
            writer.beginObject()
            writer.key("fieldPath")
            writer.string(message.fieldPath)
            writer.key("description")
            writer.string(message.description)
            writer.key("validationCode")
            writer.string(message.code.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return CollectorAnswer(status: .ok, body: writer.bytes + [UInt8(ascii: "\n")], allowedOrigin: origin)
    }
}
