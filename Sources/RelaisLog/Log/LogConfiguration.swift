package import GRDB
package import RelaisEvent

/// How an event log is kept.
package struct LogConfiguration: Sendable {
    /// A new segment file is begun after that many bytes.
    package var segmentBytes = 64 << 20
    /// A commit takes at most about that many bytes, and that many entries; a request is never parted.
    package var commitBytes = 4 << 20
    package var commitEntries = 4096
    /// What may wait for the disk before `submit` answers `.overloaded`.
    package var queueBytes = 64 << 20
    package var queueEntries = 65_536
    /// Memory for the entries that were appended last.
    package var tailBytes = 8 << 20
    /// The write-ahead log is copied into the segment, in the background, whenever it grew by that many bytes.
    package var checkpointBytes = 8 << 20
    /// `dedup.window` and `dedup.purchase`, in seconds.
    package var dedupWindow: Int64 = 48 * 3600
    package var purchaseWindow: Int64 = 90 * 86400
    /// Bytes of older segments' marks that are looked at; beyond, the oldest are left out, and that is said.
    package var marksBytes = 1 << 30
    package var clock: any Clock = SystemClock()
    package var observer: (any LogObserver)?
    /// Called within each commit before anything is written; what it throws fails the commit as a disk would.
    package var commitHook: (@Sendable (Database) throws -> Void)?

    package init() {}

    var windows: MarkWindows {
        MarkWindows(standardMicros: dedupWindow * 1_000_000, purchaseMicros: purchaseWindow * 1_000_000)
    }
}
