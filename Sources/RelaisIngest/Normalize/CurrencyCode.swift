/// ISO 4217 codes by their form: three ASCII letters, in upper case when normalised.
enum CurrencyCode {
    static func isNormalised(_ text: Bytes) -> Bool {
        text.count == 3 && text.allSatisfy { $0.isLetter && $0 < 0x60 }
    }

    /// Appends the code in upper case; false unless the text is a code.
    static func append(_ text: Bytes, to result: inout [UInt8]) -> Bool {
        guard text.count == 3, text.allSatisfy(\.isLetter) else { return false }
        for byte in text { result.append(byte & 0xDF) }
        return true
    }
}
