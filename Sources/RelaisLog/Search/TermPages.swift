import Foundation
import GRDB
import RelaisEvent

/// A sealed segment's search terms: pairs of a term's hash and the entry that bears it, sorted, a page of them in each row
/// of the table `terms`. A row for each pair would cost more than all else that sealing does.
enum TermPages {
    struct Term: Comparable {
        /// In SQLite's order of integers.
        var hash: Int64
        var seq: Int64

        init(_ hash: UInt64, seq: UInt64) {
            self.hash = Int64(bitPattern: hash)
            self.seq = Int64(clamping: seq)
        }

        fileprivate init?(_ page: UnsafeRawBufferPointer, at index: Int) {
            guard let hash = page.integer(at: index * TermPages.termSize, as: Int64.self),
                let seq = page.integer(at: index * TermPages.termSize + 8, as: Int64.self)
            else { return nil }
            self.hash = hash
            self.seq = seq
        }

        static func < (lhs: Term, rhs: Term) -> Bool { (lhs.hash, lhs.seq) < (rhs.hash, rhs.seq) }
    }

    fileprivate static let termSize = 16
    /// So many that a row fills a page of the database.
    private static let termsPerPage = 240

    /// Makes the table; sorts the terms for it.
    static func write(_ database: Database, _ terms: inout [Term]) throws {
        terms.sort()
        try database.inTransaction {
            try database.execute(sql: "DROP TABLE IF EXISTS terms")
            try database.execute(
                sql: "CREATE TABLE terms (hash INTEGER, seq INTEGER, page BLOB NOT NULL, PRIMARY KEY (hash, seq))"
            )
            let insert = try database.makeStatement(sql: "INSERT INTO terms (hash, seq, page) VALUES (?, ?, ?)")
            var start = 0
            while start < terms.count {
                let first = terms[start]
                let (page, next) = page(of: terms, from: start)
                try insert.execute(arguments: [first.hash, first.seq, page])
                start = next
            }
            return .commit
        }
    }

    /// Entries under a term's hash, newest first.
    static func find(_ database: Database, term: UInt64, before: UInt64 = .max, limit: Int) throws -> [UInt64] {
        let end = Term(term, seq: before)
        let statement = try database.cachedStatement(
            sql: "SELECT page FROM terms WHERE (hash, seq) < (?, ?) ORDER BY hash DESC, seq DESC"
        )
        let rows = try Row.fetchCursor(statement, arguments: [end.hash, end.seq])
        var found: [UInt64] = []
        while let row = try rows.next() {
            let isLast = try row.withUnsafeData(atIndex: 0) { page in
                (page ?? Data()).withUnsafeBytes { collect($0, before: end, limit, &found) }
            }
            if isLast { break }
        }
        return found
    }

    /// A page of terms, each once, and where the next one begins.
    private static func page(of terms: [Term], from start: Int) -> (page: Data, next: Int) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(termsPerPage * termSize)
        var at = start
        while at < terms.count {
            if at == start || terms[at] != terms[at - 1] {
                guard bytes.count < termsPerPage * termSize else { break }
                bytes.append(littleEndian: terms[at].hash)
                bytes.append(littleEndian: terms[at].seq)
            }
            at += 1
        }
        return (Data(bytes), at)
    }

    /// Goes through a page from its end; true when no page before it can have more.
    private static func collect(
        _ page: UnsafeRawBufferPointer,
        before end: Term,
        _ limit: Int,
        _ found: inout [UInt64]
    ) -> Bool {
        for index in stride(from: page.count / termSize - 1, through: 0, by: -1) {
            guard let term = Term(page, at: index), term < end else { continue }
            guard term.hash == end.hash, found.count < limit else { return true }
            found.append(UInt64(clamping: term.seq))
        }
        return false
    }
}
