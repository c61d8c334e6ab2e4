import GRDB
import RelaisTestKit
import Testing

@testable import RelaisLog

@Suite("Pages of search terms")
struct TermPagesTests {
    private static let hashes: [UInt64] = [0, 7, 1 << 63, .max, 0x8000_0000_0000_0001, 42]

    private func database(_ terms: [(hash: UInt64, seq: UInt64)]) throws -> DatabaseQueue {
        let database = try DatabaseQueue()
        try database.writeWithoutTransaction { database in
            var terms = terms.map { TermPages.Term($0.hash, seq: $0.seq) }
            try TermPages.write(database, &terms)
        }
        return database
    }

    @Test("are found whole, newest first, however many pages a term fills", arguments: [0, 1, 239, 240, 241, 3_000])
    func allOfATerm(count: Int) throws {
        var terms: [(hash: UInt64, seq: UInt64)] = []
        for seq in 0..<UInt64(count) {
            for (index, hash) in Self.hashes.enumerated() where seq.isMultiple(of: UInt64(index + 1)) {
                terms.append((hash, seq + 1))
            }
        }
        let database = try database((terms + terms).shuffled())
        func find(_ hash: UInt64, before: UInt64 = .max, limit: Int = .max) throws -> [UInt64] {
            try database.read { try TermPages.find($0, term: hash, before: before, limit: limit) }
        }
        for hash in Self.hashes {
            let expected = terms.filter { $0.hash == hash }.map(\.seq).sorted(by: >)
            #expect(try find(hash) == expected)
            #expect(try find(hash, limit: 5) == Array(expected.prefix(5)))
            for before in [1, 2, UInt64(count / 2), UInt64(count + 1)] {
                #expect(try find(hash, before: before) == expected.filter { $0 < before })
            }
        }
        #expect(try find(8).isEmpty)
    }

    @Test("are few rows")
    func rows() throws {
        let database = try database((1...24_000).map { (hash: $0 &* 0x9E37_79B9_7F4A_7C15, seq: $0) })
        #expect(try database.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM terms") } == 100)
    }
}
