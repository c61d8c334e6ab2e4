import GRDB
import Logging
import RelaisEvent
import Synchronization

extension LogStore {
    /// Batches from the one that holds `seq` on, or the next one there is, without gaps but for missing segments;
    /// empty at the end. From memory where possible.
    func batches(from seq: UInt64, below end: UInt64, maxBytes: Int) throws(LogError) -> [StoredBatch] {
        var seq = seq
        while seq < end {
            let recent = recent.withLock { $0.batches(from: seq, maxBytes: maxBytes) }
            if !recent.isEmpty { return recent }
            if let batch = readers.batch(containing: seq) { return [batch] }
            let (segment, next) = segment(holding: seq)
            if let segment {
                let found = try rows(segment, from: seq, below: min(end, next ?? end), maxBytes: maxBytes)
                if !found.isEmpty { return found }
            }
            guard let next, next > seq else { return [] }
            seq = next
        }
        return []
    }

    /// The batch that holds `seq`, or the last one before it.
    func batch(atOrBefore seq: UInt64) throws(LogError) -> StoredBatch? {
        if let batch = recent.withLock({ $0.batch(containing: seq) }) { return batch }
        let candidates = segments.withLock { $0.filter { $0.firstSeq <= seq } }
        for segment in candidates.reversed() {
            let batch = try reading(segment) { database in
                try SegmentRows.batch(database, atOrBefore: seq) { self.noteUnreadable($0, in: segment) }
            }
            if let batch { return batch }
        }
        return nil
    }

    /// Runs a query in a segment. A damaged segment answers nil, and that is said; a failing disk throws.
    func reading<Value>(
        _ segment: SegmentFile,
        _ body: (Database) throws -> Value?
    ) throws(LogError) -> Value? {
        do {
            return try readers.read(segment, body)
        } catch LogOpenError.damaged(let path, let reason) {
            noteDamage(path, reason)
            return nil
        } catch  where SQLiteFile.isDamage(error) {
            noteDamage(segment.path, SQLiteFile.text(error))
            return nil
        } catch {
            throw .unavailable(SQLiteFile.text(error))
        }
    }

    /// The segment whose range `seq` is in, and where the one after it begins.
    private func segment(holding seq: UInt64) -> (segment: SegmentFile?, next: UInt64?) {
        segments.withLock { segments in
            let after = segments.firstIndex { $0.firstSeq > seq } ?? segments.count
            let next = after < segments.count ? segments[after].firstSeq : nil
            return (after > 0 ? segments[after - 1] : nil, next)
        }
    }

    private func rows(
        _ segment: SegmentFile,
        from seq: UInt64,
        below end: UInt64,
        maxBytes: Int
    ) throws(LogError) -> [StoredBatch] {
        let found = try reading(segment) { database in
            try SegmentRows.batches(database, from: seq, below: end, maxBytes: maxBytes) {
                self.noteUnreadable($0, in: segment)
            }
        }
        readers.keep(found ?? [])
        return found ?? []
    }

    private func noteDamage(_ path: String, _ reason: String) {
        logger.error(
            "a segment of the event log is damaged, and what it held is left out",
            metadata: ["path": "\(path)", "reason": "\(reason)"]
        )
    }
}
