import GRDB
package import RelaisEvent
import Synchronization

extension SegmentedEventLog {
    package func position(acceptedSince micros: Int64, from seq: UInt64) throws(LogError) -> UInt64 {
        try checkOpen()
        let end = end
        guard seq < end else { return end }
        if let batch = store.recent.withLock({ $0.batch(containing: seq) }), batch.acceptedMicros >= micros {
            return seq
        }
        let segments = store.segments.withLock(\.self)
        let first = segments.lastIndex { $0.firstSeq <= seq } ?? 0
        guard first < segments.count else { return end }
        let young = try firstYoung(segments, from: first + 1, micros)
        if let found = try position(in: segments[young - 1], acceptedSince: micros, from: seq) { return found }
        return young < segments.count ? max(seq, segments[young].firstSeq) : end
    }

    /// The first of the segments from an index on that begins then or later. A damaged one counts as young: nothing is
    /// given up for it.
    private func firstYoung(_ segments: [SegmentFile], from first: Int, _ micros: Int64) throws(LogError) -> Int {
        var (low, high) = (first, segments.count)
        while low < high {
            let middle = (low + high) / 2
            let begin = try store.reading(segments[middle]) { try SegmentRows.commit($0, atOrAfter: 0) }
            if let begin, begin.accepted < micros { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Halves the range of sequence numbers until the commit is found: a commit is one row, and rows are many.
    private func position(
        in segment: SegmentFile,
        acceptedSince micros: Int64,
        from seq: UInt64
    ) throws(LogError) -> UInt64? {
        try store.reading(segment) { database in
            var low = try SegmentRows.firstSeq(database, atOrBefore: seq) ?? seq
            var high = try SegmentRows.end(database, firstSeq: segment.firstSeq)
            var found: UInt64?
            while low < high {
                let middle = low + (high - low) / 2
                if let commit = try SegmentRows.commit(database, atOrAfter: middle), commit.accepted < micros {
                    low = commit.firstSeq + 1
                } else {
                    found = try SegmentRows.commit(database, atOrAfter: middle)?.firstSeq ?? found
                    high = middle
                }
            }
            return found.map { max($0, seq) }
        }
    }
}
