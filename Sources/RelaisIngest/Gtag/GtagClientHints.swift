internal import RelaisEvent

/// The client hints that gtag asks the browser for, as the request headers that would have said the same (W3C, "User-Agent
/// Client Hints"; strings and booleans by RFC 8941). False, with anything appended, stands for what no header can say.
enum GtagClientHints {
    private static let maximumBrands = 20

    /// `"Android"`.
    static func append(quoted text: Bytes, to result: inout [UInt8]) -> Bool {
        guard !text.isEmpty, text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        result.append(UInt8(ascii: "\""))
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        result.append(UInt8(ascii: "\""))
        return true
    }

    /// `?1` or `?0`; only `1` and `0` say so.
    static func append(flag text: Bytes, to result: inout [UInt8]) -> Bool {
        guard text.isEqual(to: "1") || text.isEqual(to: "0") else { return false }
        result.append(UInt8(ascii: "?"))
        result.append(text[0])
        return true
    }

    /// `Brand;1.2.3.4|Brand;…`, each part percent-encoded once more, as `"Brand";v="1.2.3.4", …`; false when a part is
    /// none.
    static func append(versions text: Bytes, to result: inout [UInt8]) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "|"))
        guard !parts.isEmpty, parts.count <= maximumBrands else { return false }
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(contentsOf: ", ".utf8) }
            guard let split = part.lastIndex(of: UInt8(ascii: ";")), append(encoded: part[..<split], to: &result) else {
                return false
            }
            result.append(contentsOf: ";v=".utf8)
            guard append(encoded: part[(split + 1)...], to: &result) else { return false }
        }
        return true
    }

    private static func append(encoded text: Slice<Bytes>, to result: inout [UInt8]) -> Bool {
        PercentText.decode(Bytes(rebasing: text)).withUnsafeBufferPointer { append(quoted: $0, to: &result) }
    }
}
