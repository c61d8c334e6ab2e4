/// Reads the `Cookie` request header (RFC 6265, section 4.2). Browsers send whatever a page has stored, so nothing is
/// refused: a piece without `=` is left out, and quotes around a value are removed.
package enum CookieHeader {
    package struct Pair: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    /// More than any browser keeps for one site; what follows is not read.
    private static let maximumPairs = 200

    /// The header's pairs, in order.
    package static func pairs(in header: String) -> [Pair] { pairs(in: header) { _, _ in true } }

    /// The header's pairs that are wanted, in order; of the others no strings are made.
    static func pairs(in header: String, where isWanted: (_ name: Bytes, _ value: Bytes) -> Bool) -> [Pair] {
        var header = header
        return header.withUTF8 { text in
            var pairs: [Pair] = []
            var start = 0
            for _ in 0..<maximumPairs where start < text.count {
                let end = text[start...].firstIndex(of: UInt8(ascii: ";")) ?? text.count
                if let (name, value) = split(text.slice(start..<end)), isWanted(name, value) {
                    pairs.append(Pair(name: name.string, value: value.string))
                }
                start = end + 1
            }
            return pairs
        }
    }

    private static func split(_ piece: Bytes) -> (name: Bytes, value: Bytes)? {
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = trimmed(piece.slice(0..<equals))
        var value = trimmed(piece.dropPrefix(equals + 1))
        if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
            value = value.slice(1..<value.count - 1)
        }
        return name.isEmpty ? nil : (name, value)
    }

    private static func trimmed(_ text: Bytes) -> Bytes {
        var range = 0..<text.count
        while let first = range.first, text[first] == 0x20 || text[first] == 0x09 {
            range = first + 1..<range.upperBound
        }
        while let last = range.last, text[last] == 0x20 || text[last] == 0x09 { range = range.lowerBound..<last }
        return text.slice(range)
    }
}
