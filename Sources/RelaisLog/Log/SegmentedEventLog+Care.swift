package import RelaisEvent
import Synchronization

/// What an operator wants to know of the log.
package struct LogStatistics: Sendable, Equatable {
    package var segments: Int
    /// Bytes on disk.
    package var bytes: Int
    /// Why it cannot be written at present.
    package var failure: String?
    /// Entries that could not be read back.
    package var unreadable: UInt64
    /// Marks that deduplication left out because of its cap.
    package var droppedMarks: UInt64
}

extension SegmentedEventLog {
    package var statistics: LogStatistics {
        let segments = store.segments.withLock(\.self)
        return LogStatistics(
            segments: segments.count,
            bytes: segments.reduce(0) { $0 + $1.size },
            failure: store.failure.withLock(\.self),
            unreadable: store.unreadable.load(ordering: .relaxed),
            droppedMarks: store.droppedMarks.load(ordering: .relaxed)
        )
    }

    /// Removes the segments whose entries are all below `seq`; never the one that is written, nor one that is not
    /// sealed yet. Their marks stay as long as deduplication looks for them. Returns how many were removed.
    @discardableResult
    package func trim(before seq: UInt64) throws(LogError) -> Int {
        try checkOpen()
        let unsealed = store.indexes.withLock { $0.map(\.segment) }
        let removed = store.segments.withLock { segments -> [SegmentFile] in
            var count = 0
            while count + 1 < segments.count, segments[count + 1].firstSeq <= seq, !unsealed.contains(segments[count]) {
                count += 1
            }
            defer { segments.removeFirst(count) }
            return Array(segments[..<count])
        }
        for segment in removed {
            store.readers.forget(segment)
            do {
                try segment.remove()
            } catch {
                throw .unavailable(error.description)
            }
        }
        removeExpiredMarks()
        return removed.count
    }

    /// Removes marks files that nothing looks for any more and whose segment is gone.
    private func removeExpiredMarks() {
        store.add([])
        let used = Set(
            store.sealedMarks.withLock { $0.map(\.firstSeq) } + store.segments.withLock { $0.map(\.firstSeq) }
        )
        for name in (try? FileSystem.names(in: store.directory)) ?? [] {
            guard let seq = SegmentFile.firstSeq(of: name, suffix: "marks"), !used.contains(seq) else { continue }
            FileSystem.remove("\(store.directory)/\(name)")
        }
    }
}
