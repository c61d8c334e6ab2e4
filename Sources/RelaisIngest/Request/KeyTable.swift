/// Looks names up by their bytes, without making strings: an open-addressed table that is built once.
struct KeyTable<Value: Sendable>: Sendable {
    struct Entry: Sendable {
        let key: [UInt8]
        let value: Value
    }

    private let entries: [Entry]
    /// Index of an entry plus one; 0 is an empty slot.
    private let slots: [UInt8]
    private let longest: Int

    /// At most 100 names, each once; of a name given twice the first counts.
    init(_ pairs: [(String, Value)]) {
        entries = pairs.map { Entry(key: Array($0.0.utf8), value: $0.1) }
        longest = entries.reduce(0) { max($0, $1.key.count) }
        var slots = [UInt8](repeating: 0, count: 256)
        for (index, entry) in entries.enumerated().prefix(100) {
            var slot = entry.key.withUnsafeBufferPointer { Self.hash($0) }
            while slots[slot] != 0 { slot = (slot + 1) & 255 }
            slots[slot] = UInt8(truncatingIfNeeded: index + 1)
        }
        self.slots = slots
    }

    /// The entry of that name and its index.
    func find(_ key: Bytes) -> (index: Int, value: Value)? {
        guard !key.isEmpty, key.count <= longest else { return nil }
        var slot = Self.hash(key)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].key.withUnsafeBufferPointer({ $0.isEqual(to: key) }) {
                return (index, entries[index].value)
            }
            slot = (slot + 1) & 255
        }
        return nil
    }

    /// All names, in the order they were given.
    var pairs: [(name: String, value: Value)] {
        entries.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
    }

    subscript(key: Bytes) -> Value? { find(key)?.value }

    private static func hash(_ key: Bytes) -> Int {
        var state: UInt32 = 0x811c_9dc5
        for byte in key { state = (state ^ UInt32(byte)) &* 0x0100_0193 }
        return Int((state >> 24) ^ (state & 0xFF))
    }
}
