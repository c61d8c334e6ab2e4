internal import Synchronization

/// Token buckets of many senders in a fixed amount of memory (1 MiB): a sender's place follows from its key, and where
/// places are short the bucket that is nearest to full is forgotten, which can only be to a sender's advantage.
final class BucketTable: Sendable {
    private struct Slot {
        var key: UInt64 = 0
        var bucket = TokenBucket()
    }

    private final class Shard: Sendable {
        let slots = Mutex([Slot](repeating: Slot(), count: BucketTable.slotsPerShard))
    }

    private static let shardCount = 64
    private static let slotsPerShard = 1024
    /// Places that a key may take.
    private static let ways = 8

    /// Each with a lock of its own, so that event loops seldom meet.
    private let shards = (0..<shardCount).map { _ in Shard() }

    /// Takes a token of the sender's bucket; nil when there was one, else the nanoseconds until there is one.
    /// `key`: a hash that senders cannot foresee.
    func take(_ key: UInt64, at now: Int64, _ rate: TokenBucket.Rate) -> Int64? {
        let shard = shards[Int(key % UInt64(Self.shardCount))]
        let first = Int(key >> 32) % (Self.slotsPerShard / Self.ways) * Self.ways
        return shard.slots.withLock { slots in
            var place = first
            for candidate in first..<first + Self.ways {
                if slots[candidate].key == key {
                    place = candidate
                    break
                }
                if slots[candidate].bucket.fullAt < slots[place].bucket.fullAt { place = candidate }
            }
            if slots[place].key != key { slots[place] = Slot(key: key) }
            return slots[place].bucket.take(at: now, rate)
        }
    }
}
