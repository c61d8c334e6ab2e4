import RelaisEvent

/// Distinct lists of destination names, numbered; few, because plans are alike.
/// Bytes: `u16 sets · sets × { u16 names · names × { u16 length · UTF-8 } }`.
struct DestinationSets: Sendable {
    private var sets: [[String]] = []

    init() {}

    /// Reads sets at an offset and moves it past them; nil when the bytes are not that.
    init?(_ bytes: UnsafeRawBufferPointer, offset: inout Int) {
        guard let count = Self.count(bytes, &offset) else { return nil }
        for _ in 0..<count {
            guard let names = Self.count(bytes, &offset), names <= bytes.count / 2 else { return nil }
            var set: [String] = []
            for _ in 0..<names {
                guard let length = Self.count(bytes, &offset), length <= bytes.count - offset else { return nil }
                set.append(String(decoding: bytes[offset..<offset + length], as: UTF8.self))
                offset += length
            }
            sets.append(set)
        }
    }

    var count: Int { sets.count }

    subscript(index: UInt16) -> [String] { Int(index) < sets.count ? sets[Int(index)] : [] }

    /// The number of that set, which is added when new. A full table answers the number of the empty set: a copy is
    /// then delivered once more, never once less.
    mutating func index(of set: [String]) -> UInt16 {
        if let last = sets.last, last == set { return UInt16(sets.count - 1) }
        if let index = sets.firstIndex(of: set) { return UInt16(index) }
        if sets.count == Int(MarksCoding.noSet) - 1 {
            sets.append([])
        }
        guard sets.count < Int(MarksCoding.noSet) else { return UInt16(sets.count - 1) }
        sets.append(set)
        return UInt16(sets.count - 1)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt16(sets.count))
        for set in sets {
            bytes.append(littleEndian: UInt16(truncatingIfNeeded: min(set.count, Int(UInt16.max))))
            for name in set.prefix(Int(UInt16.max)) {
                let utf8 = name.utf8.prefix(Int(UInt16.max))
                bytes.append(littleEndian: UInt16(utf8.count))
                bytes.append(contentsOf: utf8)
            }
        }
    }

    private static func count(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Int? {
        guard let value = bytes.integer(at: offset, as: UInt16.self) else { return nil }
        offset += 2
        return Int(value)
    }
}
