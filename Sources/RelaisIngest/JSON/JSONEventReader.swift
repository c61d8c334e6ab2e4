internal import RelaisEvent

/// Reads canonical events (design vocabulary) out of a JSON text, one after another, each straight into an `Event`.
struct JSONEventReader {
    var scanner: JSONScanner
    let limits: DecodingLimits
    var event = Event()
    var userData = RawUserData()
    var params: [Parameter] = []
    var transmission = Transmission()
    /// A bit for each of `members` that the event has had.
    private var seen: UInt64 = 0
    /// A bit for each parameter list that the event has had.
    private var seenLists: UInt8 = 0

    init(_ bytes: Bytes, in range: Range<Int>, limits: DecodingLimits) {
        scanner = JSONScanner(bytes, in: range, maximumDepth: limits.depth)
        self.limits = limits
    }

    /// The next value as an event.
    mutating func readEvent() throws(JSONError) -> IncomingEvent {
        begin()
        let start = scanner.position
        guard try scanner.kind() == .object else { throw .value("an event must be an object") }
        try scanner.beginObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) { try readMember(key) } catch { throw error.inside(string(key)) }
        }
        guard scanner.position - start <= limits.eventBytes else {
            throw .value("the event has more than \(limits.eventBytes) bytes; send less in one event")
        }
        return try finish()
    }

    mutating func begin() {
        event = Event(capacity: 1024)
        userData = RawUserData()
        transmission = Transmission()
        params.removeAll(keepingCapacity: true)
        seen = 0
        seenLists = 0
    }

    mutating func finish() throws(JSONError) -> IncomingEvent {
        guard event.has(.eventName) else { throw nameMissing.inside(EventField.eventName.name) }
        if !params.isEmpty { event[.params] = params }
        return IncomingEvent(event: event, userData: userData, transmission: transmission)
    }

    /// Says so when the name stands under what other protocols call it.
    private var nameMissing: JSONError {
        let elsewhere = params.lazy.map { event.string($0.key) }.first { Self.otherNames.contains($0) }
        let hint = elsewhere.map { "; this one has \"\($0)\": write \"event_name\" in its place" } ?? ""
        return .value("an event needs a name, such as \"purchase\"" + hint)
    }

    private static let otherNames: Set<String> = ["event", "name", "eventName", "event_type", "en"]

    // MARK: Members

    mutating func readMember(_ key: JSONText) throws(JSONError) {
        guard let (index, member) = lookup(key, in: EventMember.table) else { return try readParameter(key, .params) }
        let bit = UInt64(1) << UInt64(index & 63)
        guard seen & bit == 0 else { throw .value(Self.repeated) }
        seen |= bit
        if try scanner.kind() == .null { return try scanner.null() }
        switch member {
        case .text(let field): try readText(field, limit: limits.textBytes)
        case .identifier(let field): try readIdentifier(field)
        case .name: try readName()
        case .number(let field): try readNumber(field)
        case .timestamp: try readTimestamp()
        case .age: try readAge()
        case .currency: try readCurrency()
        case .list(let list): try readList(list)
        case .items: try readItems()
        case .userData: try readUserData()
        case .consent: try readConsent()
        case .googleSession(let field): try readGoogleSession(field, key)
        }
    }

    private mutating func readList(_ list: ParameterList) throws(JSONError) {
        guard try scanner.kind() == .object else { throw try unexpected("an object of names and values") }
        try scanner.beginObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) { try readParameter(key, list) } catch { throw error.inside(string(key)) }
        }
    }

    static let repeated = "this member is given twice; give it once"

    // MARK: Texts

    /// The bytes of a string that has no escapes, or its decoded copy in the arena.
    mutating func store(_ text: JSONText) -> TextRange {
        guard text.hasEscapes else { return event.store(scanner.bytes.slice(text.range)) }
        var decoded: [UInt8] = []
        JSONEscape.decode(scanner.bytes.slice(text.range), into: &decoded)
        return event.store(decoded)
    }

    func string(_ text: JSONText) -> String {
        guard text.hasEscapes else { return scanner.bytes.slice(text.range).string }
        var decoded: [UInt8] = []
        JSONEscape.decode(scanner.bytes.slice(text.range), into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }

    func lookup<Value>(_ text: JSONText, in table: KeyTable<Value>) -> (index: Int, value: Value)? {
        guard text.hasEscapes else { return table.find(scanner.bytes.slice(text.range)) }
        var decoded: [UInt8] = []
        JSONEscape.decode(scanner.bytes.slice(text.range), into: &decoded)
        return decoded.withUnsafeBufferPointer { table.find($0) }
    }

    /// The error for a value of another kind than expected.
    mutating func unexpected(_ expected: String) throws(JSONError) -> JSONError {
        .value("\(expected) is expected here, not \(try scanner.kind().name)")
    }
}
