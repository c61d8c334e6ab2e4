internal import RelaisEvent

/// Reads messages of the Segment spec as canonical events. A message says how it is to be read in members that may come
/// last, so members are read in the order of their meaning, each from where it lies.
struct SegmentEventReader {
    var json: JSONEventReader
    private let body: SegmentBody
    private let receivedMicros: Int64
    private var integrations = IntegrationSwitches()

    init(_ bytes: Bytes, _ limits: DecodingLimits, _ body: SegmentBody, receivedMicros: Int64) {
        json = JSONEventReader(bytes, in: 0..<bytes.count, limits: limits)
        self.body = body
        self.receivedMicros = receivedMicros
    }

    mutating func read(_ message: Result<SegmentMembers, JSONError>) -> Result<IncomingEvent, EventRejection> {
        do throws(JSONError) {
            return .success(try event(of: try message.get()))
        } catch {
            return .failure(error.rejection)
        }
    }

    private mutating func event(of message: SegmentMembers) throws(JSONError) -> IncomingEvent {
        guard message.range.count <= json.limits.eventBytes else {
            throw .value("the message has more than \(json.limits.eventBytes) bytes; send less in one message")
        }
        json.begin()
        integrations = IntegrationSwitches()
        let call = try call(of: message)
        let mapped = try readName(call, message)
        for context in [body.envelope[.context], message[.context]] {
            try at(context, .context) { (reader) throws(JSONError) in try reader.readContext() }
        }
        try readTraits(call, message)
        try at(message[.properties], .properties) { (reader) throws(JSONError) in
            try reader.readProperties(of: call, mapped)
        }
        for switches in [body.envelope[.integrations], message[.integrations]] {
            try at(switches, .integrations) { (reader) throws(JSONError) in try reader.readIntegrations() }
        }
        try readIdentifiers(call, message)
        try readTime(message)
        dropShadowedParameters()
        var incoming = try json.finish()
        incoming.integrations = integrations
        return incoming
    }

    /// A value that was not what its name says stays as a parameter only where nothing else gave the event that field.
    private mutating func dropShadowedParameters() {
        let event = json.event
        json.params.removeAll { parameter in
            Self.lenientFields.contains { event.has($0) && event.bytes(parameter.key).elementsEqual($0.name.utf8) }
        }
    }

    private static let lenientFields: [EventField] = [.value, .tax, .shipping, .currency, .coupon]

    // MARK: Places

    /// Reads the value of a member, where the message has it.
    private mutating func at(
        _ range: Range<Int>?,
        _ member: SegmentMember,
        _ read: (inout SegmentEventReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard let range else { return }
        json.scanner.restart(at: range.lowerBound)
        do throws(JSONError) { try read(&self) } catch { throw error.inside(member.rawValue) }
    }

    /// Reads the members of the object that is next; anything else that is next is passed over.
    mutating func members(_ read: (inout SegmentEventReader, JSONText) throws(JSONError) -> Void) throws(JSONError) {
        guard try json.scanner.kind() == .object else {
            _ = try json.scanner.skipValue()
            return
        }
        try json.scanner.beginObject()
        var first = true
        while let key = try json.scanner.nextKey(first: &first) {
            do throws(JSONError) { try read(&self, key) } catch { throw error.inside(json.string(key)) }
        }
    }

    // MARK: Call and name

    private mutating func call(of message: SegmentMembers) throws(JSONError) -> SegmentCall {
        if let call = body.call { return call }
        let known = SegmentCall.allCases.map(\.rawValue).joined(separator: ", ")
        guard let type = message[.type], type.count > 2,
            let call = SegmentCall.types[json.scanner.bytes.slice(type.lowerBound + 1..<type.upperBound - 1)]
        else { throw JSONError.value("a message needs a type: \(known)").inside(SegmentMember.type.rawValue) }
        return call
    }

    /// Sets the event's name; what the map knows of a tracked event's.
    private mutating func readName(_ call: SegmentCall, _ message: SegmentMembers) throws(JSONError) -> EcommerceEvent?
    {
        guard call == .track else {
            json.event.set(.eventName, SegmentEventName.standard(for: call))
            return nil
        }
        guard message[.event] != nil else {
            throw JSONError.value("a tracked event needs a name, such as \"Order Completed\"").inside("event")
        }
        var name: [UInt8] = []
        try at(message[.event], .event) { (reader) throws(JSONError) in
            let text = try reader.json.boundedString(reader.json.limits.eventNameBytes)
            name = SegmentEventName.canonical(reader.json.string(text))
        }
        guard !name.isEmpty else {
            throw JSONError.value("the name has no letter or digit; send one such as \"Order Completed\"")
                .inside("event")
        }
        let mapped = name.withUnsafeBufferPointer { EcommerceEvent.byName[$0] }
        if let mapped {
            json.event.set(.eventName, mapped.name)
        } else {
            json.event.set(.eventName, text: json.event.store(name))
        }
        return mapped
    }

    // MARK: Who and when

    private mutating func readIdentifiers(_ call: SegmentCall, _ message: SegmentMembers) throws(JSONError) {
        let places: [(SegmentMember, EventField)] = [
            (.userId, .userID), (.anonymousId, .clientID), (.messageId, .eventID),
        ]
        for (member, field) in places where !json.event.has(field) {
            try at(message[member], member) { (reader) throws(JSONError) in try reader.json.readIdentifier(field) }
        }
        guard json.event.has(.userID) || json.event.has(.clientID) else {
            throw .value("a message needs a userId or an anonymousId")
        }
        if let id = json.event.string(.userID) {
            json.userData.values.append(RawUserData.Value(kind: .externalID, text: id))
        }
        let named: [(SegmentMember, String)] = [(.groupId, "group_id"), (.previousId, "previous_id")]
        for (member, name) in named {
            try at(message[member], member) { (reader) throws(JSONError) in try reader.keep(as: name) }
        }
        guard call == .page || call == .screen else { return }
        for (member, suffix) in [(SegmentMember.name, "name"), (.category, call == .page ? "category" : "class")] {
            try at(message[member], member) { (reader) throws(JSONError) in
                try reader.keep(as: "\(call.rawValue)_\(suffix)")
            }
        }
        guard call == .page, !json.event.has(.pageTitle) else { return }
        try at(message[.name], .name) { (reader) throws(JSONError) in try reader.readText(.pageTitle) }
    }

    /// The sender's clock may be wrong, but both of its times are wrong by the same: `received − (sentAt − timestamp)`.
    private mutating func readTime(_ message: SegmentMembers) throws(JSONError) {
        let member: SegmentMember = message[.timestamp] != nil ? .timestamp : .originalTimestamp
        guard let happened = try micros(message[member], member) else { return }
        let sentAt = message[.sentAt] ?? body.envelope[.sentAt]
        guard let sent = try micros(sentAt, .sentAt) else {
            return json.event.set(.timestampMicros, integer: happened)
        }
        json.event.set(.timestampMicros, integer: receivedMicros - (sent - happened))
    }

    private mutating func micros(_ range: Range<Int>?, _ member: SegmentMember) throws(JSONError) -> Int64? {
        guard let range else { return nil }
        let text = json.scanner.bytes.slice(range)
        let isText = text.count > 2 && text.first == UInt8(ascii: "\"")
        guard isText, let micros = ISOTime.micros(text.slice(1..<text.count - 1)) else {
            throw JSONError.value("a time in ISO 8601, such as \"2026-11-26T10:00:00.000Z\", is expected here")
                .inside(member.rawValue)
        }
        return micros
    }

    // MARK: Integrations

    /// `{"All": false, "Google Analytics 4": {"clientId": "1.2"}}`: booleans, or options of what is on.
    private mutating func readIntegrations() throws(JSONError) {
        try members { (reader, key) throws(JSONError) in
            let name = reader.json.string(key)
            switch try reader.json.scanner.kind() {
            case .bool: reader.turn(name, try reader.json.scanner.bool())
            case .object:
                reader.turn(name, true)
                guard IntegrationSwitches.folded(name).hasPrefix("googleanalytics4") else { fallthrough }
                try reader.members { (reader, key) throws(JSONError) in try reader.readSessionOption(key) }
            default: _ = try reader.json.scanner.skipValue()
            }
        }
    }

    private mutating func turn(_ name: String, _ isOn: Bool) {
        if name == "All" || name == "all" {
            integrations.all = isOn
        } else if integrations.named.count < 64 {
            integrations.named.removeAll { $0.name == name }
            integrations.named.append(IntegrationSwitches.Named(name: name, isOn: isOn))
        }
    }

    /// What servers say of a visitor's Google Analytics session in the options of that destination.
    private mutating func readSessionOption(_ key: JSONText) throws(JSONError) {
        guard let (_, field) = json.lookup(key, in: Self.sessionOptions) else {
            _ = try json.scanner.skipValue()
            return
        }
        try leniently(key) { (reader) throws(JSONError) in
            if field == .sessionNumber {
                try reader.json.readNumber(field)
            } else {
                try reader.json.readIdentifier(field)
            }
        }
    }

    private static let sessionOptions = KeyTable<EventField>([
        ("clientId", .clientID), ("client_id", .clientID), ("sessionId", .sessionID), ("session_id", .sessionID),
        ("sessionNumber", .sessionNumber), ("session_number", .sessionNumber),
    ])

    // MARK: Values

    /// Reads a value as what the spec says it is; one that is not so stays as a parameter of the sender's name: an event
    /// is not worth losing for it.
    mutating func leniently(
        _ key: JSONText,
        _ read: (inout SegmentEventReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        let before = json.scanner
        if try json.scanner.kind() == .null { return try json.scanner.null() }
        do throws(JSONError) {
            try read(&self)
        } catch {
            json.scanner = before
            try json.readParameter(key, .params)
        }
    }

    /// Keeps the next value as a parameter of that name, unless there is one; an object or array is left out.
    mutating func keep(as name: String) throws(JSONError) {
        let text: TextRange
        switch try json.scanner.kind() {
        case .string: text = json.store(try json.boundedString(json.limits.textBytes))
        case .number: text = json.event.store(json.scanner.bytes.slice(try json.scanner.number()))
        default:
            _ = try json.scanner.skipValue()
            return
        }
        let isThere = json.params.contains { json.event.bytes($0.key).elementsEqual(name.utf8) }
        guard !isThere, text.length > 0 else { return }
        json.params.append(Parameter(key: json.event.store(name), type: .string, number: 0, text: text))
    }
}
