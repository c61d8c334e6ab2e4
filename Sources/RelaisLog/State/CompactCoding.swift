import RelaisEvent

/// Appends numbers and texts in few bytes; what `CompactReader` reads.
struct CompactWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Seven bits a byte, least significant first.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Small negative numbers are short too.
    mutating func signed(_ value: Int64) { number(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func text(_ text: String) {
        number(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func bytes(_ value: [UInt8]) {
        number(UInt64(value.count))
        bytes.append(contentsOf: value)
    }
}

/// Reads what `CompactWriter` wrote; nil instead of going astray.
struct CompactReader {
    private let source: [UInt8]
    private var offset = 0

    init(_ source: [UInt8]) { self.source = source }

    var remaining: Int { source.count - offset }

    mutating func byte() -> UInt8? {
        guard offset < source.count else { return nil }
        defer { offset += 1 }
        return source[offset]
    }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = byte(), shift < 63 || byte < 2 else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    mutating func signed() -> Int64? {
        guard let value = number() else { return nil }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number of things that take a byte each at least.
    mutating func count() -> Int? {
        guard let value = number(), value <= UInt64(remaining) else { return nil }
        return Int(value)
    }

    mutating func bytes() -> [UInt8]? {
        guard let count = count() else { return nil }
        defer { offset += count }
        return Array(source[offset..<offset + count])
    }

    mutating func text() -> String? { bytes().map { String(decoding: $0, as: UTF8.self) } }
}
