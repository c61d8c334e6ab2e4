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
    package static func pairs(in header: String) -> [Pair] {
        header.utf8.split(separator: UInt8(ascii: ";"), maxSplits: maximumPairs).prefix(maximumPairs).compactMap(pair)
    }

    private static func pair(_ piece: Substring.UTF8View) -> Pair? {
        guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = trimmed(piece[..<equals])
        var value = trimmed(piece[piece.index(after: equals)...])
        if value.count >= 2, value.first == UInt8(ascii: "\""), value.last == UInt8(ascii: "\"") {
            value = value.dropFirst().dropLast()
        }
        guard !name.isEmpty else { return nil }
        return Pair(name: String(Substring(name)), value: String(Substring(value)))
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
        while let last = text.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }
}
