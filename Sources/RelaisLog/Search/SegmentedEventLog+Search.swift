package import RelaisEvent
import Synchronization

extension SegmentedEventLog: SearchableLog {
    package func search(_ search: EventSearch) throws(LogError) -> EventSearchResult {
        try checkOpen()
        var walk = LogWalk(search, end: end)
        let segments = store.segments.withLock(\.self)
        for (index, segment) in segments.enumerated().reversed() where segment.firstSeq < walk.before {
            let ceiling = index + 1 < segments.count ? segments[index + 1].firstSeq : end
            walk.before = min(walk.before, ceiling)
            if let until = search.until, try acceptedMicros(segment.firstSeq) ?? 0 > until + LogWalk.tolerance {
                walk.before = segment.firstSeq
                continue
            }
            while walk.before > segment.firstSeq, !walk.isOver {
                if let candidates = try indexed(search, in: segment, before: walk.before) {
                    try look(at: candidates, from: segment.firstSeq, &walk)
                } else {
                    try look(through: segment.firstSeq, &walk)
                }
            }
            if walk.isOver { break }
            if let since = search.since, try acceptedMicros(segment.firstSeq) ?? .max < since { return walk.ended }
        }
        return walk.result
    }

    // MARK: By index

    /// What an index names; nil when no index knows what is looked for, or not in that segment.
    private func indexed(_ search: EventSearch, in segment: SegmentFile, before: UInt64) throws(LogError) -> Candidates?
    {
        let isSealed = store.indexes.withLock { !$0.contains { $0.segment == segment } }
        if let id = search.id {
            let hash = MarksCoding.hash(ofTerm: id)
            guard isSealed else {
                let index = store.indexes.withLock { $0.first { $0.segment == segment } }
                return index.map { Candidates(seqs: $0.candidates(term: hash).filter { $0 < before }) }
            }
            return try sealed([hash], in: segment, before: before)
        }
        guard isSealed else { return nil }
        if let clientID = search.clientID {
            return try sealed([SearchTerms.hash(ofClientID: clientID)], in: segment, before: before)
        }
        guard !search.identifiers.isEmpty else { return nil }
        let hashes = search.identifiers.map { SearchTerms.hash(ofIdentifier: $0) }
        return try sealed(hashes, in: segment, before: before)
    }

    private func sealed(_ hashes: [UInt64], in segment: SegmentFile, before: UInt64) throws(LogError) -> Candidates? {
        try store.reading(segment) { database in
            let limit = LogWalk.maximumCandidates
            let found = try hashes.map { try TermPages.find(database, term: $0, before: before, limit: limit) }
            let floor = found.filter { $0.count == limit }.compactMap(\.last).max()
            let seqs = Set(found.joined()).filter { $0 >= floor ?? 0 }.sorted(by: >)
            return Candidates(seqs: seqs, floor: floor)
        }
    }

    private func look(at candidates: Candidates, from first: UInt64, _ walk: inout LogWalk) throws(LogError) {
        for seq in candidates.seqs {
            guard let entry = try entry(seq) else { continue }
            walk.take(entry)
            if walk.isOver { return }
        }
        walk.before = candidates.floor ?? first
    }

    // MARK: One by one

    private func look(through first: UInt64, _ walk: inout LogWalk) throws(LogError) {
        while walk.before > first, !walk.isOver {
            let bottom = max(first, walk.before > LogWalk.window ? walk.before - LogWalk.window : 1)
            let upper = walk.before
            for entry in try entries(from: bottom, below: upper).reversed() {
                walk.take(entry)
                if walk.isOver { return }
            }
            walk.before = bottom
            if let since = walk.search.since, try acceptedMicros(bottom) ?? .max < since { return }
        }
    }

    private func entries(from seq: UInt64, below end: UInt64) throws(LogError) -> [LogEntry] {
        var next = seq
        var entries: [LogEntry] = []
        while next < end {
            let batches = try store.batches(from: next, below: end, maxBytes: 4 << 20)
            guard let last = batches.last, last.endSeq > next else { break }
            for batch in batches { entries += batch.entries.filter { $0.seq >= next && $0.seq < end } }
            next = last.endSeq
        }
        return entries
    }

    /// When the commit that holds an entry, or the last one before it, was made. An entry is committed after it was received.
    private func acceptedMicros(_ seq: UInt64) throws(LogError) -> Int64? {
        if let batch = store.recent.withLock({ $0.batch(containing: seq) }), batch.acceptedMicros > 0 {
            return batch.acceptedMicros
        }
        guard let segment = store.segments.withLock({ $0.last { $0.firstSeq <= seq } }) else { return nil }
        return try store.reading(segment) { try SegmentRows.acceptedMicros($0, of: seq) }
    }
}

/// Entries that an index names, newest first.
private struct Candidates {
    var seqs: [UInt64]
    /// There are more below it; nil: these are all.
    var floor: UInt64?
}

/// A search on its way down through the log.
private struct LogWalk {
    static let window: UInt64 = 1024
    /// Entries that an index is asked for at a time.
    static let maximumCandidates = 1000
    /// Microseconds that an entry may have waited for its commit.
    static let tolerance: Int64 = 60_000_000

    let search: EventSearch
    /// Everything from here on has been looked at.
    var before: UInt64
    private var entries: [LogEntry] = []
    private var looked = 0

    init(_ search: EventSearch, end: UInt64) {
        self.search = search
        before = min(search.before ?? end, end)
    }

    var isOver: Bool { entries.count >= search.limit || looked >= search.effort }

    mutating func take(_ entry: LogEntry) {
        looked += 1
        before = entry.seq
        if search.matches(entry.record) { entries.append(entry) }
    }

    /// Nothing older can be found.
    var ended: EventSearchResult { EventSearchResult(entries: entries, next: nil) }
    var result: EventSearchResult { EventSearchResult(entries: entries, next: isOver && before > 1 ? before : nil) }
}
