import Foundation
import GRDB
package import RelaisEvent

extension SQLiteDeliveryState {
    package func deadLetters(destination: String?, limit: Int) throws -> [DeadLetter] {
        try reader.unsafeRead { database in
            guard let destination else {
                return try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM dead_letters ORDER BY id DESC LIMIT ?",
                    arguments: [limit]
                ).map(Self.deadLetter)
            }
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM dead_letters WHERE destination = ? ORDER BY id DESC LIMIT ?",
                arguments: [destination, limit]
            ).map(Self.deadLetter)
        }
    }

    package func deadLetters(for seq: UInt64) throws -> [DeadLetter] {
        try reader.unsafeRead { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM dead_letters WHERE seq = ? ORDER BY id",
                arguments: [Int64(clamping: seq)]
            ).map(Self.deadLetter)
        }
    }

    package func deadLetter(of destination: String, seq: UInt64) throws -> DeadLetter? {
        try reader.unsafeRead { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM dead_letters WHERE destination = ? AND seq = ?"
            )
            return try Row.fetchOne(statement, arguments: [destination, Int64(clamping: seq)]).map(Self.deadLetter)
        }
    }

    package func deadLetterCounts() throws -> [String: Int] {
        try reader.unsafeRead { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT destination, COUNT(*) FROM dead_letters GROUP BY destination
                    UNION ALL SELECT destination, -COUNT(*) FROM exceptions WHERE is_replay GROUP BY destination
                    """
            )
            return rows.reduce(into: [String: Int]()) { counts, row in counts[row[0], default: 0] += row[1] as Int }
                .filter { $0.value > 0 }
        }
    }

    package func deadLetters(
        _ filter: DeadLetterFilter,
        before: Int64?,
        limit: Int,
        withRecords: Bool
    ) throws -> [StoredDeadLetter] {
        let condition = DeadLetterCondition(filter, before: before)
        let record = withRecords ? "record" : "x'' AS record"
        return try reader.unsafeRead { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, destination, seq, event_id, event_name, at, attempts, reason, detail, send_as,
                        withholds_user_data, LENGTH(record) > 0 AS has_record, \(DeadLetterCondition.isReplaying), \(record)
                    FROM dead_letters WHERE \(condition.sql) ORDER BY id DESC LIMIT ?
                    """,
                arguments: condition.arguments + [limit]
            ).map { row in
                StoredDeadLetter(
                    number: row["id"],
                    letter: Self.deadLetter(row),
                    hasRecord: row["has_record"],
                    isReplaying: row["is_replaying"]
                )
            }
        }
    }

    package func deadLetterCounts(_ filter: DeadLetterFilter) throws -> [DeadLetterCount] {
        let condition = DeadLetterCondition(filter, before: nil)
        return try reader.unsafeRead { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT destination, reason, COUNT(*) AS count FROM dead_letters WHERE \(condition.sql)
                    GROUP BY destination, reason ORDER BY count DESC, destination, reason
                    """,
                arguments: condition.arguments
            ).map { DeadLetterCount(destination: $0[0], reason: $0[1], count: $0[2]) }
        }
    }

    private static func deadLetter(_ row: Row) -> DeadLetter {
        let withheld: Int64 = row["withholds_user_data"]
        return DeadLetter(
            destination: row["destination"],
            seq: UInt64(clamping: row["seq"] as Int64),
            eventID: row["event_id"],
            eventName: row["event_name"],
            at: row["at"],
            attempts: row["attempts"],
            reason: row["reason"],
            detail: row["detail"],
            record: Array(row["record"] as Data),
            sendAs: row["send_as"],
            withholdsUserData: withheld != 0,
            ping: WithheldCoding.ping(withheld)
        )
    }
}

/// The column `withholds_user_data`: 0 the event itself, 1 without user data, 16 and its purposes a ping.
enum WithheldCoding {
    private static let pingMark: Int64 = 16

    static func encode(_ letter: DeadLetter) -> Int64 {
        if let ping = letter.ping { return pingMark + Int64(ping.rawValue) }
        return letter.withholdsUserData ? 1 : 0
    }

    static func ping(_ stored: Int64) -> PingConsent? {
        stored >= pingMark ? PingConsent(rawValue: UInt8(truncatingIfNeeded: stored - pingMark)) : nil
    }
}

/// A filter of dead letters as SQL.
private struct DeadLetterCondition {
    static let isReplaying = """
        EXISTS (SELECT 1 FROM exceptions WHERE exceptions.destination = dead_letters.destination
            AND exceptions.seq = dead_letters.seq AND is_replay) AS is_replaying
        """

    private(set) var sql = "TRUE"
    private(set) var arguments = StatementArguments()

    init(_ filter: DeadLetterFilter, before: Int64?) {
        add("destination = ?", filter.destination)
        add("reason = ?", filter.reason)
        add("event_name = ?", filter.eventName)
        add("event_id = ?", filter.eventID)
        add("seq = ?", filter.seq.map { Int64(clamping: $0) })
        add("at >= ?", filter.since)
        add("at < ?", filter.until)
        add("id < ?", before)
        if filter.isRetriable { sql += " AND LENGTH(record) > 0" }
        guard filter.isRetriable || filter.isWaiting else { return }
        sql += """
             AND NOT EXISTS (SELECT 1 FROM exceptions WHERE is_replay
                AND exceptions.destination = dead_letters.destination AND exceptions.seq = dead_letters.seq)
            """
    }

    private mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        sql += " AND " + condition
        arguments += [value]
    }
}
