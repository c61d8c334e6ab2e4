import GRDB
import RelaisEvent

/// Makes a full segment's search table and marks file, both in bulk and from the marks alone. The marks file comes
/// last: a segment that has one is sealed.
enum SegmentSealing {
    static func seal(_ segment: SegmentFile, connection: DatabaseQueue) throws -> MarksFile {
        let bytes = try connection.writeWithoutTransaction { database -> [UInt8] in
            var marks = MarksFileBuilder()
            let terms = try collect(database, into: &marks)
            try writeSearchTable(database, terms)
            let end = try SegmentRows.end(database, firstSeq: segment.firstSeq)
            try database.checkpoint(.truncate)
            return marks.encoded(firstSeq: segment.firstSeq, endSeq: end)
        }
        try FileSystem.write(bytes, to: segment.marksPath, in: segment.directory)
        return try MarksFile(path: segment.marksPath)
    }

    /// Entries under a search term's hash, newest first.
    static func find(_ database: Database, term: UInt64, limit: Int) throws -> [UInt64] {
        let statement = try database.cachedStatement(
            sql: "SELECT seq FROM search WHERE hash = ? ORDER BY seq DESC LIMIT ?"
        )
        return try Int64.fetchAll(statement, arguments: [Int64(bitPattern: term), limit]).map { UInt64(clamping: $0) }
    }

    private static func collect(_ database: Database, into marks: inout MarksFileBuilder) throws -> [(UInt64, UInt64)] {
        var terms: [(UInt64, UInt64)] = []
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
                    terms.append((term, seq))
                }
            }
        }
        return terms
    }

    private static func writeSearchTable(_ database: Database, _ terms: [(UInt64, UInt64)]) throws {
        let sorted = terms.map { (Int64(bitPattern: $0.0), Int64($0.1)) }.sorted { $0 < $1 }
        try database.inTransaction {
            try database.execute(sql: "DROP TABLE IF EXISTS search")
            try database.execute(
                sql: "CREATE TABLE search (hash INTEGER, seq INTEGER, PRIMARY KEY (hash, seq)) WITHOUT ROWID"
            )
            let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO search (hash, seq) VALUES (?, ?)")
            for (hash, seq) in sorted { try insert.execute(arguments: [hash, seq]) }
            return .commit
        }
    }
}
