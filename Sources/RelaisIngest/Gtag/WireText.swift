/// A parameter of the gtag wire: where its decoded name and value lie.
struct WirePair {
    var key: Range<Int>
    var value: Range<Int>
}

/// Takes query strings apart into pairs, in order, repeats kept, and decodes them into one buffer.
struct WireText {
    private(set) var buffer: [UInt8] = []
    private(set) var pairs: [WirePair] = []

    init(capacity: Int) {
        buffer.reserveCapacity(capacity)
        pairs.reserveCapacity(64)
    }

    /// Decodes `name=value&name&…`; returns the new pairs, or nil when there are more than `limit`. A name without `=`
    /// has an empty value.
    mutating func append(_ text: Bytes, limit: Int) -> Range<Int>? {
        let start = pairs.count
        var at = 0
        while at < text.count {
            let stop = Self.index(of: UInt8(ascii: "&"), in: text, from: at)
            if stop > at {
                let equals = min(Self.index(of: UInt8(ascii: "="), in: text, from: at), stop)
                let key = decode(text, at..<equals)
                let value = equals < stop ? decode(text, equals + 1..<stop) : key.upperBound..<key.upperBound
                if !key.isEmpty {
                    guard pairs.count - start < limit else { return nil }
                    pairs.append(WirePair(key: key, value: value))
                }
            }
            at = stop + 1
        }
        return start..<pairs.count
    }

    /// `+` is a space: gtag itself writes `%20`, service workers and hand-made pixels do not. A `%` without two digits
    /// stands for itself.
    private mutating func decode(_ text: Bytes, _ range: Range<Int>) -> Range<Int> {
        let start = buffer.count
        var at = range.lowerBound
        var isASCII = true
        while at < range.upperBound {
            var byte = text[at]
            at += 1
            if byte == UInt8(ascii: "+") {
                byte = 0x20
            } else if byte == UInt8(ascii: "%"), at + 1 < range.upperBound,
                let high = text[at].hexValue, let low = text[at + 1].hexValue
            {
                byte = high << 4 | low
                at += 2
            }
            isASCII = isASCII && byte < 0x80
            buffer.append(byte)
        }
        if !isASCII { repair(from: start) }
        return start..<buffer.count
    }

    private mutating func repair(from start: Int) {
        let isValid = buffer.withUnsafeBufferPointer { UTF8Check.isValid($0.slice(start..<$0.count)) }
        guard !isValid else { return }
        let repaired = String(decoding: buffer[start...], as: UTF8.self)
        buffer.removeSubrange(start...)
        buffer.append(contentsOf: repaired.utf8)
    }

    private static func index(of byte: UInt8, in text: Bytes, from start: Int) -> Int {
        var at = start
        while at < text.count, text[at] != byte { at += 1 }
        return at
    }
}
