/// Kinds of JSON values.
enum JSONKind {
    case object, array, string, number, bool, null

    /// As an error message names it.
    var name: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}

/// A string as it lies in the text, without its quotes.
struct JSONText {
    var range: Range<Int>
    var hasEscapes: Bool
}

/// Pulls values out of a JSON text (RFC 8259), strictly, in one pass, without recursion and without copies. UTF-8 and
/// escapes are checked. Whoever pulls checks names for repetition; `skipValue` does not.
struct JSONScanner {
    let bytes: Bytes
    let end: Int
    private(set) var position: Int
    private var depth = 0
    private let maximumDepth: Int

    /// Reads the bytes of a range. `maximumDepth`: containers inside one another, at most 64.
    init(_ bytes: Bytes, in range: Range<Int>, maximumDepth: Int) {
        self.bytes = bytes
        self.end = range.upperBound
        self.position = range.lowerBound
        self.maximumDepth = min(maximumDepth, 64)
    }

    init(_ bytes: Bytes, maximumDepth: Int) { self.init(bytes, in: 0..<bytes.count, maximumDepth: maximumDepth) }

    /// Goes to a place outside of any container.
    mutating func restart(at position: Int) {
        self.position = position
        depth = 0
    }

    // MARK: Structure

    /// What the next value is.
    mutating func kind() throws(JSONError) -> JSONKind {
        skipWhitespace()
        guard position < end else { throw .syntax("a value is missing, the text ends here", at: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw .syntax("a value is expected here", at: position)
        }
    }

    mutating func beginObject() throws(JSONError) { try open(UInt8(ascii: "{"), "an object is expected here") }

    mutating func beginArray() throws(JSONError) { try open(UInt8(ascii: "["), "an array is expected here") }

    /// The next member's name, with the colon consumed; nil at the object's end. `first`: true before the first call.
    mutating func nextKey(first: inout Bool) throws(JSONError) -> JSONText? {
        guard try nextElement(close: UInt8(ascii: "}"), first: &first) else { return nil }
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw .syntax("a member's name in quotes is expected here", at: position)
        }
        let key = try string()
        skipWhitespace()
        guard position < end, bytes[position] == UInt8(ascii: ":") else {
            throw .syntax("a colon is expected here", at: position)
        }
        position += 1
        return key
    }

    /// Whether the array has another element, which is next; `first`: true before the first call.
    mutating func nextElement(first: inout Bool) throws(JSONError) -> Bool {
        try nextElement(close: UInt8(ascii: "]"), first: &first)
    }

    /// Nothing but white space may follow.
    mutating func expectEnd() throws(JSONError) {
        skipWhitespace()
        if position < end { throw .syntax("nothing is expected after the value", at: position) }
    }

    mutating func skipWhitespace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func open(_ bracket: UInt8, _ problem: String) throws(JSONError) {
        skipWhitespace()
        guard position < end, bytes[position] == bracket else { throw .syntax(problem, at: position) }
        guard depth < maximumDepth else {
            throw .syntax("containers lie more than \(maximumDepth) deep", at: position)
        }
        depth += 1
        position += 1
    }

    private mutating func nextElement(close: UInt8, first: inout Bool) throws(JSONError) -> Bool {
        skipWhitespace()
        guard position < end else { throw .syntax("the text ends inside a container", at: position) }
        if bytes[position] == close {
            position += 1
            depth -= 1
            return false
        }
        if first {
            first = false
            return true
        }
        guard bytes[position] == UInt8(ascii: ",") else { throw .syntax("a comma is expected here", at: position) }
        position += 1
        skipWhitespace()
        guard position < end, bytes[position] != close else {
            throw .syntax("a comma is not allowed before the end of a container", at: position)
        }
        return true
    }

    // MARK: Scalars

    /// The next value, a string.
    mutating func string() throws(JSONError) -> JSONText {
        skipWhitespace()
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw .syntax("a string is expected here", at: position)
        }
        let start = position + 1
        var at = start
        var hasEscapes = false
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                position = at + 1
                return JSONText(range: start..<at, hasEscapes: hasEscapes)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                at = try JSONEscape.end(bytes, from: at, limit: end)
            } else if byte < 0x20 {
                throw .syntax("a control character in a string must be escaped", at: at)
            } else if byte < 0x80 {
                at += 1
            } else {
                let length = UTF8Check.length(bytes, from: at, limit: end)
                guard length > 0 else { throw .syntax("the text is not valid UTF-8", at: at) }
                at += length
            }
        }
        throw .syntax("a string without its closing quote", at: position)
    }

    /// The range of the next value, a number.
    mutating func number() throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = position
        guard let stop = DecimalText.end(of: bytes, from: start, limit: end) else {
            throw .syntax("this is not a JSON number", at: start)
        }
        position = stop
        return start..<stop
    }

    /// The next value, `true` or `false`.
    mutating func bool() throws(JSONError) -> Bool {
        skipWhitespace()
        if position < end, bytes[position] == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    mutating func null() throws(JSONError) {
        skipWhitespace()
        try literal("null")
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        guard bytes.slice(position..<end).hasPrefix(word) else {
            throw .syntax("this is not true, false or null", at: position)
        }
        position += word.utf8CodeUnitCount
    }

    // MARK: Skipping

    /// Checks the next value, whatever it is, and returns where it lies.
    mutating func skipValue() throws(JSONError) -> Range<Int> {
        skipWhitespace()
        let start = position
        let outer = depth
        /// One bit a container, the innermost lowest: 1 for an object.
        var isObject: UInt64 = 0
        var first = true
        repeat {
            if depth > outer {
                let inObject = isObject & 1 == 1
                let hasNext = inObject ? try nextKey(first: &first) != nil : try nextElement(first: &first)
                if !hasNext {
                    isObject >>= 1
                    first = false
                    continue
                }
            }
            switch try kind() {
            case .object:
                try beginObject()
                isObject = isObject << 1 | 1
                first = true
            case .array:
                try beginArray()
                isObject <<= 1
                first = true
            case .string: _ = try string()
            case .number: _ = try number()
            case .bool: _ = try bool()
            case .null: try null()
            }
        } while depth > outer
        return start..<position
    }
}
