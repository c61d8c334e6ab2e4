package import RelaisEvent

/// Hears of every commit, on the log's thread; must return at once.
package protocol LogObserver: Sendable {
    /// A commit is on disk. `entries` are those that it appended, with the plans that were stored. `microseconds`: what it
    /// took, the fsync included.
    func committed(_ entries: [LogEntry], microseconds: UInt64)

    /// A commit failed, in writing or in the fsync.
    func commitFailed()
}
