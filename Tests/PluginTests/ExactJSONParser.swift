import RelaisTestKit

/// Reads JSON into ``ExactJSON``.
struct ExactJSONParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func document() throws -> ExactJSON {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw failure("something follows the document") }
        return value
    }

    private func failure(_ reason: String) -> TestFailure {
        TestFailure(
            "JSON, byte \(position): \(reason): \(String(decoding: bytes.dropFirst(position).prefix(60), as: UTF8.self))"
        )
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard current == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func value() throws -> ExactJSON {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        default: return try scalar()
        }
    }

    private mutating func object() throws -> ExactJSON {
        var members: [ExactJSON.Member] = []
        position += 1
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            let key = try string()
            guard take(":") else { throw failure("a colon is missing") }
            members.append(ExactJSON.Member(key: key, value: try value()))
        } while take(",")
        guard take("}") else { throw failure("the object does not end") }
        return .object(members)
    }

    private mutating func array() throws -> ExactJSON {
        var elements: [ExactJSON] = []
        position += 1
        if take("]") { return .array([]) }
        repeat { elements.append(try value()) } while take(",")
        guard take("]") else { throw failure("the array does not end") }
        return .array(elements)
    }

    private mutating func scalar() throws -> ExactJSON {
        let start = position
        while let byte = current, !" \n\r\t,]}".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if ["true", "false", "null"].contains(text) { return .word(text) }
        guard Double(text) != nil else { throw failure("no value") }
        return .number(text)
    }

    private mutating func string() throws -> String {
        guard current == UInt8(ascii: "\"") else { throw failure("a string is missing") }
        position += 1
        var units: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            position += 1
            if byte == UInt8(ascii: "\\") {
                units += Array(String(try escape()).utf8)
            } else {
                units.append(byte)
            }
        }
        guard current != nil else { throw failure("the string does not end") }
        position += 1
        return String(decoding: units, as: UTF8.self)
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard let byte = current else { throw failure("the string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return try codePoint()
        default: return Unicode.Scalar(byte)
        }
    }

    private mutating func codePoint() throws -> Unicode.Scalar {
        let high = try hex()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, current == UInt8(ascii: "\\") else { throw failure("half a surrogate pair") }
        position += 2
        let low = try hex()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        else { throw failure("half a surrogate pair") }
        return scalar
    }

    private mutating func hex() throws -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits are missing") }
        position += 4
        return value
    }
}
