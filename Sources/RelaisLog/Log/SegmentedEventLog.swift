package import Logging
package import RelaisEvent
import Synchronization

/// The event log in SQLite segment files: `log/<first_seq>.db`.
///
/// One thread commits, with an fsync each time, whatever gathered during the commit before; a commit is one row.
/// Readers are served from the memory of recent commits, or by short reads of a segment. Opening takes a lock on the
/// directory.
package final class SegmentedEventLog: EventLog {
    let store: LogStore
    let queue: CommitQueue
    private let writer: LogWriter
    private let maintenance: LogMaintenance
    private let lock: FileLock
    private let observers: ObserverList

    /// Opens the log in a directory, which is made if need be. Throws `LogOpenError`.
    package init(directory: String, configuration: LogConfiguration, logger: Logger) throws {
        try FileSystem.createDirectory(directory)
        lock = try FileLock(path: directory + "/lock")
        store = LogStore(directory: directory, configuration: configuration, logger: logger)
        queue = CommitQueue(configuration)
        maintenance = LogMaintenance(store: store)
        observers = ObserverList()
        let opened = try LogOpening(store: store).run()
        store.end.store(opened.nextSeq, ordering: .releasing)
        writer = LogWriter(
            store: store,
            queue: queue,
            maintenance: maintenance,
            observers: observers,
            open: opened.open,
            nextSeq: opened.nextSeq
        )
        for (index, connection) in opened.unsealed { maintenance.seal(index, connection: connection) }
        writer.start()
    }

    package func submit(_ submissions: [LogSubmission], token: UInt64, to acknowledger: any LogAcknowledger) {
        let request = CommitRequest(submissions: submissions, token: token, acknowledger: acknowledger)
        guard let refusal = queue.append(request) else { return }
        acknowledger.acknowledge([(token, .failure(refusal))])
    }

    package var end: UInt64 { store.end.load(ordering: .acquiring) }

    package var start: UInt64 { store.segments.withLock { $0.first?.firstSeq } ?? end }

    package func observe(_ observer: @escaping @Sendable (UInt64) -> Void) { observers.add(observer) }

    /// Commits what was submitted, stops the threads, checkpoints and lets go of the directory. Once is enough.
    package func close() {
        guard !store.isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.close()
        writer.join()
        maintenance.stop()
        store.readers.close()
        lock.release()
    }
}

/// Who wants to hear of commits.
final class ObserverList: Sendable {
    private let observers = Mutex<[@Sendable (UInt64) -> Void]>([])

    func add(_ observer: @escaping @Sendable (UInt64) -> Void) { observers.withLock { $0.append(observer) } }

    func call(_ end: UInt64) {
        for observer in observers.withLock(\.self) { observer(end) }
    }
}
