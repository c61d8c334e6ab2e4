internal import Logging
internal import RelaisConfig
internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisPlugins
internal import RelaisTelemetry
internal import Synchronization

/// The delivery side of the relay: a plugin instance and a runner a destination, and one transport for all.
final class Deliveries: Sendable {
    fileprivate struct Line: Sendable {
        var planned: PlannedDestination
        var destination: any PluginDestination
    }

    /// Another set of destinations, ready to be put to use: every plugin of it was found, copied and made into a
    /// destination; nothing runs yet.
    struct Preparation: Sendable {
        fileprivate let lines: [Line]
        let changes: DeliveryChanges

        /// Ends what was made for nothing.
        func discard() {
            for line in lines where !changes.unchanged.contains(line.planned.name) { line.destination.close() }
        }
    }

    private static let drainMilliseconds: Int64 = 10_000

    private let supervisor: DeliverySupervisor
    private let transport: CurlTransport
    private let environment: RunnerEnvironment
    private let metrics: MetricStore
    /// In the order of the configuration.
    private let lines: Mutex<[Line]> = Mutex([])

    init(log: any EventLog, state: any DeliveryState, metrics: MetricStore, logger: Logger) throws {
        self.metrics = metrics
        transport = try CurlTransport()
        supervisor = DeliverySupervisor(state: state)
        environment = RunnerEnvironment(
            log: log,
            state: state,
            clock: SystemClock(),
            logger: logger,
            digest: Digest.sha256
        )
    }

    // MARK: Changing

    /// Destinations that a change leaves alone keep their plugin's process and their runner.
    func prepare(_ planned: [PlannedDestination], host: PluginHost) throws -> Preparation {
        let running = lines.withLock { $0 }
        let changes = DeliveryChanges(from: running.map(\.planned), to: planned)
        let kept = Dictionary(running.map { ($0.planned.name, $0.destination) }) { first, _ in first }
        var prepared: [Line] = []
        do {
            for one in planned {
                try environment.state.storeConfiguration(
                    fingerprint: one.fingerprint,
                    text: one.resolved.shownConfiguration
                )
                let old = changes.unchanged.contains(one.name) ? kept[one.name] : nil
                prepared.append(Line(planned: one, destination: try old ?? host.makeDestination(one.resolved)))
            }
        } catch {
            Preparation(lines: prepared, changes: changes).discard()
            throw error
        }
        return Preparation(lines: prepared, changes: changes)
    }

    /// Starts the destinations that are new: call it before anything is planned for them.
    func begin(_ preparation: Preparation) throws {
        let added = preparation.lines.filter { preparation.changes.added.contains($0.planned.name) }
        do {
            try supervisor.start(added.map(runner))
        } catch {
            try? supervisor.stop(Set(preparation.changes.added), withinMilliseconds: 0)
            throw error
        }
        lines.withLock { $0 += added }
    }

    /// Stops the destinations that are gone or run differently, and starts the latter anew from where they stand: call it
    /// when nothing is planned any more for what is gone. Blocks while they let what is in flight finish.
    func finish(_ preparation: Preparation) throws {
        let changes = preparation.changes
        let leaving = Set(changes.removed + changes.restarted)
        let ended = lines.withLock { lines in
            defer { lines = preparation.lines }
            return lines.filter { leaving.contains($0.planned.name) }
        }
        defer { for line in ended { line.destination.close() } }
        try supervisor.stop(leaving, withinMilliseconds: Self.drainMilliseconds)
        let runners = preparation.lines.filter { changes.restarted.contains($0.planned.name) }.map(runner)
        try supervisor.start(runners)
        // Someone has changed something: what waits for better times is tried now, unless it was an operator who said so.
        for runner in runners where runner.status.state != .paused { runner.resumeSoon() }
    }

    private func runner(_ line: Line) -> DestinationRunner {
        DestinationRunner(
            destination: line.destination,
            policy: line.planned.policy,
            transport: transport.lane(concurrency: line.planned.policy.concurrency == 1 ? 1 : nil),
            environment: environment,
            observer: DeliveryMeter(metrics, destination: line.planned.name, isConfirming: line.planned.isConfirming)
        )
    }

    // MARK: Watching

    /// In the order of the configuration.
    var overviews: [DestinationOverview] {
        let statuses = Dictionary(supervisor.statuses.map { ($0.id, $0) }) { first, _ in first }
        return lines.withLock { $0 }.compactMap { line in
            guard let status = statuses[line.planned.name] else { return nil }
            return DestinationOverview(
                status: status,
                plugin: line.planned.manifest.id,
                pluginVersion: line.planned.manifest.version,
                pluginSHA256: line.destination.pluginSHA256,
                configurationFingerprint: line.planned.fingerprint,
                restarts: line.destination.restarts,
                isConfirming: line.planned.isConfirming,
                counters: line.destination.counters
            )
        }
    }

    /// The manifest of a destination that runs.
    func manifest(of destination: String) -> PluginManifest? {
        lines.withLock { $0 }.first { $0.planned.name == destination }?.planned.manifest
    }

    /// Of those that run, or will in a moment.
    var names: [String] { lines.withLock { $0.map(\.planned.name) } }

    func secrets(of destination: String) -> [String] {
        lines.withLock { $0 }.first { $0.planned.name == destination }?.destination.secrets ?? []
    }

    /// Has a destination give up what waits below an entry.
    func shed(_ destination: String, below end: UInt64, detail: String) {
        supervisor.shed(destination, below: end, detail: detail)
    }

    /// Lets what is in flight finish, for a while; what is then left is delivered after the next start.
    func stop() throws {
        defer {
            for line in lines.withLock({ $0 }) { line.destination.close() }
            transport.close()
        }
        try supervisor.stop(withinMilliseconds: Self.drainMilliseconds)
    }
}

extension Deliveries: DeliveryControl {
    func pause(_ destination: String, reason: String) async -> Bool {
        await supervisor.pause(destination, reason: reason)
    }

    func resume(_ destination: String) async -> Bool { await supervisor.resume(destination) }

    func replay(_ letters: [ReplayRequest], to destination: String) async -> [UInt64]? {
        await supervisor.replay(letters, to: destination)
    }

    func drop(_ seqs: [UInt64], of destination: String) async -> [UInt64]? {
        await supervisor.drop(seqs, of: destination)
    }

    func reopen(_ seqs: Range<UInt64>, of destination: String, as letters: [DeadLetter]) async -> Bool {
        await supervisor.reopen(seqs, of: destination, as: letters)
    }
}
