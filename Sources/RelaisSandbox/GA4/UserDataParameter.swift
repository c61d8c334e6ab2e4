/// The `em` parameter: hashed user data in the form `tv.1~em.<hash>~pn.<hash>~…`.
enum UserDataParameter {
    /// A hash is 32 bytes in base64url without padding.
    private static let hashLength = 43
    private static let hashed: Set<String> = ["em", "pn", "fn", "ln", "sa"]
    private static let plain: Set<String> = ["ct", "rg", "pc", "co", "ec"]

    /// Why the value is not of that form; nil when it is.
    static func problem(_ value: String) -> String? {
        let fields = value.split(separator: "~", omittingEmptySubsequences: false)
        guard fields.first == "tv.1" else { return "em does not begin with tv.1" }
        return fields.dropFirst().lazy.compactMap(fieldProblem).first
    }

    private static func fieldProblem(_ field: Substring) -> String? {
        let parts = field.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return "em: '\(field)' has no value" }
        let key = String(parts[0].prefix(2))
        if plain.contains(key) || isErrorCode(parts[1]) { return nil }
        guard hashed.contains(key) else { return "em: unknown key '\(parts[0])'" }
        return isHash(parts[1]) ? nil : "em: \(parts[0]) is not a SHA-256 in base64url"
    }

    private static func isErrorCode(_ text: Substring) -> Bool {
        ["e0", "e1", "e2", "e3"].contains(text)
    }

    private static func isHash(_ text: Substring) -> Bool {
        text.utf8.count == hashLength
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
