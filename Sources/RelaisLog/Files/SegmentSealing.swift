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
                SearchTerms.collect(record) { terms.append((Int64(bitPattern: $0), Int64(clamping: seq))) }
            }
            terms.sort { $0 < $1 }
            try writeSearchTable(database, terms)
            let end = try SegmentRows.end(database, firstSeq: segment.firstSeq)
            try database.checkpoint(.truncate)
            return marks.encoded(firstSeq: segment.firstSeq, endSeq: end)
        }
        try FileSystem.write(bytes, to: segment.marksPath, in: segment.directory)
        return try MarksFile(path: segment.marksPath)
    }

    /// Entries under a search term's hash, newest first.
    static func find(_ database: Database, term: UInt64, before: UInt64 = .max, limit: Int) throws -> [UInt64] {
        let table = try indexesRecords(database) ? "terms" : "search"
        let statement = try database.cachedStatement(
            sql: "SELECT seq FROM \(table) WHERE hash = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
        )
        return try Int64.fetchAll(statement, arguments: [Int64(bitPattern: term), Int64(clamping: before), limit])
            .map { UInt64(clamping: $0) }
    }

    /// Whether the segment's search table holds client ids and identifiers; the first version's, `search`, does not.
    static func indexesRecords(_ database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'terms')"
        )
        return try Bool.fetchOne(statement) ?? false
    }

    /// The terms that the commits store.
    private static func collect(_ database: Database, into marks: inout MarksFileBuilder) throws -> [(Int64, Int64)] {
        var terms: [(Int64, Int64)] = []
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
                    terms.append((Int64(bitPattern: term), Int64(clamping: seq)))
                }
            }
        }
        return terms
    }

    private static func writeSearchTable(_ database: Database, _ sorted: [(Int64, Int64)]) throws {
        try database.inTransaction {
            try database.execute(sql: "DROP TABLE IF EXISTS terms")
            try database.execute(
                sql: "CREATE TABLE terms (hash INTEGER, seq INTEGER, PRIMARY KEY (hash, seq)) WITHOUT ROWID"
            )
            let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO terms (hash, seq) VALUES (?, ?)")
            for (hash, seq) in sorted { try insert.execute(arguments: [hash, seq]) }
            return .commit
        }
    }
}
