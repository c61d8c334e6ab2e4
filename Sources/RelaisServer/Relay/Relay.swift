internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisPlugins
internal import ServiceLifecycle
internal import UnixSignals

/// The relay as a whole: puts the rooms together, runs them, and ends them in the right order.
package enum Relay {
    /// Runs until SIGTERM or SIGINT, then drains. Throws `ConfigurationErrors` for what the file or the plugins' schemas
    /// object to, and errors with a sentence for people for everything else.
    package static func run(configurationPath: String, environment: [String: String]) async throws {
        let configuration = try ConfigurationLoader.load(path: configurationPath, environment: environment)
        let output = configuration.log
        LoggingSystem.bootstrap { LogOutput(label: $0, configuration: output) }
        let logger = Logger(label: "relais")
        for finding in configuration.diagnostics { logger.warning("\(finding)") }
        try await run(configuration, logger: logger)
    }

    private static func run(_ configuration: RelaisConfiguration, logger: Logger) async throws {
        let planner = DestinationPlanner(configuration: configuration, logger: logger)
        for problem in planner.host.inventory.problems { logger.warning("\(problem)") }
        let planned = try planner.plan()
        let stores: RelayStores
        do {
            stores = try RelayStores(configuration: configuration, logger: logger)
        } catch {
            throw RelayError.store(path: configuration.state, reason: "\(error)")
        }
        defer { stores.close() }
        let deliveries = try Deliveries(
            planned,
            host: planner.host,
            log: stores.log,
            state: stores.state,
            logger: logger
        )
        do {
            try await serve(configuration, planned, planner.host, stores, deliveries, logger)
        } catch {
            try? deliveries.stop()
            throw error
        }
        try deliveries.stop()
        logger.notice("stopped")
    }

    private static func serve(
        _ configuration: RelaisConfiguration,
        _ planned: [PlannedDestination],
        _ host: PluginHost,
        _ stores: RelayStores,
        _ deliveries: Deliveries,
        _ logger: Logger
    ) async throws {
        let ring = RejectionRing()
        let manifests = Dictionary(planned.map { ($0.name, $0.manifest) }) { first, _ in first }
        let service = CollectorService(
            pipeline: try IngestPipeline(configuration: configuration, manifests: manifests),
            log: stores.log,
            ring: ring,
            requestBytes: configuration.limits.requestBytes
        )
        let probe = DiskProbe(directory: configuration.state, readiness: service.readiness)
        probe.start()
        defer { probe.stop() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let collector = CollectorRun(
            server: CollectorServer(
                service: service,
                group: group,
                limits: configuration.limits,
                clock: SystemClock()
            ),
            listen: configuration.listen,
            readiness: service.readiness,
            logger: logger
        )
        let admin = AdminServer(
            service: AdminService(
                receipts: receipts(planned, host, stores, deliveries),
                rejections: { ring.newest(limit: $0) }
            ),
            configuration: configuration.admin
        )
        logger.notice(
            "starting",
            metadata: ["version": "\(RelaisVersion.current)", "destinations": "\(planned.count)"]
        )
        try await ServiceGroup(
            configuration: .init(
                services: [.init(service: admin), .init(service: collector)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        ).run()
        try await group.shutdownGracefully()
    }

    private static func receipts(
        _ planned: [PlannedDestination],
        _ host: PluginHost,
        _ stores: RelayStores,
        _ deliveries: Deliveries
    ) -> ReceiptService {
        let reencoder = BatchReencoder(host: host, planned: planned)
        return ReceiptService(
            version: RelaisVersion.current,
            log: stores.log,
            state: stores.state,
            destinations: { deliveries.overviews },
            reencode: { try reencoder.requests(of: $0, entries: $1) },
            secrets: { deliveries.secrets(of: $0) },
            digest: Digest.sha256,
            clock: SystemClock()
        )
    }
}
