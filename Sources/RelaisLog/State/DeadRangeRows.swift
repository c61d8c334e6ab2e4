import GRDB
import RelaisEvent

/// The rows of dead ranges.
enum DeadRangeRows {
    /// Adds a range, as one with those of the same destination and reason that it touches: a backlog that expires day
    /// by day stays one range.
    static func add(_ range: DeadLetterRange, _ database: Database) throws {
        var merged = range
        let touching = try rows(
            database,
            "SELECT * FROM dead_ranges WHERE end_seq >= ? AND first_seq <= ? AND destination = ? AND reason = ?",
            [
                Int64(clamping: range.seqs.lowerBound), Int64(clamping: range.seqs.upperBound), range.destination,
                range.reason.rawValue,
            ]
        )
        for (id, other) in touching {
            merged.seqs =
                min(merged.seqs.lowerBound, other.seqs.lowerBound)..<max(merged.seqs.upperBound, other.seqs.upperBound)
            try run(database, "DELETE FROM dead_ranges WHERE id = ?", [id])
        }
        try insert(merged, database)
    }

    /// Takes entries out of a destination's ranges.
    static func remove(_ seqs: Range<UInt64>, of destination: String, _ database: Database) throws {
        let overlapping = try rows(
            database,
            "SELECT * FROM dead_ranges WHERE end_seq > ? AND first_seq < ? AND destination = ?",
            [Int64(clamping: seqs.lowerBound), Int64(clamping: seqs.upperBound), destination]
        )
        for (id, range) in overlapping {
            try run(database, "DELETE FROM dead_ranges WHERE id = ?", [id])
            for (lower, upper) in [
                (range.seqs.lowerBound, seqs.lowerBound), (seqs.upperBound, range.seqs.upperBound),
            ] where lower < upper {
                var rest = range
                rest.seqs = lower..<upper
                try insert(rest, database)
            }
        }
    }

    static func newest(_ database: Database, of destination: String?, limit: Int) throws -> [DeadLetterRange] {
        try rows(
            database,
            "SELECT * FROM dead_ranges WHERE destination = ?1 OR ?1 IS NULL ORDER BY id DESC LIMIT ?2",
            [destination, limit]
        ).map(\.range)
    }

    static func containing(_ seq: UInt64, _ database: Database) throws -> [DeadLetterRange] {
        let position = Int64(clamping: seq)
        return try rows(
            database,
            "SELECT * FROM dead_ranges WHERE end_seq > ? AND first_seq <= ? ORDER BY id",
            [position, position]
        ).map(\.range)
    }

    static func counts(_ database: Database) throws -> [String: UInt64] {
        let sql = "SELECT destination, SUM(end_seq - first_seq) FROM dead_ranges GROUP BY destination"
        return try Row.fetchAll(database, sql: sql).reduce(into: [:]) { counts, row in
            counts[row[0] as String] = UInt64(clamping: row[1] as Int64)
        }
    }

    private static func rows(
        _ database: Database,
        _ sql: String,
        _ arguments: StatementArguments
    ) throws -> [(id: Int64, range: DeadLetterRange)] {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: arguments).compactMap { row in
            let seqs = (UInt64(clamping: row["first_seq"] as Int64), UInt64(clamping: row["end_seq"] as Int64))
            guard let reason = DeadLetterRange.Reason(rawValue: row["reason"]), seqs.0 < seqs.1 else { return nil }
            return (
                row["id"],
                DeadLetterRange(
                    destination: row["destination"],
                    seqs: seqs.0..<seqs.1,
                    at: row["at"],
                    reason: reason,
                    detail: row["detail"]
                )
            )
        }
    }

    private static func insert(_ range: DeadLetterRange, _ database: Database) throws {
        guard !range.seqs.isEmpty else { return }
        try run(
            database,
            "INSERT INTO dead_ranges (destination, first_seq, end_seq, at, reason, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [
                range.destination, Int64(clamping: range.seqs.lowerBound), Int64(clamping: range.seqs.upperBound),
                range.at, range.reason.rawValue, range.detail,
            ]
        )
    }

    private static func run(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
