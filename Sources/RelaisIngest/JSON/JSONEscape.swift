/// Escape sequences of JSON strings (RFC 8259, section 7).
enum JSONEscape {
    /// Where the escape sequence that starts at `start` ends. A high surrogate must be followed by a low one.
    static func end(_ bytes: Bytes, from start: Int, limit: Int) throws(JSONError) -> Int {
        guard start + 1 < limit else { throw .syntax("a string ends inside an escape sequence", at: start) }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try codeUnit(bytes, at: start, limit: limit)
            guard unit & 0xF800 == 0xD800 else { return start + 6 }
            guard unit < 0xDC00, start + 7 < limit, bytes[start + 6] == UInt8(ascii: "\\"),
                bytes[start + 7] == UInt8(ascii: "u"),
                try codeUnit(bytes, at: start + 6, limit: limit) & 0xFC00 == 0xDC00
            else { throw .syntax("half of a surrogate pair", at: start) }
            return start + 12
        default:
            throw .syntax("an unknown escape sequence", at: start)
        }
    }

    /// Appends the text that a checked string stands for, as UTF-8.
    static func decode(_ text: Bytes, into result: inout [UInt8]) {
        var at = 0
        while at < text.count {
            guard text[at] == UInt8(ascii: "\\"), at + 1 < text.count else {
                result.append(text[at])
                at += 1
                continue
            }
            if text[at + 1] == UInt8(ascii: "u") {
                at += decodeUnicode(text, at: at, into: &result)
            } else {
                result.append(single(text[at + 1]))
                at += 2
            }
        }
    }

    /// A checked JSON text with its letters written out, so that nobody has to look for `\u0061` where an `a` may be;
    /// what must be escaped stays so. Nil when there is nothing to change.
    static func simplified(_ json: Bytes) -> [UInt8]? {
        guard json.contains(UInt8(ascii: "\\")) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(json.count)
        var at = 0
        while at < json.count {
            guard json[at] == UInt8(ascii: "\\"), at + 1 < json.count else {
                result.append(json[at])
                at += 1
                continue
            }
            at += simplifyEscape(json, at: at, into: &result)
        }
        return result
    }

    private static func simplifyEscape(_ json: Bytes, at start: Int, into result: inout [UInt8]) -> Int {
        switch json[start + 1] {
        case UInt8(ascii: "u"):
            let before = result.count
            let length = decodeUnicode(json, at: start, into: &result)
            let letter = result[before]
            if letter < 0x20 || letter == UInt8(ascii: "\"") || letter == UInt8(ascii: "\\") {
                result.removeSubrange(before...)
                result.append(contentsOf: json.slice(start..<min(start + length, json.count)))
            }
            return length
        case UInt8(ascii: "/"): result.append(UInt8(ascii: "/"))
        default: result.append(contentsOf: json.slice(start..<start + 2))
        }
        return 2
    }

    private static func decodeUnicode(_ text: Bytes, at start: Int, into result: inout [UInt8]) -> Int {
        var value = unchecked(text, at: start)
        var length = 6
        if value & 0xFC00 == 0xD800 {
            value = 0x10000 + (value & 0x3FF) << 10 + (unchecked(text, at: start + 6) & 0x3FF)
            length = 12
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return length
    }

    private static func single(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    private static func codeUnit(_ bytes: Bytes, at start: Int, limit: Int) throws(JSONError) -> UInt32 {
        guard start + 6 <= limit, bytes.slice(start + 2..<start + 6).allSatisfy(\.isHexDigit) else {
            throw .syntax("four hexadecimal digits are expected after \\u", at: start)
        }
        return unchecked(bytes, at: start)
    }

    private static func unchecked(_ bytes: Bytes, at start: Int) -> UInt32 {
        guard start + 6 <= bytes.count else { return 0xFFFD }
        return bytes.slice(start + 2..<start + 6).reduce(0) { $0 << 4 | UInt32($1.hexValue ?? 0) }
    }
}
