/// Finds e-mail addresses in texts as they travel: with `@`, with `%40` (also encoded twice), or with JSON's `\u0040`.
enum EmailFinder {
    /// The ranges of the addresses in a text, ascending and disjoint.
    static func ranges(in text: ArraySlice<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = text.startIndex
        // A local part begins after the sign before it, so that no byte is looked at for more than two signs.
        var low = text.startIndex
        while index < text.endIndex {
            guard let length = atSign(text, index) else {
                index += 1
                continue
            }
            if let address = address(around: index..<index + length, in: text, from: low) {
                found.append(address)
                index = address.upperBound
            } else {
                index += length
            }
            low = index
        }
        return found
    }

    private static let forms: [[UInt8]] = ["%40", "%2540", "\\u0040"].map { Array($0.utf8) }

    private static func atSign(_ text: ArraySlice<UInt8>, _ index: Int) -> Int? {
        switch text[index] {
        case UInt8(ascii: "@"): return 1
        case UInt8(ascii: "%"), UInt8(ascii: "\\"):
            return forms.first { text[index...].starts(with: $0) }?.count
        default: return nil
        }
    }

    private static func address(around at: Range<Int>, in text: ArraySlice<UInt8>, from low: Int) -> Range<Int>? {
        var start = at.lowerBound
        while start > low, isLocal(text[start - 1]) { start -= 1 }
        start = afterPercentCode(start, at.lowerBound, text)
        var end = at.upperBound
        var lastDot: Int?
        while end < text.endIndex, isDomain(text[end]) {
            if text[end] == UInt8(ascii: ".") { lastDot = end }
            end += 1
        }
        while end > at.upperBound, text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: "-") { end -= 1 }
        guard start < at.lowerBound, let lastDot, lastDot > at.upperBound, lastDot < end - 1 || lastDot >= end else {
            return nil
        }
        guard text[at.upperBound..<end].contains(UInt8(ascii: ".")) else { return nil }
        return start..<end
    }

    /// In `?x%3Djane%40…` the local part is `jane`, not `3Djane`: skips an encoded delimiter before it.
    private static func afterPercentCode(_ start: Int, _ end: Int, _ text: ArraySlice<UInt8>) -> Int {
        var result = start
        var index = start
        while index < end {
            if text[index] == UInt8(ascii: "%"), index + 2 < end, isDelimiter(text[index + 1], text[index + 2]) {
                result = index + 3
                index += 3
            } else {
                index += 1
            }
        }
        return result
    }

    /// `=`, `&`, `?`, `/`, `:`, space, `"`, `<`, `,`, `;` as two hex digits; `%2B` and the like belong to the address.
    private static func isDelimiter(_ high: UInt8, _ low: UInt8) -> Bool {
        let lower = low | 0x20
        switch high {
        case UInt8(ascii: "2"): return "026cf".utf8.contains(lower)
        case UInt8(ascii: "3"): return "abcdf".utf8.contains(lower)
        default: return false
        }
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte >= 0x80 || "._%+-'".utf8.contains(byte)
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte >= 0x80 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
