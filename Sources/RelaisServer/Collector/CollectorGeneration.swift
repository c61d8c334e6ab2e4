internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisTelemetry

/// What one reading of the configuration makes of the collector: immutable, and taken as a whole by each request.
final class CollectorGeneration: Sendable {
    let pipeline: IngestPipeline
    let scripts: SiteScripts
    /// Those of sizes count for requests, those of time and `requestBytes` for connections opened under this generation.
    let limits: LimitsConfiguration
    let rates: RateRules
    /// nil: plain HTTP.
    let tls: TLSIdentity?

    /// `manifests`: those of the enabled destinations, by name. `cookieKey`: what the relay's own cookies are made with.
    init(
        configuration: RelaisConfiguration,
        manifests: [String: PluginManifest],
        tls: TLSIdentity?,
        cookieKey: CookieKey = .random(),
        metrics: MetricStore = MetricStore()
    ) throws {
        pipeline = try IngestPipeline(
            configuration: configuration,
            manifests: manifests,
            cookieKey: cookieKey,
            metrics: metrics
        )
        scripts = SiteScripts(configuration: configuration)
        limits = configuration.limits
        rates = RateRules(configuration: configuration)
        self.tls = tls
    }

    /// The same with another certificate.
    init(_ generation: CollectorGeneration, tls: TLSIdentity) {
        pipeline = generation.pipeline
        scripts = generation.scripts
        limits = generation.limits
        rates = generation.rates
        self.tls = tls
    }
}
