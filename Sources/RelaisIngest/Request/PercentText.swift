/// Percent-encoding (RFC 3986, section 2.1), leniently: a `%` without two digits stands for itself.
enum PercentText {
    static func decode(_ text: Bytes) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            if text[at] == UInt8(ascii: "%"), at + 2 < text.count, let high = text[at + 1].hexValue,
                let low = text[at + 2].hexValue
            {
                result.append(high << 4 | low)
                at += 3
            } else {
                result.append(text[at])
                at += 1
            }
        }
        return result
    }
}
