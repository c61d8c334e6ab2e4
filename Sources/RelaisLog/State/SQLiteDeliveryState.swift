import GRDB
package import Logging
package import RelaisEvent

/// The deliveries' memory in the SQLite file `relais.db`.
///
/// Changes are committed by one thread, soon and together. Queries see what is committed: `flush` before them where
/// that matters.
package final class SQLiteDeliveryState: DeliveryState {
    let reader: DatabaseQueue
    let database: DatabaseQueue
    private let writer: StateWriter
    private let lock: FileLock

    /// Opens the file, which is made if need be, and takes a lock beside it. Throws `LogOpenError`.
    package init(path: String, configuration: StateConfiguration, logger: Logger) throws {
        lock = try FileLock(path: path + ".lock")
        try FileSystem.createFileIfMissing(path)
        do {
            database = try SQLiteFile.writer(path, autocheckpoint: 1000)
            try StateSchema.prepare(database, path: path)
            reader = try SQLiteFile.reader(path)
        } catch let error as LogOpenError {
            throw error
        } catch  where SQLiteFile.isDamage(error) {
            throw LogOpenError.damaged(path: path, reason: SQLiteFile.text(error))
        } catch {
            throw LogOpenError.system(path: path, reason: SQLiteFile.text(error))
        }
        writer = StateWriter(database: database, configuration: configuration, logger: logger, path: path)
        writer.start()
    }

    package func apply(_ changes: [DeliveryStateChange]) { writer.append(changes) }

    package func flush() throws { try writer.flush() }

    /// Why changes are not on disk at present; nil when all is well.
    package var failure: StateError? { writer.failure }

    /// A destination new to the state gets its cursor on disk before this returns.
    package func progress(of destination: String, initialCursor: UInt64) throws -> DestinationProgress {
        try flush()
        if let progress = try storedProgress(of: destination) { return progress }
        apply([.progress(destination: destination, cursor: initialCursor, completed: [])])
        try flush()
        return DestinationProgress(cursor: initialCursor)
    }

    package func storeConfiguration(fingerprint: String, text: String) throws {
        guard try configuration(fingerprint: fingerprint) == nil else { return }
        try database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO configurations VALUES (?, ?)",
                arguments: [fingerprint, text]
            )
        }
    }

    /// Commits what was handed over, checkpoints and lets go of the file.
    package func close() {
        writer.close()
        try? reader.close()
        try? database.writeWithoutTransaction { database in _ = try database.checkpoint(.truncate) }
        try? database.close()
        lock.release()
    }
}
