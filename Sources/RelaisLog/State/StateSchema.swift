import GRDB

/// The tables of `relais.db` and how they came to be.
enum StateSchema {
    static let version = 2

    /// Makes the tables, or brings those of an older version up to date; refuses those of a newer one.
    static func prepare(_ queue: DatabaseQueue, path: String) throws {
        let found = try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found <= version else {
            throw LogOpenError.newerSchema(path: path, found: found, supported: version)
        }
        try makeShrinkable(queue)
        try migrator().migrate(queue)
    }

    /// Lets the file give pages back, see `StateTrimming`. A file of an older version is rewritten once for that.
    private static func makeShrinkable(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { database in
            guard try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") != 2 else { return }
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "VACUUM")
        }
    }

    private static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: "ALTER TABLE exceptions ADD COLUMN done TEXT NOT NULL DEFAULT ''")
            try database.execute(sql: replays)
            try database.execute(sql: second)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        return migrator
    }

    /// What a dead letter needs to be sent again. Of letters from before, nobody knows whether user data was withheld.
    private static let replays = """
        ALTER TABLE exceptions ADD COLUMN is_replay INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE dead_letters ADD COLUMN send_as TEXT;
        ALTER TABLE dead_letters ADD COLUMN withholds_user_data INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX dead_letters_reason ON dead_letters (destination, reason);
        """

    /// `outcome_blocks` says which outcomes have members among the entries `64 × block …< 64 × block + 64`.
    private static let first = """
        CREATE TABLE progress (
            destination TEXT PRIMARY KEY, cursor INTEGER NOT NULL, completed BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE exceptions (
            destination TEXT NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL, not_before INTEGER NOT NULL,
            first_attempt INTEGER NOT NULL, parked_under TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
            PRIMARY KEY (destination, seq)) WITHOUT ROWID;
        CREATE INDEX exceptions_seq ON exceptions (seq);
        CREATE TABLE pauses (
            destination TEXT PRIMARY KEY, cause TEXT NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL,
            detail TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY, destination TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL,
            event_name TEXT NOT NULL, at INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
            detail TEXT NOT NULL, record BLOB NOT NULL, UNIQUE (destination, seq));
        CREATE INDEX dead_letters_seq ON dead_letters (seq);
        CREATE TABLE outcomes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, min_seq INTEGER NOT NULL, max_seq INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE TABLE outcome_blocks (
            block INTEGER NOT NULL, outcome INTEGER NOT NULL, PRIMARY KEY (block, outcome)) WITHOUT ROWID;
        CREATE TABLE configurations (fingerprint TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
        """

    private static let second = """
        CREATE TABLE dead_ranges (
            id INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL, first_seq INTEGER NOT NULL,
            end_seq INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL);
        CREATE INDEX dead_ranges_end ON dead_ranges (end_seq);
        """
}
