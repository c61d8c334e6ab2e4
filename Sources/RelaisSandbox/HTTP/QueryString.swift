/// Name and value of one decoded query or form parameter.
struct QueryItem: Equatable, Sendable {
    let name: String
    let value: String
}

/// Reading of `application/x-www-form-urlencoded` text, from URLs and bodies.
enum QueryString {
    /// Splits at `&` and the first `=`, then decodes percent escapes and `+`.
    static func parse(_ text: some Collection<UInt8>) -> [QueryItem] {
        text.split(separator: UInt8(ascii: "&")).map { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
                return QueryItem(name: decode(pair), value: "")
            }
            return QueryItem(name: decode(pair[..<equals]), value: decode(pair[pair.index(after: equals)...]))
        }
    }

    /// Decodes `%XX` and `+`; an escape without two hex digits stays as it is.
    static func decode(_ text: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var pending = Array(text)[...]
        while let byte = pending.popFirst() {
            if byte == UInt8(ascii: "+") {
                decoded.append(0x20)
            } else if byte == UInt8(ascii: "%"), pending.count >= 2,
                let high = HexDigit.value(pending[pending.startIndex]),
                let low = HexDigit.value(pending[pending.startIndex + 1])
            {
                decoded.append(high << 4 | low)
                pending.removeFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}

extension [QueryItem] {
    /// The last value of that name.
    func value(_ name: String) -> String? {
        last { $0.name == name }?.value
    }
}
