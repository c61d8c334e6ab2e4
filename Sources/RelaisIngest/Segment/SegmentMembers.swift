/// Members of a message, or of the object around a batch, by name. They may come in any order and decide on one
/// another's meaning, so a message is looked through once before it is read.
enum SegmentMember: String, Sendable, CaseIterable {
    case type, event, name, category, userId, anonymousId, previousId, groupId, messageId, timestamp, originalTimestamp
    case sentAt, writeKey, properties, traits, context, integrations, batch

    static let table = KeyTable<SegmentMember>(allCases.map { ($0.rawValue, $0) })
}

/// Where the members of one object lie.
struct SegmentMembers {
    /// From the first byte of the object to the one after its last.
    private(set) var range = 0..<0
    private var found: [(member: SegmentMember, range: Range<Int>)] = []

    init() {}

    /// Reads the scanner's next value, an object, and checks all of it.
    init(_ scanner: inout JSONScanner) throws(JSONError) {
        let kind = try scanner.kind()
        guard kind == .object else { throw .value("an object is expected here, not \(kind.name)") }
        let start = scanner.position
        found.reserveCapacity(12)
        try scanner.beginObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            let value = try scanner.skipValue()
            guard let member = SegmentMember.table[scanner.bytes.slice(key.range)] else { continue }
            if scanner.bytes.slice(value).isEqual(to: "null") { continue }
            guard self[member] == nil else {
                throw JSONError.value(JSONEventReader.repeated).inside(member.rawValue)
            }
            found.append((member, value))
        }
        range = start..<scanner.position
    }

    /// Nil when the object does not have it, or has `null`.
    subscript(member: SegmentMember) -> Range<Int>? { found.first { $0.member == member }?.range }
}
