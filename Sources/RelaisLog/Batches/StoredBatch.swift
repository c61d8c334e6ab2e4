import RelaisEvent

/// The entries of one commit, decoded once and shared by all that read them.
final class StoredBatch: Sendable {
    let firstSeq: UInt64
    /// Consecutive, from `firstSeq` on.
    let entries: [LogEntry]
    /// Microseconds since 1970; 0 where the batch was read back.
    let acceptedMicros: Int64
    /// `MarksCoding`; empty where the batch was read back.
    let marks: [UInt8]
    /// About what it takes in memory.
    let cost: Int

    init(firstSeq: UInt64, entries: [LogEntry], acceptedMicros: Int64 = 0, marks: [UInt8] = []) {
        self.firstSeq = firstSeq
        self.entries = entries
        self.acceptedMicros = acceptedMicros
        self.marks = marks
        cost = entries.reduce(128 + marks.count) { $0 + Self.cost(of: $1) }
    }

    var endSeq: UInt64 { firstSeq + UInt64(entries.count) }

    func contains(_ seq: UInt64) -> Bool { seq >= firstSeq && seq < endSeq }

    func entry(_ seq: UInt64) -> LogEntry? {
        contains(seq) ? entries[Int(seq - firstSeq)] : nil
    }

    private static func cost(of entry: LogEntry) -> Int {
        entry.record.count + 128 + entry.plan.decisions.count * 128 + entry.plan.browserRequests.count * 512
    }
}

extension LogEntry {
    /// The record's flag for entries that nobody may have.
    var isStub: Bool { StubFlag.isSet(in: record) }
}

/// Reads one flag of a record without decoding it (see `RecordFormat`: the flags are at byte 12).
enum StubFlag {
    static func isSet(in record: [UInt8]) -> Bool {
        guard let flags = record.withUnsafeBytes({ $0.integer(at: 12, as: UInt32.self) }) else { return false }
        return Event.Flags(rawValue: flags).contains(.stub)
    }
}
