package import RelaisEvent
private import Synchronization

/// Starts, watches and stops the runners of all destinations.
package final class DeliverySupervisor: Sendable {
    private let state: any DeliveryState
    private let runners: Mutex<[DestinationRunner]> = Mutex([])

    package init(state: any DeliveryState) { self.state = state }

    /// Starts runners and waits until their first progress is on disk, so that nothing accepted from now on can be
    /// missed after a crash. Call it before anything is planned for them.
    package func start(_ started: [DestinationRunner]) throws {
        let dead = try state.deadLetterCounts()
        let givenUp = try state.deadRangeCounts()
        for runner in started {
            let name = runner.policy.destination
            try runner.start(deadLetters: dead[name] ?? 0, givenUp: givenUp[name] ?? 0)
            runners.withLock { $0.append(runner) }
        }
        try state.flush()
    }

    /// In the order of their start; never waits for a destination.
    package var statuses: [DestinationStatus] { all.map(\.status) }

    /// False when there is no such destination.
    package func pause(_ destination: String, reason: String) async -> Bool {
        guard let runner = runner(of: destination) else { return false }
        await runner.pause(reason: reason)
        return true
    }

    /// False when there is no such destination.
    package func resume(_ destination: String) async -> Bool {
        guard let runner = runner(of: destination) else { return false }
        await runner.resume()
        return true
    }

    /// See `DestinationRunner.shed`; of a destination that does not run nothing is kept anyway.
    package func shed(_ destination: String, below end: UInt64, detail: String) {
        runner(of: destination)?.shed(below: end, detail: detail)
    }

    /// Lets every runner finish what is in flight, all at the same time, and waits for it. Then the state is on disk.
    package func stop(withinMilliseconds limit: Int64) throws {
        try stop(all, withinMilliseconds: limit)
    }

    /// The same for some destinations, which are then forgotten: each may be started again with another runner.
    package func stop(_ destinations: Set<String>, withinMilliseconds limit: Int64) throws {
        let leaving = all.filter { destinations.contains($0.policy.destination) }
        defer { runners.withLock { runners in runners.removeAll { runner in leaving.contains { $0 === runner } } } }
        try stop(leaving, withinMilliseconds: limit)
    }

    private func stop(_ leaving: [DestinationRunner], withinMilliseconds limit: Int64) throws {
        for runner in leaving { runner.beginStop(withinMilliseconds: limit) }
        for runner in leaving { runner.join() }
        try state.flush()
    }

    private var all: [DestinationRunner] { runners.withLock { $0 } }

    /// See `DestinationRunner.replay`; nil when there is no such destination.
    package func replay(_ letters: [ReplayRequest], to destination: String) async -> [UInt64]? {
        await runner(of: destination)?.replay(letters)
    }

    /// See `DestinationRunner.drop`; nil when there is no such destination.
    package func drop(_ seqs: [UInt64], of destination: String) async -> [UInt64]? {
        await runner(of: destination)?.drop(seqs)
    }

    /// See `DestinationRunner.reopen`; false when there is no such destination.
    package func reopen(_ seqs: Range<UInt64>, of destination: String, as letters: [DeadLetter]) async -> Bool {
        guard let runner = runner(of: destination) else { return false }
        await runner.reopen(seqs, as: letters)
        return true
    }

    private func runner(of destination: String) -> DestinationRunner? {
        all.first { $0.policy.destination == destination }
    }
}
