import Foundation
import GRDB
import RelaisEvent

/// A segment of the log: the SQLite file `<first_seq>.db`, one row for each commit.
///
/// `marks` stands before `data` in the row, so that reading all marks does not touch the pages of the records.
struct SegmentFile: Sendable, Equatable {
    static let schemaVersion = 1

    let firstSeq: UInt64
    let directory: String

    var path: String { "\(directory)/\(Self.stem(firstSeq)).db" }
    var marksPath: String { "\(directory)/\(Self.stem(firstSeq)).marks" }

    static func stem(_ seq: UInt64) -> String {
        let digits = String(seq)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }

    /// The first sequence number that a file's name gives, when it is `<20 digits>.<suffix>`.
    static func firstSeq(of name: String, suffix: String) -> UInt64? {
        guard name.utf8.count == 21 + suffix.utf8.count, name.hasSuffix("." + suffix) else { return nil }
        return UInt64(name.prefix(20))
    }

    /// Makes the empty segment: under another name, so that no half-made file ever has this one.
    func create() throws {
        let temporary = path + ".new"
        FileSystem.remove(temporary + "-wal")
        FileSystem.remove(temporary + "-shm")
        try FileSystem.createFile(temporary)
        do {
            let queue = try SQLiteFile.writer(temporary, autocheckpoint: 0)
            try queue.writeWithoutTransaction { database in try Self.createSchema(database) }
            try queue.close()
            try FileSystem.publish(temporary, as: path, in: directory)
        } catch {
            FileSystem.remove(temporary)
            throw error
        }
    }

    /// Opens it for writing, and refuses what a newer version wrote.
    func openWriter() throws -> DatabaseQueue {
        guard FileSystem.exists(path) else {
            throw LogOpenError.damaged(path: path, reason: "the file is gone")
        }
        let queue = try SQLiteFile.writer(path, autocheckpoint: 0)
        try queue.writeWithoutTransaction { database in try checkSchema(database) }
        return queue
    }

    func openReader() throws -> DatabaseQueue {
        guard FileSystem.exists(path) else {
            throw LogOpenError.damaged(path: path, reason: "the file is gone")
        }
        let queue = try SQLiteFile.reader(path)
        try queue.unsafeRead { database in try checkSchema(database) }
        return queue
    }

    /// Bytes on disk, with its write-ahead log and its marks.
    var size: Int {
        FileSystem.size(path) + FileSystem.size(path + "-wal") + FileSystem.size(marksPath)
    }

    /// Removes the segment's database; its marks stay.
    func remove() throws(LogOpenError) {
        FileSystem.remove(path)
        FileSystem.remove(path + "-wal")
        FileSystem.remove(path + "-shm")
        try FileSystem.sync(directory)
    }

    private func checkSchema(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= Self.schemaVersion else {
            throw LogOpenError.newerSchema(path: path, found: version, supported: Self.schemaVersion)
        }
        guard version == Self.schemaVersion else {
            throw LogOpenError.damaged(path: path, reason: "it is not a segment of the event log")
        }
    }

    private static func createSchema(_ database: Database) throws {
        try database.inTransaction {
            try database.execute(
                sql: """
                    CREATE TABLE commits (
                        first_seq INTEGER PRIMARY KEY,
                        count INTEGER NOT NULL,
                        accepted INTEGER NOT NULL,
                        marks BLOB NOT NULL,
                        data BLOB NOT NULL);
                    PRAGMA user_version = \(schemaVersion);
                    """
            )
            return .commit
        }
    }
}
