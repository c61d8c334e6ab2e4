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
    /// nil: addresses are not looked up.
    let geo: GeoFile?

    /// `manifests`: those of the enabled destinations, by name. `cookieKey`: what the relay's own cookies are made with.
    init(
        configuration: RelaisConfiguration,
        manifests: [String: PluginManifest],
        tls: TLSIdentity?,
        cookieKey: CookieKey = .random(),
        geo: GeoFile? = nil,
        metrics: MetricStore = MetricStore()
    ) throws {
        pipeline = try IngestPipeline(
            configuration: configuration,
            manifests: manifests,
            cookieKey: cookieKey,
            geo: geo?.database,
            metrics: metrics
        )
        scripts = SiteScripts(configuration: configuration)
        limits = configuration.limits
        rates = RateRules(configuration: configuration)
        self.tls = tls
        self.geo = geo
    }

    private init(_ generation: CollectorGeneration, _ pipeline: IngestPipeline, tls: TLSIdentity?, geo: GeoFile?) {
        self.pipeline = pipeline
        scripts = generation.scripts
        limits = generation.limits
        rates = generation.rates
        self.tls = tls
        self.geo = geo
    }

    /// The same with another certificate.
    func with(tls: TLSIdentity) -> CollectorGeneration {
        CollectorGeneration(self, pipeline, tls: tls, geo: geo)
    }

    /// The same with another database of places.
    func with(geo: GeoFile) -> CollectorGeneration {
        var pipeline = pipeline
        pipeline.geo = geo.database
        return CollectorGeneration(self, pipeline, tls: tls, geo: geo)
    }
}
