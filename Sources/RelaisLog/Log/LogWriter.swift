import Foundation
import GRDB
import Logging
import RelaisEvent
import Synchronization

/// The thread that owns the end of the log: it commits whatever has gathered while the previous commit was under way.
final class LogWriter: @unchecked Sendable {
    private let store: LogStore
    private let queue: CommitQueue
    private let maintenance: LogMaintenance
    private let observers: ObserverList
    private let stopped = DispatchSemaphore(value: 0)
    private var open: OpenSegment?
    private var nextSeq: UInt64

    /// The segment that is written, and its writer's connection.
    struct OpenSegment {
        var index: SegmentIndex
        var connection: DatabaseQueue
        /// Bytes of its rows.
        var bytes: Int
        /// Bytes of rows since a checkpoint was asked for.
        var unchecked = 0

        var segment: SegmentFile { index.segment }
    }

    init(
        store: LogStore,
        queue: CommitQueue,
        maintenance: LogMaintenance,
        observers: ObserverList,
        open: OpenSegment?,
        nextSeq: UInt64
    ) {
        self.store = store
        self.queue = queue
        self.maintenance = maintenance
        self.observers = observers
        self.open = open
        self.nextSeq = nextSeq
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "relais-log"
        thread.start()
    }

    /// Waits for the thread's end, which comes after the queue was closed and emptied.
    func join() { stopped.wait() }

    private func run() {
        while let requests = queue.take() {
            if requests.isEmpty { probe() } else { commit(requests) }
            queue.finish(requests)
        }
        if let open {
            try? open.connection.writeWithoutTransaction { database in _ = try database.checkpoint(.truncate) }
            try? open.connection.close()
        }
        open = nil
        stopped.signal()
    }

    // MARK: A commit

    private func commit(_ requests: [CommitRequest]) {
        let now = store.configuration.clock.nowMicros()
        let started = DispatchTime.now().uptimeNanoseconds
        var group = CommitGroup(firstSeq: nextSeq, acceptedMicros: now, capacity: 0)
        do {
            try prepare()
            let capacity = requests.reduce(64) { $0 + $1.bytes }
            group = CommitGroup(firstSeq: nextSeq, acceptedMicros: now, capacity: capacity)
            // In this order: a segment sealed meanwhile is in both, never in neither.
            let indexes = store.indexes.withLock(\.self)
            let sealed = store.sealedMarks.withLock(\.self)
            for request in requests {
                try group.add(request.submissions) { key, match in try find(key, now: now, indexes, sealed, &match) }
            }
            if !group.entries.isEmpty { try write(group) }
        } catch {
            fail(requests, group, error)
            return
        }
        let elapsed = (DispatchTime.now().uptimeNanoseconds - started) / 1000
        acknowledge(requests) { index in .success(group.outcomes[index]) }
        guard !group.entries.isEmpty else { return }
        observers.call(nextSeq)
        store.configuration.observer?.committed(group.entries, microseconds: elapsed)
    }

    private func write(_ group: CommitGroup) throws {
        guard var segment = open else { throw LogError.unavailable("no segment is open") }
        let (marks, data) = group.encoded()
        // Once in the write-ahead log, and once more in the segment.
        try store.reserve((marks.count + data.count) * 2)
        try segment.connection.writeWithoutTransaction { database in
            try store.configuration.commitHook?(database)
            try SegmentRows.insert(
                database,
                firstSeq: group.firstSeq,
                count: group.entries.count,
                acceptedMicros: group.acceptedMicros,
                marks: marks,
                data: data
            )
        }
        store.note(success: group.bytes)
        nextSeq = group.firstSeq + UInt64(group.entries.count)
        segment.index.add(firstSeq: group.firstSeq, count: group.entries.count, marks: marks)
        segment.bytes += marks.count + data.count
        segment.unchecked += marks.count + data.count
        if segment.unchecked >= store.configuration.checkpointBytes {
            segment.unchecked = 0
            maintenance.checkpoint(segment.segment)
        }
        open = segment
        let batch = StoredBatch(
            firstSeq: group.firstSeq,
            entries: group.entries,
            acceptedMicros: group.acceptedMicros,
            marks: marks
        )
        store.recent.withLock { $0.append(batch) }
        store.end.store(nextSeq, ordering: .releasing)
    }

    /// What does not hang on the failed commit is still true: duplicates of what is on disk already.
    private func fail(_ requests: [CommitRequest], _ group: CommitGroup, _ error: any Error) {
        store.configuration.observer?.commitFailed()
        if let full = error as? NoRoom {
            return acknowledge(requests) { index in result(ofFailed: index, group, full.reason) }
        }
        let bytes = group.entries.isEmpty ? requests.reduce(0) { $0 + $1.bytes } : group.bytes
        store.note(failure: SQLiteFile.text(error), bytes: bytes)
        acknowledge(requests) { index in
            result(ofFailed: index, group, SQLiteFile.text(error))
        }
        distrustConnection(error)
    }

    private func result(
        ofFailed index: Int,
        _ group: CommitGroup,
        _ reason: String
    ) -> Result<[LogOutcome], LogError> {
        guard index < group.outcomes.count, !group.dependsOnCommit(request: index) else {
            return .failure(.unavailable(reason))
        }
        return .success(group.outcomes[index])
    }

    /// Tries whether the disk takes a commit as large as the largest that it refused.
    private func probe() {
        let bytes = store.room.withLock { $0.failure == nil ? 0 : $0.failedBytes }
        guard bytes > 0 else { return }
        do {
            try prepare()
            try open?.connection.writeWithoutTransaction { database in
                try store.configuration.commitHook?(database)
                try SegmentRows.probe(database, bytes: bytes)
            }
            store.note(success: bytes)
        } catch {
            store.note(failure: SQLiteFile.text(error), bytes: bytes)
            distrustConnection(error)
        }
    }

    private func distrustConnection(_ error: any Error) {
        // After anything but a full disk the connection's view is not to be trusted.
        let isFull = (error as? DatabaseError)?.resultCode == .SQLITE_FULL
        if !isFull, let open {
            try? open.connection.close()
            self.open = nil
        }
    }

    private func acknowledge(
        _ requests: [CommitRequest],
        _ result: (Int) -> Result<[LogOutcome], LogError>
    ) {
        var order: [any LogAcknowledger] = []
        var positions: [ObjectIdentifier: Int] = [:]
        var results: [[(token: UInt64, result: Result<[LogOutcome], LogError>)]] = []
        for (index, request) in requests.enumerated() {
            let id = ObjectIdentifier(request.acknowledger)
            if let position = positions[id] {
                results[position].append((request.token, result(index)))
            } else {
                positions[id] = order.count
                order.append(request.acknowledger)
                results.append([(request.token, result(index))])
            }
        }
        for (acknowledger, results) in zip(order, results) { acknowledger.acknowledge(results) }
    }

    // MARK: Segments

    /// Makes sure that a segment is open and has room.
    private func prepare() throws {
        if open == nil { open = try reopen() }
        guard let full = open, full.bytes >= store.configuration.segmentBytes, full.segment.firstSeq < nextSeq else {
            return
        }
        open = try begin()
        maintenance.seal(full.index, connection: full.connection)
    }

    /// Opens the last segment again, which may hold more than is known: a commit that failed in its fsync.
    private func reopen() throws -> OpenSegment {
        guard let index = store.indexes.withLock(\.last), index.segment == store.segments.withLock(\.last) else {
            return try begin()
        }
        let connection = try index.segment.openWriter()
        let end = try connection.writeWithoutTransaction { database in
            try index.load(database, from: nextSeq)
            return try SegmentRows.end(database, firstSeq: index.segment.firstSeq)
        }
        if end > nextSeq {
            nextSeq = end
            store.end.store(end, ordering: .releasing)
        }
        return OpenSegment(index: index, connection: connection, bytes: FileSystem.size(index.segment.path))
    }

    private func begin() throws -> OpenSegment {
        let segment = SegmentFile(firstSeq: nextSeq, directory: store.directory)
        if !FileSystem.exists(segment.path) { try segment.create() }
        let connection = try segment.openWriter()
        let index = SegmentIndex(segment)
        store.indexes.withLock { $0.append(index) }
        store.segments.withLock { $0.append(segment) }
        return OpenSegment(index: index, connection: connection, bytes: 0)
    }

    // MARK: Earlier copies

    private func find(
        _ key: IdentityKey,
        now: Int64,
        _ indexes: [SegmentIndex],
        _ sealed: [MarksFile],
        _ match: inout IdentityMatch
    ) throws {
        let windows = store.configuration.windows
        for index in indexes.reversed() {
            for seq in index.candidates(key) {
                guard let mark = try verified(seq, key, index),
                    windows.covers(mark.copy.acceptedMicros, window: key.window, now: now)
                else { continue }
                if match.add(mark) { return }
            }
        }
        for file in sealed where windows.covers(file.newestMicros, window: key.window, now: now) {
            var isKnown = false
            var count = 0
            file.find(key) { mark in
                count += 1
                guard windows.covers(mark.copy.acceptedMicros, window: key.window, now: now) else { return true }
                isKnown = match.add(mark)
                return isKnown || count == IdentityMatch.maximumAlike
            }
            if isKnown { return }
        }
    }

    private func verified(_ seq: UInt64, _ key: IdentityKey, _ index: SegmentIndex) throws -> FoundMark? {
        if let batch = store.recent.withLock({ $0.batch(containing: seq) }) {
            return batch.marks.withUnsafeBytes {
                MarksReader.mark(
                    $0,
                    firstSeq: batch.firstSeq,
                    seq: seq,
                    acceptedMicros: batch.acceptedMicros,
                    key: key
                )
            }
        }
        func read(_ database: Database) throws -> FoundMark? {
            var mark: FoundMark?
            try SegmentRows.marks(database, of: seq) { firstSeq, count, acceptedMicros, bytes in
                guard seq < firstSeq &+ UInt64(clamping: count) else { return }
                mark = MarksReader.mark(
                    bytes,
                    firstSeq: firstSeq,
                    seq: seq,
                    acceptedMicros: acceptedMicros,
                    key: key
                )
            }
            return mark
        }
        if let open, open.segment == index.segment { return try open.connection.unsafeRead(read) }
        return try store.reading(index.segment, read)
    }
}
