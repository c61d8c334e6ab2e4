import GRDB
import Logging
import RelaisEvent
import Synchronization

/// What the log's writer, its maintenance and its readers share.
final class LogStore: Sendable {
    let directory: String
    let configuration: LogConfiguration
    let logger: Logger
    let readers = SegmentReaders()
    /// Ascending; the last is the one that is written.
    let segments: Mutex<[SegmentFile]>
    let recent: Mutex<RecentBatches>
    /// Of segments that are not sealed, ascending.
    let indexes: Mutex<[SegmentIndex]>
    /// Of sealed segments, newest first.
    let sealedMarks: Mutex<[MarksFile]>
    let end = Atomic<UInt64>(1)
    let isClosed = Atomic<Bool>(false)
    let unreadable = Atomic<UInt64>(0)
    let droppedMarks = Atomic<UInt64>(0)
    let room = Mutex(LogRoom())
    /// Called when a commit finds no room: retention should look at once.
    let roomWanted = Mutex<(@Sendable () -> Void)?>(nil)
    /// Of sealed segments, which do not change any more, by their first sequence number.
    let sealedFacts = Mutex<[UInt64: SegmentFacts]>([:])

    init(directory: String, configuration: LogConfiguration, logger: Logger) {
        self.directory = directory
        self.configuration = configuration
        self.logger = logger
        segments = Mutex([])
        recent = Mutex(RecentBatches(maximumCost: configuration.tailBytes))
        indexes = Mutex([])
        sealedMarks = Mutex([])
    }

    func noteUnreadable(_ range: Range<UInt64>, in segment: SegmentFile) {
        unreadable.wrappingAdd(UInt64(range.count), ordering: .relaxed)
        logger.error(
            "entries of the event log cannot be read and are left out",
            metadata: ["path": "\(segment.path)", "from": "\(range.lowerBound)", "count": "\(range.count)"]
        )
    }

    /// Puts a sealed segment's marks in the place of its memory index, and leaves out what is beyond the limits.
    func sealed(_ index: SegmentIndex, marks: MarksFile) {
        add([marks])
        indexes.withLock { indexes in indexes.removeAll { $0 === index } }
    }

    /// Adds marks of older segments; drops those that have expired, and those beyond the cap.
    func add(_ files: [MarksFile]) {
        let now = configuration.clock.nowMicros()
        let dropped = sealedMarks.withLock { sealed -> [MarksFile] in
            sealed.append(contentsOf: files)
            sealed.sort { $0.firstSeq > $1.firstSeq }
            sealed.removeAll { !$0.isAlive(configuration.windows, now: now) }
            var bytes = 0
            let kept = sealed.prefix { file in
                bytes += file.size
                return bytes <= configuration.marksBytes
            }
            let dropped = Array(sealed[kept.endIndex...])
            sealed = Array(kept)
            return dropped
        }
        guard !dropped.isEmpty else { return }
        let count = dropped.reduce(0) { $0 + $1.markCount }
        droppedMarks.wrappingAdd(UInt64(count), ordering: .relaxed)
        logger.warning(
            "deduplication no longer knows the oldest events: their marks are beyond the cap",
            metadata: ["marks": "\(count)", "below_seq": "\(dropped[0].endSeq)", "cap": "\(configuration.marksBytes)"]
        )
    }
}
