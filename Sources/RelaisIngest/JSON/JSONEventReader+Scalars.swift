internal import RelaisEvent

extension JSONEventReader {
    /// A text; the empty one counts as absent.
    mutating func readText(_ field: EventField, limit: Int) throws(JSONError) {
        let text = try boundedString(limit)
        if !text.range.isEmpty { event.set(field, text: store(text)) }
    }

    mutating func readName() throws(JSONError) {
        let text = try boundedString(limits.eventNameBytes)
        guard !text.range.isEmpty else { throw .value("an event needs a name, such as \"purchase\"") }
        let name = store(text)
        guard event.bytes(name).allSatisfy({ $0 >= 0x20 }) else {
            throw .value("an event's name cannot hold control characters")
        }
        event.set(.eventName, text: name)
    }

    mutating func readIdentifier(_ field: EventField) throws(JSONError) {
        if try scanner.kind() == .number {
            let digits = scanner.bytes.slice(try scanner.number())
            guard DecimalText.integer(digits) != nil else {
                throw .value("an id is a string; put it in quotes")
            }
            if !digits.isPlaceholder || field == .sessionID { event.set(field, text: event.store(digits)) }
            return
        }
        let text = try boundedString(limits.identifierBytes)
        if !scanner.bytes.slice(text.range).isPlaceholder { event.set(field, text: store(text)) }
    }

    mutating func readNumber(_ field: EventField) throws(JSONError) {
        let (value, range) = try decimal()
        event.set(field, number: value, text: event.store(scanner.bytes.slice(range)))
    }

    /// A decimal number, or a string that is one; the range is that of its digits.
    mutating func decimal() throws(JSONError) -> (value: Double, range: Range<Int>) {
        switch try scanner.kind() {
        case .number:
            let range = try scanner.number()
            guard let value = DecimalText.value(scanner.bytes.slice(range)) else {
                throw .value("the number is too large; a decimal such as 129.90 is expected")
            }
            return (value, range)
        case .string:
            let range = try scanner.string().range
            guard let value = DecimalText.value(scanner.bytes.slice(range)) else {
                throw .value(
                    "this text is not a decimal number; write it like 129.90: a point before the decimals, no spaces, "
                        + "no thousands separators, no currency sign"
                )
            }
            return (value, range)
        default:
            throw try unexpected("a number such as 129.90")
        }
    }

    mutating func readCurrency() throws(JSONError) {
        let text = try boundedString(limits.identifierBytes)
        let code = scanner.bytes.slice(text.range)
        guard let stored = event.store({ CurrencyCode.append(code, to: &$0) }) else {
            throw .value("a currency is its three-letter code, such as \"EUR\"")
        }
        event.set(.currency, text: stored)
    }

    /// Microseconds since 1970; milliseconds and seconds are told by their digits, because a time of 1970 would be
    /// worse than an error.
    mutating func readTimestamp() throws(JSONError) {
        let range: Range<Int>
        switch try scanner.kind() {
        case .number: range = try scanner.number()
        case .string: range = try scanner.string().range
        default: throw try unexpected("an integer, microseconds since 1970,")
        }
        let digits = scanner.bytes.slice(range)
        guard let micros = DecimalText.integer(digits) else {
            throw .value(
                "timestamp_micros is an integer, microseconds since 1970-01-01 UTC, such as 1795445369000000; dates as "
                    + "text and fractions are not read"
            )
        }
        switch digits.count {
        case 16: event.set(.timestampMicros, integer: micros)
        case 13: throw .value("this looks like milliseconds (13 digits); multiply it by 1000")
        case 10: throw .value("this looks like seconds (10 digits); multiply it by 1000000")
        case 19: throw .value("this looks like nanoseconds (19 digits); divide it by 1000")
        default: throw .value("this is no time between 2001 and 2286 in microseconds since 1970-01-01 UTC (16 digits)")
        }
    }

    mutating func readAge() throws(JSONError) {
        let age = try decimal().value
        guard (0...Self.longestAge).contains(age) else {
            throw .value("age_msec is the milliseconds that the event waited to be sent, at most a day's (86400000)")
        }
        transmission.heldMicros = Int64(age) * 1000
    }

    static let longestAge = 86_400_000.0

    /// Lenient: the sender means it for Google's eyes, and the canonical name, when given, wins.
    mutating func readGoogleSession(_ field: EventField, _ key: JSONText) throws(JSONError) {
        guard let parameter = try parameter(key) else { return }
        params.append(parameter)
        guard !event.has(field) else { return }
        switch (field.kind, parameter.type) {
        case (.text, .string) where parameter.text.length > 0, (.text, .number):
            event.set(field, text: parameter.text)
        case (.number, .number):
            event.set(field, number: parameter.number, text: parameter.text)
        default: break
        }
    }

    /// A string of at most that many bytes.
    mutating func boundedString(_ limit: Int) throws(JSONError) -> JSONText {
        guard try scanner.kind() == .string else { throw try unexpected("a string") }
        let text = try scanner.string()
        guard text.range.count <= limit else { throw .value("the text has more than \(limit) bytes; shorten it") }
        return text
    }
}
