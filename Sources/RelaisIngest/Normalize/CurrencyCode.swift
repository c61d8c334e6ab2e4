/// ISO 4217 codes by their form.
enum CurrencyCode {
    /// The code in upper case; nil unless it is three ASCII letters.
    static func normalised(_ text: Bytes) -> [UInt8]? {
        guard text.count == 3, text.allSatisfy(\.isLetter) else { return nil }
        return text.map { $0 & 0xDF }
    }
}
