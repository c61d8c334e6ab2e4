internal import Dispatch
internal import Foundation
internal import Logging
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisLog
internal import Synchronization

/// Keeps the stores within their bounds: looks at the log and its disk every second, and at once when a commit found no
/// room, and carries out what ``Retention`` decides.
final class StoreKeeper: @unchecked Sendable {
    /// What it works on.
    struct Parts: Sendable {
        var log: SegmentedEventLog
        var state: SQLiteDeliveryState
        /// The log's.
        var directory: String
        var segmentBytes: Int
        var configuration: @Sendable () -> StoreConfiguration
        /// Destinations that run.
        var destinations: @Sendable () -> [String]
        /// Has a destination give up what waits below an entry.
        var shed: @Sendable (_ destination: String, _ below: UInt64, _ detail: String) -> Void
        var logger: Logger
    }

    /// Between two looks, in seconds, and in looks between two that also remove what has become old.
    private static let interval = 1.0
    private static let thoroughEvery = 60
    /// Dead letters beyond that many go.
    private static let maximumDeadLetters = 200_000

    private let parts: Parts
    private let wanted = DispatchSemaphore(value: 0)
    private let isStopped = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)
    /// The rest is used by one look at a time.
    private var retention: Retention
    private var looks = 0
    private var lastShed: [String: UInt64] = [:]

    init(_ parts: Parts) {
        self.parts = parts
        retention = Retention(policy: parts.policy)
    }

    /// Looks once before it returns, so that a full disk is known before the first event comes.
    func start() {
        parts.log.onRoomWanted { [wanted] in wanted.signal() }
        look()
        let thread = Thread { [self] in
            while !isStopped.load(ordering: .acquiring) {
                if wanted.wait(timeout: .now() + Self.interval) == .success {
                    // Every refused commit asks: a short rest, and one look for all of them.
                    Thread.sleep(forTimeInterval: 0.05)
                    while wanted.wait(timeout: .now()) == .success {}
                }
                if !isStopped.load(ordering: .acquiring) { look() }
            }
            ended.signal()
        }
        thread.name = "relais-store"
        thread.start()
    }

    func stop() {
        parts.log.onRoomWanted {}
        isStopped.store(true, ordering: .releasing)
        wanted.signal()
        ended.wait()
    }

    private func look() {
        parts.log.probe()
        retention.policy = parts.policy
        let isThorough = looks % Self.thoroughEvery == 0
        looks += 1
        do {
            try bound(isThorough: isThorough)
            if isThorough { try trimState() }
        } catch {
            parts.logger.warning("the stores cannot be looked after", metadata: ["reason": "\(error)"])
        }
    }

    private func bound(isThorough: Bool) throws {
        let segments = try parts.log.segmentFacts()
        let disk = DiskSpace(at: parts.directory)
        let room = retention.policy.room(segments, disk)
        guard isThorough || retention.isRefusing || room < retention.policy.lowWater else {
            return parts.log.allow(room, reason: "its room is used up")
        }
        let running = Set(parts.destinations())
        let now = SystemClock().nowMicros()
        let wasRefusing = retention.isRefusing
        let decision = retention.decide(
            Retention.Facts(
                segments: segments,
                needs: try parts.state.needs().filter { running.contains($0.destination) },
                disk: disk,
                now: now
            )
        )
        try carryOut(decision)
        announce(decision, wasRefusing: wasRefusing)
    }

    private func carryOut(_ decision: Retention.Decision) throws {
        if !decision.removed.isEmpty {
            let count = try parts.log.remove(segments: decision.removed)
            parts.logger.info(
                "segments of the event log are removed",
                metadata: ["count": "\(count)", "start": "\(parts.log.start)"]
            )
        }
        for shed in decision.shed {
            parts.shed(shed.destination, shed.below, decision.reason)
            guard lastShed.updateValue(shed.below, forKey: shed.destination) != shed.below else { continue }
            parts.logger.error(
                "\(shed.destination) gives up its oldest events, because there is no room for them",
                metadata: ["below": "seq:\(shed.below)", "reason": "\(decision.reason)"]
            )
        }
        parts.log.allow(decision.budget, isGrowing: !decision.shed.isEmpty, reason: decision.reason)
    }

    private func announce(_ decision: Retention.Decision, wasRefusing: Bool) {
        guard wasRefusing != retention.isRefusing else { return }
        if retention.isRefusing {
            parts.logger.error("events are refused: there is no room", metadata: ["reason": "\(decision.reason)"])
        } else {
            parts.logger.notice("events are taken in again: there is room")
        }
    }

    private func trimState() throws {
        let now = SystemClock().nowMilliseconds()
        let trimmed = try parts.state.trim(
            StateTrim(
                firstSeq: parts.log.start,
                deadBefore: now - parts.configuration().keepDead.milliseconds,
                maximumDeadLetters: Self.maximumDeadLetters
            )
        )
        guard trimmed.deadLetters > 0 else { return }
        parts.logger.warning("the oldest dead letters are removed", metadata: ["count": "\(trimmed.deadLetters)"])
    }
}

extension StoreKeeper.Parts {
    /// As the configuration has it now.
    fileprivate var policy: RetentionPolicy {
        let configuration = configuration()
        return RetentionPolicy(
            keepMicros: configuration.keep.milliseconds * 1000,
            maximumBytes: configuration.maxBytes,
            minimumFree: configuration.minFree,
            segmentBytes: segmentBytes
        )
    }
}
