import GRDB
import RelaisEvent

/// Makes a full segment's marks file, from the marks alone, and its search table, from the marks and the records; both in
/// bulk. The marks file comes last: a segment that has one is sealed.
enum SegmentSealing {
    static func seal(_ segment: SegmentFile, connection: DatabaseQueue) throws -> MarksFile {
        let bytes = try connection.writeWithoutTransaction { database -> [UInt8] in
            var marks = MarksFileBuilder()
            var terms = try collect(database, into: &marks)
            try SegmentRows.records(database) { seq, record in
                SearchTerms.collect(record) { terms.append(TermPages.Term($0, seq: seq)) }
            }
            try TermPages.write(database, &terms)
            let end = try SegmentRows.end(database, firstSeq: segment.firstSeq)
            try database.checkpoint(.truncate)
            return marks.encoded(firstSeq: segment.firstSeq, endSeq: end)
        }
        try FileSystem.write(bytes, to: segment.marksPath, in: segment.directory)
        return try MarksFile(path: segment.marksPath)
    }

    /// The terms that the commits store.
    private static func collect(_ database: Database, into marks: inout MarksFileBuilder) throws -> [TermPages.Term] {
        var terms: [TermPages.Term] = []
        try SegmentRows.marks(database, from: 0) { firstSeq, count, acceptedMicros, bytes in
            guard var reader = MarksReader(bytes) else { return }
            let sets = (0..<reader.sets.count).map { marks.index(of: reader.sets[UInt16($0)]) }
            for seq in firstSeq..<firstSeq &+ UInt64(clamping: count) {
                guard let entry = reader.next() else { return }
                for _ in 0..<entry.identities {
                    guard let key = reader.identity() else { return }
                    marks.append(key, seq: seq, acceptedMicros: acceptedMicros, set: sets[Int(entry.set)])
                }
                for _ in 0..<entry.terms {
                    guard let term = reader.term() else { return }
                    terms.append(TermPages.Term(term, seq: seq))
                }
            }
        }
        return terms
    }
}
