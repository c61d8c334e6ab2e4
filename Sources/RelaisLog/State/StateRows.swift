import Foundation
import GRDB
import RelaisEvent

/// The statements that carry out changes.
enum StateRows {
    static func apply(_ change: DeliveryStateChange, _ database: Database) throws {
        switch change {
        case .progress(let destination, let cursor, let completed):
            try run(
                database,
                "INSERT OR REPLACE INTO progress VALUES (?, ?, ?)",
                [destination, Int64(clamping: cursor), encode(completed)]
            )
        case .exception(let destination, let exception):
            try insert(exception, of: destination, database)
        case .exceptionEnded(let destination, let seq):
            try run(
                database,
                "DELETE FROM exceptions WHERE destination = ? AND seq = ?",
                [destination, Int64(clamping: seq)]
            )
        case .pause(let destination, let pause?):
            try run(
                database,
                "INSERT OR REPLACE INTO pauses VALUES (?, ?, ?, ?, ?)",
                [destination, pause.cause.rawValue, pause.until, pause.reason, pause.detail]
            )
        case .pause(let destination, nil):
            try run(database, "DELETE FROM pauses WHERE destination = ?", [destination])
        case .deadLetter(let letter): try insert(letter, database)
        case .deadLetterEnded(let destination, let seq):
            try run(
                database,
                "DELETE FROM dead_letters WHERE destination = ? AND seq = ?",
                [destination, Int64(clamping: seq)]
            )
        case .deadRange(let range): try DeadRangeRows.add(range, database)
        case .deadRangeEnded(let destination, let seqs): try DeadRangeRows.remove(seqs, of: destination, database)
        case .outcome(let outcome): try insert(outcome, database)
        }
    }

    /// Removes the oldest outcomes beyond the number to keep, a few at a time.
    static func prune(_ database: Database, keeping limit: Int, atMost step: Int) throws {
        let statement = try database.cachedStatement(sql: "SELECT MAX(id) FROM outcomes")
        guard let last = try Int64.fetchOne(statement), last > Int64(limit) else { return }
        let outdated = try database.cachedStatement(
            sql: "SELECT id, body FROM outcomes WHERE id <= ? ORDER BY id LIMIT ?"
        )
        for row in try Row.fetchAll(outdated, arguments: [last - Int64(limit), step]) {
            try removeOutcome(row[0], body: row[1], database)
        }
    }

    static func removeOutcome(_ id: Int64, body: Data, _ database: Database) throws {
        for block in blocks(OutcomeCoding.decode(Array(body))) {
            try run(database, "DELETE FROM outcome_blocks WHERE block = ? AND outcome = ?", [block, id])
        }
        try run(database, "DELETE FROM outcomes WHERE id = ?", [id])
    }

    /// The block of entries that `outcome_blocks` knows an entry by.
    static func block(_ seq: UInt64) -> Int64 { Int64(clamping: seq >> 6) }

    // MARK: Ranges

    /// `u64 from · u64 to` each, little-endian.
    static func encode(_ ranges: [Range<UInt64>]) -> Data {
        var bytes: [UInt8] = []
        for range in ranges {
            bytes.append(littleEndian: range.lowerBound)
            bytes.append(littleEndian: range.upperBound)
        }
        return Data(bytes)
    }

    /// The ranges up to the first that is none.
    static func ranges(_ data: Data) -> [Range<UInt64>] {
        data.withUnsafeBytes { bytes in
            var ranges: [Range<UInt64>] = []
            for offset in stride(from: 0, to: bytes.count, by: 16) {
                guard let from = bytes.integer(at: offset, as: UInt64.self),
                    let to = bytes.integer(at: offset + 8, as: UInt64.self), from < to
                else { break }
                ranges.append(from..<to)
            }
            return ranges
        }
    }

    // MARK: Rows

    private static func insert(_ exception: DeliveryException, of destination: String, _ database: Database) throws {
        try run(
            database,
            """
            INSERT OR REPLACE INTO exceptions
                (destination, seq, attempts, not_before, first_attempt, parked_under, reason, detail, is_replay, done)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                destination, Int64(clamping: exception.seq), exception.attempts, exception.notBefore,
                exception.firstAttempt, exception.parkedUnder, exception.reason, exception.detail,
                exception.isReplay, exception.done.joined(separator: " "),
            ]
        )
    }

    private static func insert(_ letter: DeadLetter, _ database: Database) throws {
        try run(
            database,
            """
            INSERT OR REPLACE INTO dead_letters
                (destination, seq, event_id, event_name, at, attempts, reason, detail, record, send_as,
                withholds_user_data)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                letter.destination, Int64(clamping: letter.seq), letter.eventID, letter.eventName, letter.at,
                letter.attempts, letter.reason, letter.detail, Data(letter.record), letter.sendAs,
                WithheldCoding.encode(letter),
            ]
        )
    }

    private static func insert(_ outcome: BatchOutcome, _ database: Database) throws {
        let seqs = outcome.members.map(\.seq)
        try run(
            database,
            "INSERT INTO outcomes (min_seq, max_seq, body) VALUES (?, ?, ?)",
            [
                Int64(clamping: seqs.min() ?? 0), Int64(clamping: seqs.max() ?? 0),
                Data(OutcomeCoding.encode(outcome)),
            ]
        )
        let id = database.lastInsertedRowID
        for block in blocks(outcome) {
            try run(database, "INSERT INTO outcome_blocks VALUES (?, ?)", [block, id])
        }
    }

    private static func blocks(_ outcome: BatchOutcome?) -> Set<Int64> {
        Set((outcome?.members ?? []).map { block($0.seq) })
    }

    private static func run(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
