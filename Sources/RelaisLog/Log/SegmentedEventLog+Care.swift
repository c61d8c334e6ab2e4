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
            failure: store.room.withLock(\.failure),
            unreadable: store.unreadable.load(ordering: .relaxed),
            droppedMarks: store.droppedMarks.load(ordering: .relaxed)
        )
    }

    package var refusal: String? { store.room.withLock(\.refusal) }

    /// Says how many bytes the log may still grow by, whether it will be more in a moment, and why no more. Without this it
    /// grows as long as the disk lets it.
    package func allow(_ bytes: Int, isGrowing: Bool = false, reason: String) {
        store.allow(bytes, isGrowing: isGrowing, reason: reason)
    }

    /// Calls back, on the log's thread, when a commit found no room.
    package func onRoomWanted(_ body: @escaping @Sendable () -> Void) { store.roomWanted.withLock { $0 = body } }

    /// Has the writer find out whether the disk takes again what it refused; at once when it refused nothing.
    package func probe() {
        guard store.room.withLock({ $0.failure != nil }) else { return }
        queue.wantProbe()
    }

    /// The segments there are, ascending.
    package func segmentFacts() throws(LogError) -> [SegmentFacts] {
        try checkOpen()
        let segments = store.segments.withLock(\.self)
        let unsealed = Set(store.indexes.withLock { $0.map(\.segment.firstSeq) })
        var facts: [SegmentFacts] = []
        for (index, segment) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1].firstSeq : end
            if unsealed.contains(segment.firstSeq) {
                facts.append(
                    SegmentFacts(
                        firstSeq: segment.firstSeq,
                        endSeq: next,
                        bytes: segment.size,
                        walBytes: FileSystem.size(segment.path + "-wal"),
                        newestMicros: .max,
                        isSealed: false
                    )
                )
            } else {
                facts.append(try sealedFacts(of: segment, next: next))
            }
        }
        return facts
    }

    /// Removes sealed segments; never the one that is written, nor one that is not sealed yet. Their marks stay as long as
    /// deduplication looks for them. Returns how many were removed.
    @discardableResult
    package func remove(segments firstSeqs: [UInt64]) throws(LogError) -> Int {
        try checkOpen()
        let wanted = Set(firstSeqs).subtracting(store.indexes.withLock { $0.map(\.segment.firstSeq) })
        let removed = store.segments.withLock { segments -> [SegmentFile] in
            let last = segments.last
            let removed = segments.filter { wanted.contains($0.firstSeq) && $0 != last }
            segments.removeAll(where: removed.contains)
            return removed
        }
        for segment in removed {
            store.readers.forget(segment)
            store.sealedFacts.withLock { $0[segment.firstSeq] = nil }
            do {
                try segment.remove()
            } catch {
                throw .unavailable(error.description)
            }
        }
        removeExpiredMarks()
        return removed.count
    }

    /// Of a damaged segment the age is that of its file.
    private func sealedFacts(of segment: SegmentFile, next: UInt64) throws(LogError) -> SegmentFacts {
        if let known = store.sealedFacts.withLock({ $0[segment.firstSeq] }) { return known }
        let read = try store.reading(segment) { database in
            (end: try SegmentRows.end(database, firstSeq: segment.firstSeq), newest: try SegmentRows.newest(database))
        }
        let facts = SegmentFacts(
            firstSeq: segment.firstSeq,
            endSeq: read?.end ?? next,
            bytes: segment.size,
            newestMicros: read?.newest ?? FileSystem.modificationMicros(segment.path),
            isSealed: true
        )
        store.sealedFacts.withLock { $0[segment.firstSeq] = facts }
        return facts
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
