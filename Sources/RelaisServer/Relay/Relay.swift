internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisLog
internal import RelaisPlugins
internal import RelaisTelemetry
internal import ServiceLifecycle
internal import UnixSignals

/// The relay as a whole: puts the rooms together, runs them, and ends them in the right order.
package struct Relay {
    private let source: Reloader.Source
    private let current: CurrentGeneration
    private let stores: RelayStores
    private let deliveries: Deliveries
    private let metrics: MetricStore
    private let log: LogSettings
    private let logger: Logger
    private let ring = RejectionRing()

    /// Runs until SIGTERM or SIGINT, then drains. Throws `ConfigurationErrors` for what the file or the plugins' schemas
    /// object to, and errors with a sentence for people for everything else.
    package static func run(configurationPath: String, environment: [String: String]) async throws {
        let source = Reloader.Source(path: configurationPath, environment: environment)
        let configuration = try source.load()
        let settings = LogSettings(configuration.log)
        LoggingSystem.bootstrap { LogOutput(label: $0, settings: settings) }
        let logger = Logger(label: "relais")
        for finding in configuration.diagnostics { logger.warning("\(finding)") }
        let metrics = MetricStore(shards: System.coreCount)
        let generation = try RelayGeneration(configuration: configuration, metrics: metrics, logger: logger)
        for problem in generation.host.inventory.problems { logger.warning("\(problem)") }
        try await Relay(source, generation, metrics, settings, logger).run()
        logger.notice("stopped")
    }

    private init(
        _ source: Reloader.Source,
        _ generation: RelayGeneration,
        _ metrics: MetricStore,
        _ log: LogSettings,
        _ logger: Logger
    ) throws {
        self.source = source
        self.metrics = metrics
        self.log = log
        self.logger = logger
        current = CurrentGeneration(generation)
        do {
            stores = try RelayStores(
                configuration: generation.configuration,
                observer: LogMeter(metrics),
                logger: logger
            )
        } catch {
            throw RelayError.store(path: generation.configuration.state, reason: "\(error)")
        }
        do {
            deliveries = try Deliveries(log: stores.log, state: stores.state, metrics: metrics, logger: logger)
        } catch {
            stores.close()
            throw error
        }
    }

    private func run() async throws {
        defer { stores.close() }
        do {
            let generation = current.value
            try deliveries.begin(deliveries.prepare(generation.planned, host: generation.host))
            try await serve(generation)
        } catch {
            try? deliveries.stop()
            throw error
        }
        try deliveries.stop()
    }

    private func serve(_ generation: RelayGeneration) async throws {
        let configuration = generation.configuration
        let googleScripts = GoogleScriptService(logger: logger)
        defer { googleScripts.close() }
        let service = CollectorService(log: stores.log, ring: ring, googleScripts: googleScripts)
        let keeper = stores.keeper({ [current] in current.value.configuration.store }, deliveries, logger)
        keeper.start()
        defer { keeper.stop() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let server = CollectorServer(
            service: service,
            group: group,
            generation: generation.collector,
            clock: SystemClock()
        )
        let reloader = Reloader(
            source: source,
            current: current,
            deliveries: deliveries,
            collector: server,
            metrics: metrics,
            log: log,
            logger: logger
        )
        let collector = CollectorRun(
            server: server,
            listen: configuration.listen,
            readiness: service.readiness,
            logger: logger
        )
        logger.notice(
            "starting",
            metadata: ["version": "\(RelaisVersion.current)", "destinations": "\(generation.planned.count)"]
        )
        try await ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: admin(reloader, service)), .init(service: collector),
                    .init(service: await ReloadSignals(reloader)), .init(service: FileWatch(reloader: reloader)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
        try await group.shutdownGracefully()
    }

    private func admin(_ reloader: Reloader, _ collector: CollectorService) -> AdminServer {
        AdminServer(
            service: AdminService(
                receipts: receipts,
                control: deliveries,
                log: stores.log,
                rejections: { [ring] in ring.newest(limit: $0) },
                reload: { await reloader.reload() },
                telemetry: telemetry(collector)
            ),
            listen: current.value.configuration.admin.listen,
            guardian: { [current] in current.value.adminGuard }
        )
    }

    private func telemetry(_ collector: CollectorService) -> RelayTelemetry {
        RelayTelemetry(
            store: metrics,
            log: stores.log,
            destinations: { [deliveries] in deliveries.overviews },
            manifest: { [deliveries] in deliveries.manifest(of: $0) },
            connections: { collector.openConnections },
            isReady: { [log = stores.log] in collector.readiness.reasonNotReady == nil && log.refusal == nil }
        )
    }

    private var receipts: ReceiptService {
        let reencoder = BatchReencoder(current)
        return ReceiptService(
            version: RelaisVersion.current,
            log: stores.log,
            state: stores.state,
            destinations: { [deliveries] in deliveries.overviews },
            reencode: { try reencoder.reencoding(of: $0, entries: $1) },
            secrets: { [deliveries] in deliveries.secrets(of: $0) },
            digest: Digest.sha256,
            clock: SystemClock()
        )
    }
}
