package import RelaisEvent
import Synchronization

extension SegmentedEventLog {
    package func read(
        from seq: UInt64,
        limit: Int,
        maxBytes: Int
    ) throws(LogError) -> (entries: [LogEntry], next: UInt64) {
        try checkOpen()
        let end = end
        var next = seq
        var entries: [LogEntry] = []
        var bytes = 0
        // Stubs count too, so that a long stretch of them is passed in several calls, each of them short.
        while next < end, entries.count < limit, bytes < maxBytes {
            let batches = try store.batches(from: next, below: end, maxBytes: maxBytes)
            guard !batches.isEmpty else { return (entries, end) }
            for batch in batches {
                next = Self.take(from: batch, at: next, limit, maxBytes, &entries, &bytes)
                if next < batch.endSeq { return (entries, next) }
            }
        }
        return (entries, next)
    }

    package func entry(_ seq: UInt64) throws(LogError) -> LogEntry? {
        try checkOpen()
        return try store.batches(from: seq, below: end, maxBytes: 1).first?.entry(seq)
    }

    package func newest(limit: Int) throws(LogError) -> [LogEntry] {
        try checkOpen()
        var entries: [LogEntry] = []
        var before = end
        while entries.count < limit, before > 1 {
            guard let batch = try store.batch(atOrBefore: before - 1) else { break }
            entries.append(contentsOf: batch.entries.reversed().prefix(limit - entries.count))
            before = batch.firstSeq
        }
        return entries
    }

    package func find(_ term: String, limit: Int) throws(LogError) -> [UInt64] {
        try checkOpen()
        let hash = MarksCoding.hash(ofTerm: term)
        var found: [UInt64] = []
        for segment in store.segments.withLock(\.self).reversed() where found.count < limit {
            for seq in try candidates(hash, in: segment) where found.count < limit {
                if try bears(term, seq) { found.append(seq) }
            }
        }
        return found
    }

    func checkOpen() throws(LogError) {
        if store.isClosed.load(ordering: .acquiring) { throw .closed }
    }

    private func candidates(_ hash: UInt64, in segment: SegmentFile) throws(LogError) -> [UInt64] {
        if let index = store.indexes.withLock({ $0.first { $0.segment == segment } }) {
            return index.candidates(term: hash)
        }
        let found = try store.reading(segment) { database in
            try TermPages.find(database, term: hash, limit: FingerprintTable.maximumAlike)
        }
        return found ?? []
    }

    private func bears(_ term: String, _ seq: UInt64) throws(LogError) -> Bool {
        guard let record = try entry(seq)?.record, let event = try? Event(record: record) else { return false }
        return event.string(.eventID) == term || event.string(.transactionID) == term
    }

    /// Takes entries of a batch until a limit is reached; answers where it stopped.
    private static func take(
        from batch: StoredBatch,
        at seq: UInt64,
        _ limit: Int,
        _ maxBytes: Int,
        _ entries: inout [LogEntry],
        _ bytes: inout Int
    ) -> UInt64 {
        var next = max(seq, batch.firstSeq)
        while next < batch.endSeq, entries.count < limit, bytes < maxBytes {
            let entry = batch.entries[Int(next - batch.firstSeq)]
            bytes += entry.record.count
            if !entry.isStub { entries.append(entry) }
            next += 1
        }
        return next
    }
}
