import Foundation
import GRDB

/// What the delivery state need not keep any longer.
package struct StateTrim: Sendable {
    /// Outcomes about entries below it go: without the entry there is no receipt.
    package var firstSeq: UInt64
    /// Dead letters from before go; milliseconds since 1970.
    package var deadBefore: Int64
    /// Dead letters beyond that many go, the oldest first.
    package var maximumDeadLetters: Int

    package init(firstSeq: UInt64, deadBefore: Int64, maximumDeadLetters: Int) {
        self.firstSeq = firstSeq
        self.deadBefore = deadBefore
        self.maximumDeadLetters = maximumDeadLetters
    }
}

/// How much was removed.
package struct StateTrimmed: Sendable, Equatable {
    package var outcomes = 0
    package var deadLetters = 0
}

extension SQLiteDeliveryState {
    /// Removes what is not kept any longer and gives the file's free pages back, in short transactions between which
    /// deliveries commit.
    package func trim(_ trim: StateTrim) throws -> StateTrimmed {
        var trimmed = StateTrimmed()
        while case let count = try database.write({ try StateTrimming.outcomes($0, below: trim.firstSeq) }), count > 0 {
            trimmed.outcomes += count
        }
        while case let count = try database.write({ try StateTrimming.deadLetters($0, trim) }), count > 0 {
            trimmed.deadLetters += count
        }
        while try database.writeWithoutTransaction(StateTrimming.giveBackPages) {}
        return trimmed
    }
}

private enum StateTrimming {
    private static let step = 500
    /// Free pages that are kept for what comes, of 4 KiB each.
    private static let reserve = 1024

    static func outcomes(_ database: Database, below seq: UInt64) throws -> Int {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, max_seq, body FROM outcomes ORDER BY id LIMIT ?",
            arguments: [step]
        )
        let old = rows.prefix { UInt64(clamping: $0[1] as Int64) < seq }
        for row in old { try StateRows.removeOutcome(row[0], body: row[2], database) }
        return old.count
    }

    static func deadLetters(_ database: Database, _ trim: StateTrim) throws -> Int {
        let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM dead_letters") ?? 0
        let beyond = max(0, min(step, count - trim.maximumDeadLetters))
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, at FROM dead_letters ORDER BY id LIMIT ?",
            arguments: [step]
        )
        let old = rows.prefix { ($0[1] as Int64) < trim.deadBefore }.count
        for row in rows.prefix(max(old, beyond)) {
            try database.execute(sql: "DELETE FROM dead_letters WHERE id = ?", arguments: [row[0] as Int64])
        }
        return min(rows.count, max(old, beyond))
    }

    /// False when nothing more is to be given back.
    static func giveBackPages(_ database: Database) throws -> Bool {
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        guard free > reserve else { return false }
        try database.execute(sql: "PRAGMA incremental_vacuum(\(min(step, free - reserve)))")
        return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 < free
    }
}
