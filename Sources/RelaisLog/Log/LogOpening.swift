import GRDB
import Logging
import RelaisEvent
import Synchronization

/// Finds out what is in the log's directory.
struct LogOpening {
    struct Result {
        var open: LogWriter.OpenSegment?
        var nextSeq: UInt64
        var unsealed: [(SegmentIndex, DatabaseQueue)]
    }

    let store: LogStore

    func run() throws -> Result {
        let names = try FileSystem.names(in: store.directory)
        for name in names where name.contains(".new") { FileSystem.remove("\(store.directory)/\(name)") }
        let segments = names.compactMap { SegmentFile.firstSeq(of: $0, suffix: "db") }.map(segment)
        let marks = try marksFiles(names)
        let sealed = Set(marks.map(\.firstSeq))
        var result = Result(nextSeq: max(1, marks.map(\.endSeq).max() ?? 1), unsealed: [])
        var present: [SegmentFile] = []
        for segment in segments {
            if sealed.contains(segment.firstSeq) {
                present.append(segment)
            } else if let opened = try open(segment, isLast: segment == segments.last) {
                present.append(segment)
                store.indexes.withLock { $0.append(opened.segment.index) }
                result.nextSeq = max(result.nextSeq, opened.end)
                if segment == segments.last {
                    result.open = opened.segment
                } else {
                    result.unsealed.append((opened.segment.index, opened.segment.connection))
                }
            }
        }
        store.segments.withLock { $0 = present }
        store.add(marks)
        return result
    }

    private func segment(_ firstSeq: UInt64) -> SegmentFile {
        SegmentFile(firstSeq: firstSeq, directory: store.directory)
    }

    /// The marks files that can be used. One that is damaged is made again from its segment.
    private func marksFiles(_ names: [String]) throws -> [MarksFile] {
        var files: [MarksFile] = []
        for seq in names.compactMap({ SegmentFile.firstSeq(of: $0, suffix: "marks") }) {
            do {
                files.append(try MarksFile(path: segment(seq).marksPath))
            } catch {
                guard case .damaged(let path, let reason) = error else { throw error }
                store.logger.warning(
                    "a marks file is damaged",
                    metadata: ["path": "\(path)", "reason": "\(reason)"]
                )
            }
        }
        return files
    }

    /// Opens a segment that is not sealed and takes its marks in; nil when it is damaged and was set aside. Without the
    /// last segment the next sequence number is not known, so that its damage is the log's.
    private func open(
        _ file: SegmentFile,
        isLast: Bool
    ) throws -> (segment: LogWriter.OpenSegment, end: UInt64)? {
        do {
            if isLast, FileSystem.size(file.path) == 0, FileSystem.size(file.path + "-wal") == 0 { try file.create() }
            let index = SegmentIndex(file)
            let connection = try file.openWriter()
            let end = try connection.writeWithoutTransaction { database in
                try index.load(database, from: 0)
                return try SegmentRows.end(database, firstSeq: file.firstSeq)
            }
            let bytes = FileSystem.size(file.path) + FileSystem.size(file.path + "-wal")
            return (LogWriter.OpenSegment(index: index, connection: connection, bytes: bytes), end)
        } catch {
            guard let reason = damage(error) else { throw openError(error, file.path) }
            if isLast { throw LogOpenError.damaged(path: file.path, reason: reason) }
            store.logger.error(
                "a segment of the event log is damaged, and what it held is left out",
                metadata: ["path": "\(file.path)", "reason": "\(reason)"]
            )
            return nil
        }
    }

    private func damage(_ error: any Error) -> String? {
        if case LogOpenError.damaged(_, let reason) = error { return reason }
        return SQLiteFile.isDamage(error) ? SQLiteFile.text(error) : nil
    }

    private func openError(_ error: any Error, _ path: String) -> LogOpenError {
        (error as? LogOpenError) ?? .system(path: path, reason: SQLiteFile.text(error))
    }
}
