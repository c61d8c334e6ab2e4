/// Reads the `Forwarded` request header (RFC 7239, section 4).
enum ForwardedElements {
    private static let maximumBytes = 8192

    /// The `for` of each element, in order; empty for an element without one. Names that hide an address (`_gateway`,
    /// `unknown`) stay: they are no addresses. Empty where a sender could have hidden what proxies appended: behind a quote
    /// that is left open, or beyond what is read.
    static func addresses(in values: [String]) -> [String] {
        let text = values.joined(separator: ",").utf8
        guard text.count <= maximumBytes, text.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
            return []
        }
        return pieces(of: text[...], at: UInt8(ascii: ",")).map { element in
            for pair in pieces(of: element, at: UInt8(ascii: ";")) {
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
                let name = String(Substring(pair[..<equals])).lowercased().filter { $0 != " " && $0 != "\t" }
                if name == "for" { return unquoted(Substring(pair[pair.index(after: equals)...])) }
            }
            return ""
        }
    }

    /// Parts at a separator that stands outside quotes.
    private static func pieces(of text: Substring.UTF8View, at separator: UInt8) -> [Substring.UTF8View] {
        var pieces: [Substring.UTF8View] = []
        var start = text.startIndex
        var isQuoted = false
        for index in text.indices {
            if text[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard text[index] == separator, !isQuoted else { continue }
            pieces.append(text[start..<index])
            start = text.index(after: index)
        }
        pieces.append(text[start...])
        return pieces
    }

    private static func unquoted(_ value: Substring) -> String {
        value.filter { $0 != "\"" && $0 != " " && $0 != "\t" }
    }
}
