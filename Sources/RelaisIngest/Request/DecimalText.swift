/// Decimal numbers as text: the grammar of JSON numbers (RFC 8259, section 6) and nothing else, so that `129,90` and
/// `1 299,90 €` are never read as something they are not.
enum DecimalText {
    /// The nearest double of a whole text that is a finite decimal number, else nil.
    static func value(_ bytes: Bytes) -> Double? {
        guard end(of: bytes, from: 0, limit: bytes.count) == bytes.count else { return nil }
        if let exact = exactValue(bytes) { return exact }
        guard let value = Double(bytes.string), value.isFinite else { return nil }
        return value
    }

    /// Where the number that starts at `start` ends, nil when none does.
    static func end(of bytes: Bytes, from start: Int, limit: Int) -> Int? {
        var at = start
        if at < limit, bytes[at] == UInt8(ascii: "-") { at += 1 }
        guard at < limit, bytes[at].isDigit else { return nil }
        if bytes[at] == UInt8(ascii: "0") { at += 1 } else { skipDigits(bytes, &at, limit) }
        if at < limit, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard at < limit, bytes[at].isDigit else { return nil }
            skipDigits(bytes, &at, limit)
        }
        if at < limit, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < limit, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard at < limit, bytes[at].isDigit else { return nil }
            skipDigits(bytes, &at, limit)
        }
        return at
    }

    /// The value of an integer without fraction and exponent that fits 64 bits.
    static func integer(_ bytes: Bytes) -> Int64? {
        guard !bytes.isEmpty, bytes.count <= 19, bytes.allSatisfy(\.isDigit) else { return nil }
        var value: Int64 = 0
        for byte in bytes {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(byte - 0x30))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    private static func skipDigits(_ bytes: Bytes, _ at: inout Int, _ limit: Int) {
        while at < limit, bytes[at].isDigit { at += 1 }
    }

    /// Up to 15 digits and 22 decimals: both the digits and the power of ten are exact doubles, so is their quotient's
    /// rounding. Everything else takes the slow way.
    private static func exactValue(_ bytes: Bytes) -> Double? {
        guard bytes.count <= 17 else { return nil }
        var digits = 0
        var decimals = -1
        var isNegative = false
        for byte in bytes {
            if byte.isDigit {
                digits = digits * 10 + Int(byte - 0x30)
                if decimals >= 0 { decimals += 1 }
            } else if byte == UInt8(ascii: ".") {
                decimals = 0
            } else if byte == UInt8(ascii: "-") {
                isNegative = true
            } else {
                return nil
            }
        }
        guard digits < 1_000_000_000_000_000 else { return nil }
        let value = Double(digits) / powersOfTen[max(decimals, 0)]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    ]
}

extension DecimalText {
    /// The exact product of a decimal and a whole number, as text; nil when the decimal has an exponent, or the product
    /// more than 18 digits.
    static func product(_ decimal: Bytes, by factor: Bytes) -> [UInt8]? {
        guard end(of: decimal, from: 0, limit: decimal.count) == decimal.count, let times = integer(factor) else {
            return nil
        }
        var digits: [UInt8] = []
        var decimals = 0
        for (place, byte) in decimal.enumerated() {
            switch byte {
            case UInt8(ascii: "."): decimals = decimal.count - place - 1
            case UInt8(ascii: "-"): break
            case _ where byte.isDigit: digits.append(byte)
            default: return nil
            }
        }
        guard digits.count <= 18, let whole = digits.withUnsafeBufferPointer({ integer($0) }) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: times)
        guard !overflow else { return nil }
        var text = Array(String(product).utf8)
        while text.count <= decimals { text.insert(UInt8(ascii: "0"), at: 0) }
        if decimals > 0 { text.insert(UInt8(ascii: "."), at: text.count - decimals) }
        return decimal.first == UInt8(ascii: "-") ? [UInt8(ascii: "-")] + text : text
    }
}
