internal import RelaisConfig
internal import RelaisEvent

/// What one reading of the configuration makes of the collector: immutable, and taken as a whole by each request.
final class CollectorGeneration: Sendable {
    let pipeline: IngestPipeline
    /// Those of sizes count for requests, those of time and `requestBytes` for connections opened under this generation.
    let limits: LimitsConfiguration

    /// `manifests`: those of the enabled destinations, by name.
    init(configuration: RelaisConfiguration, manifests: [String: PluginManifest]) throws {
        pipeline = try IngestPipeline(configuration: configuration, manifests: manifests)
        limits = configuration.limits
    }
}
