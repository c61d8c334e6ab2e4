import RelaisEvent

/// The commits made last, without gaps, bounded by what they take in memory.
struct RecentBatches: Sendable {
    private let maximumCost: Int
    /// Those before `head` are gone.
    private var batches: [StoredBatch?] = []
    private var head = 0
    private var cost = 0

    init(maximumCost: Int) { self.maximumCost = maximumCost }

    mutating func append(_ batch: StoredBatch) {
        batches.append(batch)
        cost += batch.cost
        while cost > maximumCost, head < batches.count - 1 {
            cost -= batches[head]?.cost ?? 0
            batches[head] = nil
            head += 1
        }
        // Moving the rest down at every removal would cost more than the commits themselves when they are small.
        if head >= 256 {
            batches.removeFirst(head)
            head = 0
        }
    }

    /// The batch that holds an entry.
    func batch(containing seq: UInt64) -> StoredBatch? {
        guard let index = index(containing: seq) else { return nil }
        return batches[index]
    }

    /// Batches from the one that holds `seq` on, until about `maxBytes`; empty when it is not here.
    func batches(from seq: UInt64, maxBytes: Int) -> [StoredBatch] {
        guard let start = index(containing: seq) else { return [] }
        var end = start
        var bytes = 0
        while end < batches.count, bytes < maxBytes {
            bytes += batches[end]?.cost ?? 0
            end += 1
        }
        return batches[start..<end].compactMap(\.self)
    }

    private func index(containing seq: UInt64) -> Int? {
        guard head < batches.count, let first = batches[head], seq >= first.firstSeq else { return nil }
        var (low, high) = (head, batches.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if let batch = batches[middle], batch.firstSeq <= seq { low = middle } else { high = middle - 1 }
        }
        return batches[low]?.contains(seq) == true ? low : nil
    }
}
