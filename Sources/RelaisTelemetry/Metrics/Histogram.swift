/// Counts values in fixed buckets: two relaxed atomic additions for each.
package final class Histogram: Sendable {
    /// What a histogram holds at one moment.
    package struct Reading: Sendable, Equatable {
        /// Per bucket, not cumulative; the last is of what is larger than every bound.
        package var counts: [UInt64]
        /// In the small unit.
        package var sum: UInt64

        package var count: UInt64 { counts.reduce(0, &+) }
    }

    let buckets: HistogramBuckets
    private let cells: ShardedCells

    init(_ buckets: HistogramBuckets, shards: Int) {
        self.buckets = buckets
        cells = ShardedCells(count: buckets.bounds.count + 2, shards: shards)
    }

    /// `value`: in the small unit of the buckets, for instance microseconds.
    package func record(_ value: UInt64, shard: Int = 0) {
        cells.add(1, to: buckets.index(of: value), shard: shard)
        cells.add(value, to: buckets.bounds.count + 1, shard: shard)
    }

    package var reading: Reading {
        Reading(
            counts: (0...buckets.bounds.count).map(cells.sum(of:)),
            sum: cells.sum(of: buckets.bounds.count + 1)
        )
    }
}
