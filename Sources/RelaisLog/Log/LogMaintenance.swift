import CAllocator
import Dispatch
import GRDB
import Logging
import Synchronization

/// What is done off the commit path, one thing at a time: checkpoints of the open segment and the sealing of full ones.
final class LogMaintenance: @unchecked Sendable {
    private static let retryAfter = DispatchTimeInterval.seconds(30)
    private let queue = DispatchQueue(label: "relais.log.maintenance")
    private let store: LogStore
    private let isCheckpointWanted = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    /// Used on `queue` only.
    private var connection: (segment: SegmentFile, queue: DatabaseQueue)?

    init(store: LogStore) { self.store = store }

    /// Has the write-ahead log copied into its segment.
    func checkpoint(_ segment: SegmentFile) {
        guard !isCheckpointWanted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async {
            self.isCheckpointWanted.store(false, ordering: .releasing)
            self.runCheckpoint(segment)
        }
    }

    /// Has a full segment sealed. `connection` was its writer's, which is done with it.
    func seal(_ index: SegmentIndex, connection: DatabaseQueue) {
        queue.async {
            guard !self.isStopped.load(ordering: .acquiring) else { return }
            self.runSeal(index, connection: connection)
        }
    }

    /// Finishes what is being done, and does nothing more.
    func stop() {
        queue.sync {}
        isStopped.store(true, ordering: .releasing)
        queue.sync {
            try? connection?.queue.close()
            connection = nil
        }
    }

    private func runCheckpoint(_ segment: SegmentFile) {
        releasePages()
        do {
            let database = try connection(to: segment)
            try database.writeWithoutTransaction { database in
                let result = try database.checkpoint(.passive)
                // Under load the writer is always ahead of a passive checkpoint: now and then it has to wait, once.
                let isLong = result.walFrameCount * 4096 > self.store.configuration.checkpointBytes * 6
                if isLong { _ = try database.checkpoint(.restart) }
            }
        } catch {
            store.logger.warning(
                "the event log's write-ahead log cannot be checkpointed yet",
                metadata: ["path": "\(segment.path)", "reason": "\(SQLiteFile.text(error))"]
            )
        }
    }

    private func runSeal(_ index: SegmentIndex, connection writer: DatabaseQueue) {
        if connection?.segment == index.segment {
            try? connection?.queue.close()
            connection = nil
        }
        do {
            let marks = try SegmentSealing.seal(index.segment, connection: writer)
            try? writer.close()
            store.sealed(index, marks: marks)
            giveBackMemory()
        } catch {
            store.logger.warning(
                "a segment of the event log cannot be sealed yet",
                metadata: ["path": "\(index.segment.path)", "reason": "\(SQLiteFile.text(error))"]
            )
            queue.asyncAfter(deadline: .now() + Self.retryAfter) {
                guard !self.isStopped.load(ordering: .acquiring) else { return }
                self.runSeal(index, connection: writer)
            }
        }
    }

    /// What a segment took while it was built.
    private func giveBackMemory() {
        releasePages()
        relais_return_memory()
    }

    /// Pages of marks that lookups have touched: the kernel maps the neighbours of each, so that they add up.
    private func releasePages() {
        for marks in store.sealedMarks.withLock(\.self) { marks.releasePages() }
    }

    private func connection(to segment: SegmentFile) throws -> DatabaseQueue {
        if let connection, connection.segment == segment { return connection.queue }
        try? connection?.queue.close()
        connection = nil
        let opened = try segment.openWriter()
        connection = (segment, opened)
        return opened
    }
}
