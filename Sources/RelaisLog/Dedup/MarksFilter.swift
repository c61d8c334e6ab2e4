import RelaisEvent

/// Says for sure that an identity is not in a marks file, and mostly whether it is: two bytes of memory a mark, so that
/// looking for what is new, the rule, touches no page of the file.
///
/// A Bloom filter whose bits for one key lie in one word. Fingerprints are spread evenly as they are; the half of `low`
/// that may tell an owner is left out, so that a key is found whoever its event belongs to.
struct MarksFilter: Sendable {
    private var words: [UInt64]

    /// `capacity`: how many marks there will be.
    init(capacity: Int) { words = [UInt64](repeating: 0, count: max(1, capacity / 4)) }

    mutating func insert(high: UInt64, low: UInt64) { words[index(high)] |= Self.bits(low) }

    func mayContain(_ key: IdentityKey) -> Bool {
        let bits = Self.bits(key.low)
        return words[index(key.high)] & bits == bits
    }

    private func index(_ high: UInt64) -> Int { Int(high.multipliedFullWidth(by: UInt64(words.count)).high) }

    private static func bits(_ low: UInt64) -> UInt64 {
        1 << (low >> 32 & 63) | 1 << (low >> 38 & 63) | 1 << (low >> 44 & 63) | 1 << (low >> 50 & 63)
    }
}
