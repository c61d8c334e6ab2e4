import Foundation
import GRDB
package import RelaisEvent

extension SQLiteDeliveryState {
    package func outcomes(for seq: UInt64) throws -> [BatchOutcome] {
        try reader.unsafeRead { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT body FROM outcome_blocks JOIN outcomes ON id = outcome
                    WHERE block = ? AND min_seq <= ? AND max_seq >= ? ORDER BY id
                    """
            )
            let position = Int64(clamping: seq)
            let bodies = try Data.fetchAll(statement, arguments: [StateRows.block(seq), position, position])
            return bodies.compactMap { OutcomeCoding.decode(Array($0)) }
                .filter { $0.members.contains { $0.seq == seq } }
        }
    }

    package func deadRanges(destination: String?, limit: Int) throws -> [DeadLetterRange] {
        try reader.unsafeRead { try DeadRangeRows.newest($0, of: destination, limit: limit) }
    }

    package func deadRanges(containing seq: UInt64) throws -> [DeadLetterRange] {
        try reader.unsafeRead { try DeadRangeRows.containing(seq, $0) }
    }

    package func deadRangeCounts() throws -> [String: UInt64] {
        try reader.unsafeRead { try DeadRangeRows.counts($0) }
    }

    package func exceptions(for seq: UInt64) throws -> [(destination: String, exception: DeliveryException)] {
        try reader.unsafeRead { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM exceptions WHERE seq = ? ORDER BY destination",
                arguments: [Int64(clamping: seq)]
            )
            return rows.map { ($0["destination"], Self.exception($0)) }
        }
    }

    package func configuration(fingerprint: String) throws -> String? {
        try reader.unsafeRead { database in
            try String.fetchOne(
                database,
                sql: "SELECT text FROM configurations WHERE fingerprint = ?",
                arguments: [fingerprint]
            )
        }
    }

    /// What every destination still needs of the log, those included that are not configured any more.
    package func needs() throws -> [DestinationNeeds] {
        try reader.read { database in
            let exceptions = try Row.fetchAll(database, sql: "SELECT destination, seq FROM exceptions ORDER BY seq")
            let seqs = Dictionary(grouping: exceptions) { $0[0] as String }
            return try Row.fetchAll(database, sql: "SELECT destination, cursor FROM progress").map { row in
                DestinationNeeds(
                    destination: row[0],
                    cursor: UInt64(clamping: row[1] as Int64),
                    exceptions: (seqs[row[0]] ?? []).map { UInt64(clamping: $0[1] as Int64) }
                )
            }
        }
    }

    /// nil for a destination that the state has never seen.
    func storedProgress(of destination: String) throws -> DestinationProgress? {
        try reader.read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT cursor, completed FROM progress WHERE destination = ?",
                arguments: [destination]
            )
            guard let row else { return nil }
            let exceptions = try Row.fetchAll(
                database,
                sql: "SELECT * FROM exceptions WHERE destination = ? ORDER BY seq",
                arguments: [destination]
            )
            let pause = try Row.fetchOne(
                database,
                sql: "SELECT * FROM pauses WHERE destination = ?",
                arguments: [destination]
            )
            return DestinationProgress(
                cursor: UInt64(clamping: row[0] as Int64),
                completed: StateRows.ranges(row[1]),
                exceptions: exceptions.map(Self.exception),
                pause: pause.flatMap(Self.pause)
            )
        }
    }

    private static func exception(_ row: Row) -> DeliveryException {
        DeliveryException(
            seq: UInt64(clamping: row["seq"] as Int64),
            attempts: row["attempts"],
            notBefore: row["not_before"],
            firstAttempt: row["first_attempt"],
            parkedUnder: row["parked_under"],
            isReplay: row["is_replay"],
            reason: row["reason"],
            detail: row["detail"],
            done: (row["done"] as String).split(separator: " ").map(String.init)
        )
    }

    private static func pause(_ row: Row) -> DestinationPause? {
        guard let cause = DestinationPause.Cause(rawValue: row["cause"]) else { return nil }
        return DestinationPause(cause: cause, until: row["until"], reason: row["reason"], detail: row["detail"])
    }
}
