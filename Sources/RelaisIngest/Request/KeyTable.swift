/// Looks names up by their bytes, without making strings: an open-addressed table that is built once.
struct KeyTable<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var mark: KeyMark
        /// Index of the entry plus one; 0 for an empty slot.
        var entry = 0
    }

    private let names: [[UInt8]]
    private let values: [Value]
    /// A power of two of them, at most half of them used.
    private let slots: [Slot]

    /// Of a name given twice the first counts.
    init(_ pairs: [(String, Value)]) {
        names = pairs.map { Array($0.0.utf8) }
        values = pairs.map(\.1)
        let empty = Slot(mark: KeyMark(Bytes(start: nil, count: 0)))
        var slots = [Slot](repeating: empty, count: 16)
        while slots.count < names.count * 2 { slots += slots }
        for (index, name) in names.enumerated() {
            let mark = name.withUnsafeBufferPointer { KeyMark($0) }
            var slot = Int(truncatingIfNeeded: mark.hash) & (slots.count - 1)
            while slots[slot].entry != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Slot(mark: mark, entry: index + 1)
        }
        self.slots = slots
    }

    /// The entry of that name and its index.
    func find(_ key: Bytes) -> (index: Int, value: Value)? {
        let mark = KeyMark(key)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: mark.hash) & mask
        while slots[slot].entry != 0 {
            let index = slots[slot].entry - 1
            if slots[slot].mark == mark, mark.isWhole || isName(index, key) { return (index, values[index]) }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// All names, in the order they were given.
    var pairs: [(name: String, value: Value)] {
        zip(names, values).map { (String(decoding: $0, as: UTF8.self), $1) }
    }

    subscript(key: Bytes) -> Value? { find(key)?.value }

    private func isName(_ index: Int, _ key: Bytes) -> Bool {
        names[index].withUnsafeBufferPointer { $0.isEqual(to: key) }
    }
}
