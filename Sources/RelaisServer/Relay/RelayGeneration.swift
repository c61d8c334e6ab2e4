internal import Logging
internal import RelaisConfig
internal import RelaisPlugins
internal import RelaisTelemetry

/// What one reading of the configuration makes. All of it exists before any of it is put to use, and a reload puts
/// another in its place as a whole.
struct RelayGeneration: Sendable {
    var configuration: RelaisConfiguration
    var host: PluginHost
    /// The enabled destinations, in the order of the file.
    var planned: [PlannedDestination]
    var collector: CollectorGeneration
    var adminGuard: AdminGuard

    /// Reads the plugin directory, the certificate, the database of places and the key of the visitors' ids, which it makes
    /// where there is none; runs nothing. Throws `ConfigurationErrors` for all that is wrong with the destinations, with
    /// `tls` and with `geo`.
    init(configuration: RelaisConfiguration, metrics: MetricStore, logger: Logger) throws {
        let planner = DestinationPlanner(configuration: configuration, logger: logger)
        var found: [ConfigurationDiagnostic] = []
        var planned: [PlannedDestination] = []
        var tls: TLSIdentity?
        var geo: GeoFile?
        do throws(ConfigurationErrors) { tls = try TLSIdentity(configuration) } catch { found += error.diagnostics }
        do throws(ConfigurationErrors) { geo = try GeoFile(configuration) } catch { found += error.diagnostics }
        do throws(ConfigurationErrors) { planned = try planner.plan() } catch { found += error.diagnostics }
        guard found.isEmpty else { throw ConfigurationErrors(diagnostics: found) }
        self.configuration = configuration
        self.planned = planned
        host = planner.host
        collector = try CollectorGeneration(
            configuration: configuration,
            manifests: Dictionary(planned.map { ($0.name, $0.manifest) }) { first, _ in first },
            tls: tls,
            cookieKey: CookieKeyFile.key(in: configuration.state),
            geo: geo,
            metrics: metrics
        )
        adminGuard = AdminGuard(configuration: configuration.admin)
    }
}
