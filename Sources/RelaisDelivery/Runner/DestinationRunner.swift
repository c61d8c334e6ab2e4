private import CCurl
private import Foundation
package import Logging
package import RelaisEvent
private import Synchronization

/// Everything a runner works with; all of it is shared with other runners only where nothing blocks.
package struct RunnerEnvironment: Sendable {
    package var log: any EventLog
    package var state: any DeliveryState
    package var clock: any Clock
    package var logger: Logger
    /// SHA-256 as lower-case hex.
    package var digest: @Sendable ([UInt8]) -> String
    let logEnds: LogEndBroadcast

    package init(
        log: any EventLog,
        state: any DeliveryState,
        clock: any Clock,
        logger: Logger,
        digest: @escaping @Sendable ([UInt8]) -> String
    ) {
        self.log = log
        self.state = state
        self.clock = clock
        self.logger = logger
        self.digest = digest
        logEnds = LogEndBroadcast(of: log)
    }
}

/// Delivers to one destination, on a thread of its own: performs what its engine asks for.
package final class DestinationRunner: Sendable {
    package let destination: any Destination
    package let policy: DeliveryPolicy
    private let transport: any Transport
    private let environment: RunnerEnvironment
    private let observer: (any DeliveryObserver)?
    private let seed: UInt64
    private let mailbox = Mailbox()
    private let snapshot: Mutex<DestinationStatus>
    private let finished = DispatchGroup()
    private let isStarted = Atomic(false)

    package init(
        destination: any Destination,
        policy: DeliveryPolicy,
        transport: any Transport,
        environment: RunnerEnvironment,
        observer: (any DeliveryObserver)? = nil,
        seed: UInt64 = UInt64.random(in: .min ... .max)
    ) {
        self.destination = destination
        self.policy = policy
        self.transport = transport
        var environment = environment
        environment.logger[metadataKey: "destination"] = "\(policy.destination)"
        self.environment = environment
        self.observer = observer
        self.seed = seed
        let status = DestinationStatus(
            id: policy.destination,
            state: .active,
            reason: "",
            detail: "",
            until: nil,
            cursor: 0,
            lag: 0,
            inFlight: 0,
            delivered: 0,
            retrying: 0,
            parked: 0,
            dead: 0
        )
        snapshot = Mutex(status)
    }

    /// Where the destination stands; from any thread, at once. What the log has taken since the runner last looked is lag
    /// already: whoever has been told that an event is accepted finds it here.
    package var status: DestinationStatus {
        var status = snapshot.withLock { $0 }
        let end = environment.log.end
        if end > status.logEnd { status.lag += end - status.logEnd }
        return status
    }

    /// Resumes from the state and starts the thread. A destination seen for the first time begins at the log's end; the
    /// state must be flushed before the log takes events that are planned for it.
    package func start(deadLetters: Int = 0, givenUp: UInt64 = 0) throws {
        guard !isStarted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let log = environment.log
        let progress = within(log, try environment.state.progress(of: policy.destination, initialCursor: log.end))
        environment.state.apply([
            .progress(
                destination: policy.destination,
                cursor: progress.cursor,
                completed: progress.completed
            )
        ])
        let now = environment.clock.nowMicros()
        let engine = DeliveryEngine(
            policy: policy,
            progress: progress,
            seed: seed,
            firstBatchID: UInt64(max(1, now)),
            logEnd: log.end,
            dead: UInt64(max(0, deadLetters)),
            givenUp: givenUp,
            now: now / 1000
        )
        snapshot.withLock { $0 = engine.status }
        environment.logEnds.add(mailbox)
        startThread(engine)
    }

    /// A log that ends before the cursor was begun anew: what it takes from now on must not pass for done.
    private func within(_ log: any EventLog, _ progress: DestinationProgress) -> DestinationProgress {
        let end = log.end
        guard progress.cursor > end || progress.completed.contains(where: { $0.upperBound > end }) else {
            return progress
        }
        environment.logger.error(
            "the event log ends before the delivery state; delivery goes on at the log's end",
            metadata: ["cursor": "\(progress.cursor)", "end": "\(end)"]
        )
        var kept = progress
        kept.cursor = min(progress.cursor, end)
        kept.completed = progress.completed.filter { $0.upperBound <= end }
        return kept
    }

    private func startThread(_ engine: DeliveryEngine) {
        finished.enter()
        let thread = Thread { [self] in
            var loop = RunnerLoop(
                engine: engine,
                destination: destination,
                policy: policy,
                transport: transport,
                environment: environment,
                observer: observer,
                mailbox: mailbox
            )
            relais_name_thread("relais-\(policy.destination)")
            loop.run { status in snapshot.withLock { $0 = status } }
            finished.leave()
        }
        thread.name = "relais-\(policy.destination)"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Gives up what waits below that entry, because the disk is nearly full.
    package func shed(below end: UInt64, detail: String) {
        mailbox.post(.giveUp(below: end, .shed, detail: detail))
    }

    /// Returns once the destination sends nothing more.
    package func pause(reason: String) async { await tell(.pause(reason: reason)) }

    /// Ends any pause, probes at once, and probes parked events.
    package func resume() async { await tell(.resume) }

    /// The same without waiting for it.
    package func resumeSoon() { mailbox.post(.resume) }

    /// Has dead letters sent again; those that were taken. They are on disk as such after the state's next flush.
    package func replay(_ letters: [ReplayRequest]) async -> [UInt64] {
        let wanted = Set(letters.map(\.seq))
        return await tell(.replay(letters)).filter(wanted.contains)
    }

    /// Forgets dead letters, but for those that are being sent again; those that were taken.
    package func drop(_ seqs: [UInt64]) async -> [UInt64] {
        let wanted = Set(seqs)
        return await tell(.drop(seqs)).filter(wanted.contains)
    }

    /// Takes entries out of the dead ranges; these of them become dead letters of their own, in the same change.
    package func reopen(_ seqs: Range<UInt64>, as letters: [DeadLetter]) async {
        await tell(.reopen(seqs, letters))
    }

    @discardableResult
    private func tell(_ input: DeliveryInput) async -> [UInt64] {
        await withCheckedContinuation { continuation in mailbox.post(input) { continuation.resume(returning: $0) } }
    }

    /// Looks at the clock again; for clocks that are turned by hand.
    package func poke() { mailbox.post(.tick) }

    /// Starts nothing new; what is in flight has so long to finish. Returns at once.
    package func beginStop(withinMilliseconds limit: Int64) {
        mailbox.stop(deadline: environment.clock.nowMilliseconds() + max(0, limit))
    }

    /// Waits until the thread has left. What had no answer by then is sent again at the next start.
    package func join() { finished.wait() }
}
