internal import Dispatch
internal import Logging
internal import RelaisConfig
internal import RelaisPlugins
internal import RelaisTelemetry
internal import Synchronization

/// Puts a new configuration to use in a running relay: all of it, or, when anything is wrong with it, nothing.
final class Reloader: Sendable {
    /// Where the configuration is read from, each time.
    struct Source: Sendable {
        var path: String
        /// As the process was started with it: it cannot change.
        var environment: [String: String]

        func load() throws(ConfigurationErrors) -> RelaisConfiguration {
            try ConfigurationLoader.load(path: path, environment: environment)
        }
    }

    private let source: Source
    private let current: CurrentGeneration
    private let deliveries: Deliveries
    private let collector: CollectorServer
    private let metrics: MetricStore
    private let log: LogSettings
    private let logger: Logger
    /// Files that were of no use, so that it is said once.
    private let refused = Mutex<[FileStamp]>([])
    /// One change at a time; it reads files, starts plugins and waits for runners.
    private let queue = DispatchQueue(label: "relais.reload")

    init(
        source: Source,
        current: CurrentGeneration,
        deliveries: Deliveries,
        collector: CollectorServer,
        metrics: MetricStore,
        log: LogSettings,
        logger: Logger
    ) {
        self.source = source
        self.current = current
        self.deliveries = deliveries
        self.collector = collector
        self.metrics = metrics
        self.log = log
        self.logger = logger
    }

    /// Reads the file again and applies it. What is wrong is in the report and in the log.
    func reload() async -> ReloadReport {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.perform()) }
        }
    }

    /// Takes up the certificate and the database of places when their files have changed. What is wrong with them is in the
    /// log, once, and those in use stay.
    func renewFiles() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.renewCertificate()
                self.renewPlaces()
                continuation.resume()
            }
        }
    }

    private func renewCertificate() {
        let generation = current.value
        guard let tls = generation.configuration.tls else { return }
        let stamp = FileStamp([tls.certificate, tls.key])
        guard stamp != generation.collector.tls?.stamp else { return }
        renew("the certificate", tls.certificate, stamp) {
            try TLSIdentity(generation.configuration).map { generation.collector.with(tls: $0) }
        }
    }

    private func renewPlaces() {
        let generation = current.value
        guard let file = generation.configuration.geo.file else { return }
        let stamp = FileStamp([file])
        guard stamp != generation.collector.geo?.stamp else { return }
        renew("the database of places", file, stamp) {
            try GeoFile(generation.configuration).map { generation.collector.with(geo: $0) }
        }
    }

    private func renew(
        _ what: String,
        _ file: String,
        _ stamp: FileStamp,
        _ make: () throws -> CollectorGeneration?
    ) {
        guard !refused.withLock({ $0.contains(stamp) }) else { return }
        do {
            guard let renewed = try make() else { return }
            var generation = current.value
            generation.collector = renewed
            try collector.adopt(renewed)
            current.replace(with: generation)
            logger.notice("\(what) was renewed", metadata: ["file": "\(file)"])
        } catch {
            refused.withLock { $0 = $0.suffix(1) + [stamp] }
            logger.error("\(what) cannot be renewed, the one in use stays: \(error)")
        }
    }

    private func perform() -> ReloadReport {
        var report = ReloadReport()
        do {
            let configuration = try source.load()
            report.findings = configuration.diagnostics
            let rules = RestartRule.violations(from: current.value.configuration, to: configuration)
            guard rules.isEmpty else { throw ConfigurationErrors(diagnostics: rules) }
            let generation = try RelayGeneration(configuration: configuration, metrics: metrics, logger: logger)
            report.problems = generation.host.inventory.problems.map(\.description)
            try apply(generation, &report)
        } catch let errors as ConfigurationErrors {
            report.findings += errors.diagnostics
        } catch {
            report.problems.append("\(error)")
        }
        report.findings.sort { ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column) }
        write(report)
        return report
    }

    /// First the destinations that are new, so that nothing is planned for them before they can have it; then the
    /// collector; then those that are gone, so that nothing is planned for them any more.
    private func apply(_ generation: RelayGeneration, _ report: inout ReloadReport) throws {
        let preparation = try deliveries.prepare(generation.planned, host: generation.host)
        do {
            try tryPlugins(generation, preparation.changes, &report)
            try deliveries.begin(preparation)
        } catch {
            preparation.discard()
            throw error
        }
        report.isApplied = true
        report.changes = preparation.changes
        try collector.adopt(generation.collector)
        current.replace(with: generation)
        log.adopt(generation.configuration.log)
        try deliveries.finish(preparation)
    }

    /// A plugin that will not have its configuration shows it only when it runs.
    private func tryPlugins(_ generation: RelayGeneration, _ changes: DeliveryChanges, _ report: inout ReloadReport)
        throws
    {
        guard generation.host.options.isolation == .process else { return }
        let trial = PluginTrial(configuration: generation.configuration, host: generation.host)
        var findings: [ConfigurationDiagnostic] = []
        for planned in generation.planned where !changes.unchanged.contains(planned.name) {
            findings += try trial.findings(on: planned)
        }
        if findings.contains(where: { $0.severity == .error }) { throw ConfigurationErrors(diagnostics: findings) }
        report.findings += findings
    }

    private func write(_ report: ReloadReport) {
        for finding in report.findings {
            logger.log(level: finding.severity == .error ? .error : .warning, "\(finding)")
        }
        for problem in report.problems { logger.log(level: report.isApplied ? .warning : .error, "\(problem)") }
        guard report.isApplied else { return logger.error("the configuration was not applied: nothing has changed") }
        let changes = report.changes
        logger.notice(
            "the configuration was applied",
            metadata: [
                "added": "\(changes.added)", "restarted": "\(changes.restarted)", "removed": "\(changes.removed)",
                "unchanged": "\(changes.unchanged.count)",
            ]
        )
    }
}
