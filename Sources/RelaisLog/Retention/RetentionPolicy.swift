/// How much of the log is kept, and when it is full.
package struct RetentionPolicy: Sendable, Equatable {
    /// What nobody needs any more is kept that long, in microseconds.
    package var keepMicros: Int64
    /// The log's size.
    package var maximumBytes: Int
    /// What the log leaves free on its disk.
    package var minimumFree: Int
    /// The size of a segment, which is what is removed at once.
    package var segmentBytes: Int

    package init(keepMicros: Int64, maximumBytes: Int, minimumFree: Int, segmentBytes: Int) {
        self.keepMicros = keepMicros
        self.maximumBytes = maximumBytes
        self.minimumFree = minimumFree
        self.segmentBytes = segmentBytes
    }

    /// Segments of which a log has at least sixteen, so that shedding one is little; of at most 64 MiB, because a
    /// segment's index is kept in memory until it is sealed.
    package static func segmentBytes(maximumBytes: Int, disk: Int) -> Int {
        min(64 << 20, max(1 << 20, min(maximumBytes, disk) / 16))
    }

    /// With less room than this, what nobody needs is removed before its time, and shedding goes on until there is it.
    package var lowWater: Int { segmentBytes * 2 }
    /// With less room than this, what is still needed is shed.
    package var highWater: Int { segmentBytes }
    /// A log that refused takes events in again with this much room.
    package var resumeRoom: Int { segmentBytes / 4 }

    /// How much the log may still grow; negative when it should be smaller.
    package func room(_ segments: [SegmentFacts], _ disk: DiskSpace?) -> Int {
        let (bytes, walBytes) = segments.reduce((0, 0)) { ($0.0 + $1.bytes, $0.1 + $1.walBytes) }
        return min(maximumBytes - bytes, disk.map { $0.free - minimumFree - walBytes } ?? .max)
    }
}
