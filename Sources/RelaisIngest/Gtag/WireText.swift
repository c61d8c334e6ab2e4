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
        var decoder = WireDecoder(position: buffer.count, limit: start + limit)
        buffer.append(contentsOf: text)
        buffer.withUnsafeMutableBufferPointer { decoder.decode($0, into: &pairs) }
        buffer.removeLast(buffer.count - decoder.end)
        if !decoder.isASCII { for index in start..<pairs.count { repair(index) } }
        return decoder.isTooLong ? nil : start..<pairs.count
    }

    /// Forgets what was appended after the first so many bytes and pairs.
    mutating func truncate(bytes: Int, pairs count: Int) {
        buffer.removeLast(buffer.count - bytes)
        pairs.removeLast(pairs.count - count)
    }

    private mutating func repair(_ index: Int) {
        pairs[index].key = repaired(pairs[index].key)
        pairs[index].value = repaired(pairs[index].value)
    }

    /// Where the text lies as valid UTF-8.
    private mutating func repaired(_ range: Range<Int>) -> Range<Int> {
        guard !buffer.withUnsafeBufferPointer({ UTF8Check.isValid($0.slice(range)) }) else { return range }
        let start = buffer.count
        buffer.append(contentsOf: String(decoding: buffer[range], as: UTF8.self).utf8)
        return start..<buffer.count
    }
}

/// Decodes pairs where they stand, because decoded text is never longer.
private struct WireDecoder {
    private(set) var end: Int
    private(set) var isASCII = true
    private(set) var isTooLong = false
    private var position: Int
    /// Pairs that there may be in all.
    private let limit: Int

    init(position: Int, limit: Int) {
        self.position = position
        end = position
        self.limit = limit
    }

    mutating func decode(_ text: UnsafeMutableBufferPointer<UInt8>, into pairs: inout [WirePair]) {
        while position < text.count {
            let start = end
            let equals = decodePair(text)
            let key = start..<(equals ?? end)
            if key.isEmpty {
                end = start
            } else if pairs.count < limit {
                pairs.append(WirePair(key: key, value: key.upperBound..<end))
            } else {
                isTooLong = true
                return
            }
        }
    }

    /// Decodes until the next `&`; where the value starts, nil without a `=`. `+` is a space: gtag itself writes `%20`,
    /// service workers and hand-made pixels do not. A `%` without two digits stands for itself.
    private mutating func decodePair(_ text: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var equals: Int?
        var at = position
        var to = end
        var bits: UInt8 = 0
        loop: while at < text.count {
            var byte = text[at]
            at += 1
            // The bytes with a meaning of their own are none of the letters.
            if byte < 0x3E {
                switch byte {
                case UInt8(ascii: "&"): break loop
                case UInt8(ascii: "=") where equals == nil:
                    equals = to
                    continue loop
                case UInt8(ascii: "+"): byte = 0x20
                case UInt8(ascii: "%"):
                    if at + 1 < text.count, let high = text[at].hexValue, let low = text[at + 1].hexValue {
                        byte = high << 4 | low
                        at += 2
                    }
                default: break
                }
            }
            bits |= byte
            text[to] = byte
            to += 1
        }
        position = at
        end = to
        if bits >= 0x80 { isASCII = false }
        return equals
    }
}
