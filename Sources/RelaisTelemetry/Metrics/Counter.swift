/// A number that only grows. Adding to it is one relaxed atomic addition: no lock, no look-up, no allocation.
package final class Counter: Sendable {
    private let cells: ShardedCells

    init(shards: Int) { cells = ShardedCells(count: 1, shards: shards) }

    /// `shard`: of the thread that counts, where several do so often.
    package func add(_ count: Int = 1, shard: Int = 0) {
        cells.add(UInt64(truncatingIfNeeded: max(0, count)), to: 0, shard: shard)
    }

    package var value: UInt64 { cells.sum(of: 0) }
}
