import Foundation
import GRDB
import Logging
import RelaisEvent

/// The thread that commits changes a little after they were handed over, all that gathered at once.
final class StateWriter: @unchecked Sendable {
    private static let retryDelays = [0.1, 0.25, 0.5, 1, 2, 5]
    private let condition = NSCondition()
    private let database: DatabaseQueue
    private let configuration: StateConfiguration
    private let logger: Logger
    private let path: String
    private let stopped = DispatchSemaphore(value: 0)
    private var backlog: StateBacklog
    /// Groups handed over, and groups on disk.
    private var submitted: UInt64 = 0
    private var committed: UInt64 = 0
    private var isFlushWanted = false
    private var isClosed = false
    /// Commits that have failed since the last one that did not, and what the last one met.
    private var failures = 0
    private var attempts: UInt64 = 0
    private var lastFailure: String?

    init(database: DatabaseQueue, configuration: StateConfiguration, logger: Logger, path: String) {
        self.database = database
        self.configuration = configuration
        self.logger = logger
        self.path = path
        backlog = StateBacklog(maximumCost: configuration.backlogBytes)
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "relais-state"
        thread.start()
    }

    /// Why changes are not on disk at present.
    var failure: StateError? {
        condition.lock()
        defer { condition.unlock() }
        return currentFailure
    }

    func append(_ changes: [DeliveryStateChange]) {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed, !changes.isEmpty else { return }
        let wasOverflowed = backlog.isOverflowed
        let droppedBefore = backlog.droppedOutcomes
        let isTaken = backlog.append(changes)
        if isTaken { submitted += 1 }
        if backlog.droppedOutcomes > droppedBefore && droppedBefore == 0 {
            logger.error(
                "outcomes of deliveries are given up: the delivery state cannot be written",
                metadata: metadata
            )
        }
        if !isTaken && !wasOverflowed { logger.critical("\(StateError.overflowed.description)", metadata: metadata) }
        condition.broadcast()
    }

    /// Waits until all that was handed over before is on disk, or until an attempt to write it failed.
    func flush() throws(StateError) {
        condition.lock()
        defer { condition.unlock() }
        let target = submitted
        let attemptsBefore = attempts
        while committed < target {
            if attempts >= attemptsBefore + 2, let currentFailure { throw currentFailure }
            isFlushWanted = true
            condition.broadcast()
            condition.wait()
        }
        if backlog.isOverflowed { throw .overflowed }
    }

    /// Commits what there is, if the disk lets it, and ends the thread.
    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
        stopped.wait()
    }

    private func run() {
        while let groups = next() {
            finish(groups, error: write(groups))
        }
        stopped.signal()
    }

    /// Waits for changes, and a little for more of them; nil at the end.
    private func next() -> [[DeliveryStateChange]]? {
        condition.lock()
        defer { condition.unlock() }
        while backlog.groups.isEmpty {
            if isClosed { return nil }
            isFlushWanted = false
            condition.wait()
        }
        if isClosed && failures > 0 { return nil }
        let retry = Self.retryDelays[min(failures, Self.retryDelays.count) - (failures > 0 ? 1 : 0)]
        let deadline = Date(timeIntervalSinceNow: failures > 0 ? retry : configuration.commitDelay)
        while !isFlushWanted, !isClosed, condition.wait(until: deadline) {}
        isFlushWanted = false
        return backlog.take()
    }

    private func write(_ groups: [[DeliveryStateChange]]) -> (any Error)? {
        do {
            try database.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try configuration.commitHook?(database)
                    try apply(groups, database)
                    return .commit
                }
            }
            return nil
        } catch {
            return error
        }
    }

    private func apply(_ groups: [[DeliveryStateChange]], _ database: Database) throws {
        let changes = groups.joined()
        var lastProgress: [String: Int] = [:]
        var outcomes = 0
        for (position, change) in changes.enumerated() {
            if case .progress(let destination, _, _) = change { lastProgress[destination] = position }
            if case .outcome = change { outcomes += 1 }
        }
        for (position, change) in changes.enumerated() {
            // Of a destination's positions in one commit only the last is ever seen.
            if case .progress(let destination, _, _) = change, lastProgress[destination] != position { continue }
            try StateRows.apply(change, database)
        }
        try StateRows.prune(database, keeping: configuration.maximumOutcomes, atMost: 64 + outcomes * 2)
    }

    private func finish(_ groups: [[DeliveryStateChange]], error: (any Error)?) {
        condition.lock()
        defer { condition.unlock() }
        attempts += 1
        if let error {
            failures += 1
            lastFailure = SQLiteFile.text(error)
            backlog.putBack(groups)
            if failures == 1 { logger.error("the delivery state cannot be written", metadata: metadata) }
        } else {
            if failures > 0 { logger.notice("the delivery state can be written again", metadata: metadata) }
            failures = 0
            lastFailure = nil
            backlog.finish(groups)
            committed += UInt64(groups.count)
        }
        condition.broadcast()
    }

    private var currentFailure: StateError? {
        backlog.isOverflowed ? .overflowed : lastFailure.map { .unavailable($0) }
    }

    private var metadata: Logger.Metadata { ["path": "\(path)", "reason": "\(lastFailure ?? "")"] }
}
