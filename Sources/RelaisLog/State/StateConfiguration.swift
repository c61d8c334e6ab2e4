package import GRDB

/// How a delivery state is kept.
package struct StateConfiguration: Sendable {
    /// Outcomes kept; the oldest give way.
    package var maximumOutcomes = 500_000
    /// Changes are committed at most that long after they were handed over, in seconds.
    package var commitDelay = 0.05
    /// Memory for changes that a full or failing disk does not take. Beyond it outcomes are given up first, and then
    /// nothing more is taken, so that what is on disk stays a state that once was.
    package var backlogBytes = 64 << 20
    /// Called within each commit before anything is written; what it throws fails the commit as a disk would.
    package var commitHook: (@Sendable (Database) throws -> Void)?

    package init() {}
}

/// Why changes of the delivery state are not on disk.
package enum StateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The disk is full or failing; what the system said. The changes are kept in memory, and tried again.
    case unavailable(String)
    /// The disk failed for so long that changes had to be given up: after a restart deliveries will be repeated.
    case overflowed
    case closed

    package var description: String {
        switch self {
        case .unavailable(let text): "the delivery state cannot be written: \(text)"
        case .overflowed:
            "the delivery state could not be written for so long that changes were given up: "
                + "make room on the disk and restart; some events will be delivered again"
        case .closed: "the delivery state is closed"
        }
    }
}
