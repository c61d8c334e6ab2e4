/// A compact map from 64-bit fingerprints to entries of one segment: open addressing, 12 bytes a slot. Slots are chosen
/// with a secret of the process, so that a sender cannot make fingerprints that crowd together.
struct FingerprintTable: Sendable {
    /// Entries kept of one search term: the newest.
    static let maximumAlike = 32

    private let base: UInt64
    private let multiplier: UInt64
    private var keys: [UInt64]
    /// Offset from `base` plus one; 0: the slot is free.
    private var values: [UInt32]
    private var shift: UInt64
    private(set) var count = 0

    /// `base`: the segment's first sequence number.
    init(base: UInt64, secret: UInt64 = .random(in: .min ... .max)) {
        self.base = base
        multiplier = secret | 1
        keys = [UInt64](repeating: 0, count: 1024)
        values = [UInt32](repeating: 0, count: 1024)
        shift = 64 - 10
    }

    /// Makes room for that many more at once.
    mutating func reserve(_ additional: Int) {
        var capacity = keys.count
        while (count + additional) * 10 >= capacity * 7 { capacity *= 2 }
        if capacity > keys.count { resize(to: capacity) }
    }

    /// Points a fingerprint to an entry, instead of the one it pointed to.
    mutating func set(_ key: UInt64, to seq: UInt64) {
        guard let value = value(for: seq) else { return }
        grow()
        var slot = start(key)
        while values[slot] != 0 {
            if keys[slot] == key {
                values[slot] = value
                return
            }
            slot = (slot + 1) & (keys.count - 1)
        }
        occupy(slot, key, value)
    }

    /// Adds an entry to those of a fingerprint; beyond `limit` of them the oldest gives way.
    mutating func add(_ key: UInt64, _ seq: UInt64, limit: Int = maximumAlike) {
        guard let value = value(for: seq) else { return }
        grow()
        var slot = start(key)
        var alike = 0
        var oldest = slot
        while values[slot] != 0 {
            if keys[slot] == key {
                if alike == 0 || values[slot] < values[oldest] { oldest = slot }
                alike += 1
                if alike == limit { break }
            }
            slot = (slot + 1) & (keys.count - 1)
        }
        if alike == limit {
            values[oldest] = value
        } else {
            occupy(slot, key, value)
        }
    }

    /// The entries of a fingerprint, newest first.
    func all(_ key: UInt64) -> [UInt64] {
        var found: [UInt64] = []
        var slot = start(key)
        while values[slot] != 0 {
            if keys[slot] == key { found.append(base + UInt64(values[slot]) - 1) }
            slot = (slot + 1) & (keys.count - 1)
        }
        return found.count > 1 ? found.sorted(by: >) : found
    }

    private func start(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* multiplier) >> shift) }

    private func value(for seq: UInt64) -> UInt32? {
        guard seq >= base, seq - base < UInt64(UInt32.max) else { return nil }
        return UInt32(seq - base) + 1
    }

    private mutating func occupy(_ slot: Int, _ key: UInt64, _ value: UInt32) {
        keys[slot] = key
        values[slot] = value
        count += 1
    }

    private mutating func grow() {
        if count * 10 >= keys.count * 7 { resize(to: keys.count * 2) }
    }

    private mutating func resize(to capacity: Int) {
        let oldKeys = keys
        let oldValues = values
        keys = [UInt64](repeating: 0, count: capacity)
        values = [UInt32](repeating: 0, count: capacity)
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        for index in oldKeys.indices where oldValues[index] != 0 {
            var slot = start(oldKeys[index])
            while values[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            keys[slot] = oldKeys[index]
            values[slot] = oldValues[index]
        }
    }
}
