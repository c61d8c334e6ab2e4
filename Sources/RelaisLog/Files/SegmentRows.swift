import Foundation
import GRDB
import RelaisEvent

/// The rows of a segment, read and written.
enum SegmentRows {
    static func insert(
        _ database: Database,
        firstSeq: UInt64,
        count: Int,
        acceptedMicros: Int64,
        marks: [UInt8],
        data: [UInt8]
    ) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO commits (first_seq, count, accepted, marks, data) VALUES (?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [Int64(firstSeq), count, acceptedMicros, Data(marks), Data(data)])
    }

    /// Commits that many bytes, and takes them back.
    static func probe(_ database: Database, bytes: Int) throws {
        try database.execute(sql: "CREATE TABLE IF NOT EXISTS probe (data BLOB NOT NULL)")
        try database.execute(sql: "INSERT INTO probe VALUES (zeroblob(?))", arguments: [bytes])
        try database.execute(sql: "DELETE FROM probe")
    }

    /// The first commit from `seq` on: its first entry, and when it was accepted.
    static func commit(_ database: Database, atOrAfter seq: UInt64) throws -> (firstSeq: UInt64, accepted: Int64)? {
        let statement = try database.cachedStatement(
            sql: "SELECT first_seq, accepted FROM commits WHERE first_seq >= ? ORDER BY first_seq LIMIT 1"
        )
        return try Row.fetchOne(statement, arguments: [Int64(clamping: seq)]).map {
            (UInt64(clamping: $0[0] as Int64), $0[1] as Int64)
        }
    }

    /// The first entry of the commit that holds `seq`, or of the last before it.
    static func firstSeq(_ database: Database, atOrBefore seq: UInt64) throws -> UInt64? {
        let statement = try database.cachedStatement(
            sql: "SELECT first_seq FROM commits WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1"
        )
        return try Int64.fetchOne(statement, arguments: [Int64(clamping: seq)]).map { UInt64(clamping: $0) }
    }

    /// When the last commit was accepted.
    static func newest(_ database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT accepted FROM commits ORDER BY first_seq DESC LIMIT 1"
        )
        return try Int64.fetchOne(statement)
    }

    /// One past the last entry; `firstSeq` when there is none.
    static func end(_ database: Database, firstSeq: UInt64) throws -> UInt64 {
        let statement = try database.cachedStatement(
            sql: "SELECT first_seq + count FROM commits ORDER BY first_seq DESC LIMIT 1"
        )
        return try Int64.fetchOne(statement).map { UInt64($0) } ?? firstSeq
    }

    /// Batches from the one that holds `seq` on (or the next, when none does), until about `maxBytes`. Rows that cannot
    /// be read are left out and handed to `unreadable`.
    static func batches(
        _ database: Database,
        from seq: UInt64,
        below end: UInt64,
        maxBytes: Int,
        unreadable: (Range<UInt64>) -> Void
    ) throws -> [StoredBatch] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT first_seq, count, data FROM commits WHERE first_seq < ? AND first_seq >=
                    COALESCE((SELECT MAX(first_seq) FROM commits WHERE first_seq <= ?), 0)
                ORDER BY first_seq
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [Int64(end), Int64(seq)])
        var batches: [StoredBatch] = []
        var bytes = 0
        while bytes < maxBytes, let row = try rows.next() {
            guard let batch = try decode(row, unreadable) else { continue }
            guard batch.endSeq > seq else { continue }
            bytes += batch.cost
            batches.append(batch)
        }
        return batches
    }

    /// The batch that holds `seq`, or the last before it.
    static func batch(
        _ database: Database,
        atOrBefore seq: UInt64,
        unreadable: (Range<UInt64>) -> Void
    ) throws -> StoredBatch? {
        let statement = try database.cachedStatement(
            sql: "SELECT first_seq, count, data FROM commits WHERE first_seq <= ? ORDER BY first_seq DESC"
        )
        let rows = try Row.fetchCursor(statement, arguments: [Int64(seq)])
        while let row = try rows.next() {
            if let batch = try decode(row, unreadable) { return batch }
        }
        return nil
    }

    /// Hands over all marks from `seq` on, commit by commit, without reading the records.
    static func marks(
        _ database: Database,
        from seq: UInt64,
        _ body: (_ firstSeq: UInt64, _ count: Int, _ acceptedMicros: Int64, _ marks: UnsafeRawBufferPointer) throws ->
            Void
    ) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT first_seq, count, accepted, marks FROM commits WHERE first_seq >= ? ORDER BY first_seq"
        )
        let rows = try Row.fetchCursor(statement, arguments: [Int64(seq)])
        while let row = try rows.next() {
            try pass(row, to: body)
        }
    }

    /// Hands over all records, commit by commit.
    static func records(
        _ database: Database,
        _ body: (_ seq: UInt64, _ record: UnsafeRawBufferPointer) -> Void
    ) throws {
        let statement = try database.cachedStatement(sql: "SELECT first_seq, data FROM commits ORDER BY first_seq")
        let rows = try Row.fetchCursor(statement)
        while let row = try rows.next() {
            let firstSeq = UInt64(clamping: row[0] as Int64)
            try row.withUnsafeData(atIndex: 1) { data in
                (data ?? Data()).withUnsafeBytes { EntryCoding.records($0, firstSeq: firstSeq, body) }
            }
        }
    }

    /// When the commit that holds `seq`, or the last one before it, was made: microseconds since 1970.
    static func acceptedMicros(_ database: Database, of seq: UInt64) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: "SELECT accepted FROM commits WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1"
        )
        return try Int64.fetchOne(statement, arguments: [Int64(clamping: seq)])
    }

    /// Hands over the marks of the commit that holds `seq`.
    static func marks(
        _ database: Database,
        of seq: UInt64,
        _ body: (_ firstSeq: UInt64, _ count: Int, _ acceptedMicros: Int64, _ marks: UnsafeRawBufferPointer) throws ->
            Void
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                SELECT first_seq, count, accepted, marks FROM commits WHERE first_seq <= ?
                ORDER BY first_seq DESC LIMIT 1
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [Int64(seq)])
        if let row = try rows.next() { try pass(row, to: body) }
    }

    private static func pass(
        _ row: Row,
        to body: (UInt64, Int, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let firstSeq: Int64 = row[0]
        let count: Int = row[1]
        let accepted: Int64 = row[2]
        try row.withUnsafeData(atIndex: 3) { data in
            try (data ?? Data()).withUnsafeBytes { try body(UInt64(clamping: firstSeq), count, accepted, $0) }
        }
    }

    private static func decode(_ row: Row, _ unreadable: (Range<UInt64>) -> Void) throws -> StoredBatch? {
        let firstSeq = UInt64(clamping: row[0] as Int64)
        let count: Int = row[1]
        let batch = try row.withUnsafeData(atIndex: 2) { data in
            (data ?? Data()).withUnsafeBytes { EntryCoding.decode($0, firstSeq: firstSeq, count: count) }
        }
        if batch == nil { unreadable(firstSeq..<firstSeq &+ UInt64(clamping: max(1, count))) }
        return batch
    }
}
