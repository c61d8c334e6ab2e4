import RelaisEvent

/// A commit's `data`: `u8 version 1`, then for each entry `u32 length · plan · u32 length · record`, little-endian.
enum EntryCoding {
    static let version: UInt8 = 1

    /// Begins a commit's bytes.
    static func begin(capacity: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        bytes.append(version)
        return bytes
    }

    static func append(plan: Plan, record: [UInt8], to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(littleEndian: UInt32(0))
        plan.append(to: &bytes)
        bytes.write(littleEndian: UInt32(truncatingIfNeeded: bytes.count - start - 4), at: start)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: record.count))
        bytes.append(contentsOf: record)
    }

    /// Reads `count` entries; nil when the bytes are not exactly that.
    static func decode(_ bytes: UnsafeRawBufferPointer, firstSeq: UInt64, count: Int) -> StoredBatch? {
        guard bytes.first == version, count > 0, count <= bytes.count / 8 else { return nil }
        guard firstSeq <= UInt64(Int64.max) - UInt64(count) else { return nil }
        var reader = EntryReader(bytes: bytes, offset: 1)
        var entries: [LogEntry] = []
        entries.reserveCapacity(count)
        for index in 0..<count {
            guard let plan = reader.plan(), let record = reader.bytesWithLength() else { return nil }
            entries.append(LogEntry(seq: firstSeq + UInt64(index), record: Array(record), plan: plan))
        }
        guard reader.offset == bytes.count else { return nil }
        return StoredBatch(firstSeq: firstSeq, entries: entries)
    }

    /// Hands over the records alone, without decoding plans; stops at what cannot be read.
    static func records(
        _ bytes: UnsafeRawBufferPointer,
        firstSeq: UInt64,
        _ body: (_ seq: UInt64, _ record: UnsafeRawBufferPointer) -> Void
    ) {
        guard bytes.first == version else { return }
        var reader = EntryReader(bytes: bytes, offset: 1)
        var seq = firstSeq
        while reader.bytesWithLength() != nil, let record = reader.bytesWithLength() {
            body(seq, record)
            seq += 1
        }
    }
}

private struct EntryReader {
    let bytes: UnsafeRawBufferPointer
    var offset: Int
    private var lastPlan: (encoded: UnsafeRawBufferPointer, plan: Plan)?

    init(bytes: UnsafeRawBufferPointer, offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    mutating func bytesWithLength() -> UnsafeRawBufferPointer? {
        guard let length = bytes.integer(at: offset, as: UInt32.self) else { return nil }
        let start = offset + 4
        guard Int(length) <= bytes.count - start else { return nil }
        offset = start + Int(length)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    /// Neighbours mostly have equal plans: they are decoded once and share their storage.
    mutating func plan() -> Plan? {
        guard let encoded = bytesWithLength() else { return nil }
        if let lastPlan, lastPlan.encoded.elementsEqual(encoded) { return lastPlan.plan }
        guard let plan = Plan(encoded: encoded) else { return nil }
        lastPlan = (encoded, plan)
        return plan
    }
}
