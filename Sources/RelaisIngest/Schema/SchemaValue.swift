internal import RelaisEvent

/// JSON as literals, for schemas that are made in code; members keep their order.
indirect enum SchemaValue: Sendable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case array([SchemaValue])
    case object([(String, SchemaValue)])

    static func texts(_ values: some Sequence<String>) -> SchemaValue { .array(values.map { .text($0) }) }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.string(text)
        case .integer(let value): writer.integer(value)
        case .flag(let value): writer.bool(value)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for (name, value) in members {
                writer.key(name)
                value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}

extension SchemaValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: SchemaValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, SchemaValue)...) { self = .object(elements) }
}
