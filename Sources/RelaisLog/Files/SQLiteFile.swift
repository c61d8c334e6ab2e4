import GRDB

/// How all SQLite files of the state directory are opened.
enum SQLiteFile {
    /// A connection that writes: write-ahead log, an fsync for each commit. `autocheckpoint` 0: somebody else does it.
    static func writer(_ path: String, autocheckpoint: Int) throws -> DatabaseQueue {
        var configuration = common()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(autocheckpoint)")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// A connection that only reads.
    static func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = common()
        configuration.readonly = true
        // Rows are large and read once: pages kept for a second reading would be kept for nothing.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -256") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// True when the file's content, not the disk, is what is wrong.
    static func isDamage(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    }

    /// The error in few words, without SQL.
    static func text(_ error: any Error) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        return error.message ?? "SQLite error \(error.resultCode.rawValue)"
    }

    private static func common() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        configuration.label = "relais"
        return configuration
    }
}
