internal import RelaisEvent

/// The client hints that gtag asks the browser for, as the request headers that would have said the same (W3C, "User-Agent
/// Client Hints"; strings and booleans by RFC 8941).
enum GtagClientHints {
    private static let maximumBrands = 20

    /// `"Android"`; nil for what no header can say.
    static func quoted(_ text: Bytes) -> String? {
        guard !text.isEmpty, text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        var result = "\""
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result += "\\" }
            result.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return result + "\""
    }

    /// `?1` or `?0`; nil for anything but `1` and `0`.
    static func flag(_ text: Bytes) -> String? {
        if text.isEqual(to: "1") { return "?1" }
        return text.isEqual(to: "0") ? "?0" : nil
    }

    /// `Brand;1.2.3.4|Brand;…`, each part percent-encoded once more, as `"Brand";v="1.2.3.4", …`; nil when a part is none.
    static func versionList(_ text: Bytes) -> String? {
        let parts = text.split(separator: UInt8(ascii: "|"))
        guard !parts.isEmpty, parts.count <= maximumBrands else { return nil }
        var brands: [String] = []
        for part in parts {
            guard let split = part.lastIndex(of: UInt8(ascii: ";")),
                let brand = decodedQuoted(part[..<split]), let version = decodedQuoted(part[(split + 1)...])
            else { return nil }
            brands.append("\(brand);v=\(version)")
        }
        return brands.joined(separator: ", ")
    }

    private static func decodedQuoted(_ text: Slice<Bytes>) -> String? {
        PercentText.decode(Bytes(rebasing: text)).withUnsafeBufferPointer(quoted)
    }
}
