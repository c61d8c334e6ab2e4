internal import Logging
internal import RelaisConfig
internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisPlugins
internal import ServiceLifecycle

/// The delivery side of the relay: a plugin instance and a runner a destination, and one transport for all.
final class Deliveries: Sendable {
    private struct Line: Sendable {
        var planned: PlannedDestination
        var destination: any PluginDestination
    }

    private static let drainMilliseconds: Int64 = 10_000

    private let supervisor: DeliverySupervisor
    private let transport: CurlTransport
    private let lines: [Line]

    init(
        _ planned: [PlannedDestination],
        host: PluginHost,
        log: any EventLog,
        state: any DeliveryState,
        logger: Logger
    ) throws {
        transport = try CurlTransport()
        supervisor = DeliverySupervisor(state: state)
        var lines: [Line] = []
        var runners: [DestinationRunner] = []
        let environment = RunnerEnvironment(
            log: log,
            state: state,
            clock: SystemClock(),
            logger: logger,
            digest: Digest.sha256
        )
        for one in planned {
            try state.storeConfiguration(fingerprint: one.fingerprint, text: one.resolved.shownConfiguration)
            let destination = try host.makeDestination(one.resolved)
            lines.append(Line(planned: one, destination: destination))
            runners.append(
                DestinationRunner(
                    destination: destination,
                    policy: one.policy,
                    transport: transport.lane(concurrency: one.configuration.concurrency == 1 ? 1 : nil),
                    environment: environment
                )
            )
        }
        self.lines = lines
        try supervisor.start(runners)
    }

    /// In the order of the configuration.
    var overviews: [DestinationOverview] {
        let statuses = Dictionary(supervisor.statuses.map { ($0.id, $0) }) { first, _ in first }
        return lines.compactMap { line in
            guard let status = statuses[line.planned.name] else { return nil }
            return DestinationOverview(
                status: status,
                plugin: line.planned.manifest.id,
                pluginVersion: line.planned.manifest.version,
                pluginSHA256: line.destination.pluginSHA256,
                configurationFingerprint: line.planned.fingerprint,
                restarts: line.destination.restarts,
                isConfirming: !line.planned.manifest.deliversOn2xx
            )
        }
    }

    func secrets(of destination: String) -> [String] {
        lines.first { $0.planned.name == destination }?.destination.secrets ?? []
    }

    /// Lets what is in flight finish, for a while; what is then left is delivered after the next start.
    func stop() throws {
        defer {
            for line in lines { line.destination.close() }
            transport.close()
        }
        try supervisor.stop(withinMilliseconds: Self.drainMilliseconds)
    }
}
