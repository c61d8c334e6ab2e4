/// A value of a JSON text that has been checked as a whole: what it is and where it lies.
struct JSONPlace {
    struct Member {
        var name: String
        var value: JSONPlace
    }

    let kind: JSONKind
    let range: Range<Int>
    private let bytes: Bytes

    /// The one value that the whole text is.
    init(checking bytes: Bytes, maximumDepth: Int) throws(JSONError) {
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        self.bytes = bytes
        kind = try scanner.kind()
        range = try scanner.skipValue()
        try scanner.expectEnd()
    }

    private init(_ scanner: inout JSONScanner) throws(JSONError) {
        bytes = scanner.bytes
        kind = try scanner.kind()
        range = try scanner.skipValue()
    }

    /// In the order of the text, repeats kept; empty unless it is an object.
    var members: [Member] {
        guard kind == .object else { return [] }
        var members: [Member] = []
        do throws(JSONError) {
            var scanner = scanner
            var first = true
            try scanner.beginObject()
            while let key = try scanner.nextKey(first: &first) {
                members.append(Member(name: Self.string(key, bytes), value: try JSONPlace(&scanner)))
            }
        } catch { return members }
        return members
    }

    /// Empty unless it is an array.
    var elements: [JSONPlace] {
        guard kind == .array else { return [] }
        var elements: [JSONPlace] = []
        do throws(JSONError) {
            var scanner = scanner
            var first = true
            try scanner.beginArray()
            while try scanner.nextElement(first: &first) { elements.append(try JSONPlace(&scanner)) }
        } catch { return elements }
        return elements
    }

    /// The text of a string.
    var string: String? {
        guard kind == .string else { return nil }
        let content = range.lowerBound + 1..<range.upperBound - 1
        return Self.string(JSONText(range: content, hasEscapes: true), bytes)
    }

    /// The text of a string, or a number as it was written.
    var scalar: String? { kind == .number ? bytes.slice(range).string : string }

    var number: Double? { kind == .number ? DecimalText.value(bytes.slice(range)) : nil }

    private var scanner: JSONScanner { JSONScanner(bytes, in: range, maximumDepth: .max) }

    private static func string(_ text: JSONText, _ bytes: Bytes) -> String {
        guard text.hasEscapes else { return bytes.slice(text.range).string }
        var decoded: [UInt8] = []
        JSONEscape.decode(bytes.slice(text.range), into: &decoded)
        return String(decoding: decoded, as: UTF8.self)
    }
}

extension [JSONPlace.Member] {
    /// The last member of that name.
    subscript(name: String) -> JSONPlace? { last { $0.name == name }?.value }
}
