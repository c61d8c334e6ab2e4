import GRDB
import RelaisEvent
import Synchronization

/// The memory index of a segment that is not sealed: its marks and search terms.
///
/// Marks are used by the log's writer alone; terms by everybody.
final class SegmentIndex: @unchecked Sendable {
    let segment: SegmentFile
    private var marks: FingerprintTable
    private let terms: Mutex<FingerprintTable>

    init(_ segment: SegmentFile) {
        self.segment = segment
        marks = FingerprintTable(base: segment.firstSeq)
        terms = Mutex(FingerprintTable(base: segment.firstSeq))
    }

    /// Takes in the marks of commits on disk, from `seq` on. On the writer's thread.
    func load(_ database: Database, from seq: UInt64) throws {
        try SegmentRows.marks(database, from: seq) { firstSeq, count, _, bytes in
            terms.withLock { terms in add(firstSeq: firstSeq, count: count, bytes, to: &terms) }
        }
    }

    /// Takes in a commit's marks. On the writer's thread.
    func add(firstSeq: UInt64, count: Int, marks bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            terms.withLock { terms in add(firstSeq: firstSeq, count: count, bytes, to: &terms) }
        }
    }

    /// The entries under an identity's fingerprint, newest first: still to be verified. On the writer's thread.
    func candidates(_ key: IdentityKey) -> [UInt64] { marks.all(key.high) }

    /// Entries under a search term's hash, newest first: still to be verified.
    func candidates(term: UInt64) -> [UInt64] { terms.withLock { $0.all(term) } }

    private func add(
        firstSeq: UInt64,
        count: Int,
        _ bytes: UnsafeRawBufferPointer,
        to terms: inout FingerprintTable
    ) {
        guard var reader = MarksReader(bytes) else { return }
        var seq = firstSeq
        while seq < firstSeq &+ UInt64(clamping: count), let entry = reader.next() {
            for _ in 0..<entry.identities {
                guard let key = reader.identity() else { return }
                if key.owner == .unknown {
                    marks.set(key.high, to: seq)
                } else {
                    marks.add(key.high, seq, limit: IdentityMatch.maximumAlike)
                }
            }
            for _ in 0..<entry.terms {
                guard let term = reader.term() else { return }
                terms.add(term, seq)
            }
            seq += 1
        }
    }
}

extension MarksReader {
    /// The mark of an entry of the commit that has the identity's parts.
    static func mark(
        _ bytes: UnsafeRawBufferPointer,
        firstSeq: UInt64,
        seq: UInt64,
        acceptedMicros: Int64,
        key: IdentityKey
    ) -> FoundMark? {
        guard seq >= firstSeq, var reader = MarksReader(bytes) else { return nil }
        for _ in firstSeq..<seq {
            guard let entry = reader.next() else { return nil }
            reader.skip(entry)
        }
        guard let entry = reader.next() else { return nil }
        for _ in 0..<entry.identities {
            guard let mark = reader.identity() else { return nil }
            guard mark.hasParts(of: key) else { continue }
            let copy = EarlierCopy(seq: seq, acceptedMicros: acceptedMicros, had: reader.sets[entry.set])
            return FoundMark(key: mark, copy: copy)
        }
        return nil
    }
}
