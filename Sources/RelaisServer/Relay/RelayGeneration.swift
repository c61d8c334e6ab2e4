internal import Logging
internal import RelaisConfig
internal import RelaisPlugins

/// What one reading of the configuration makes. All of it exists before any of it is put to use, and a reload puts
/// another in its place as a whole.
struct RelayGeneration: Sendable {
    var configuration: RelaisConfiguration
    var host: PluginHost
    /// The enabled destinations, in the order of the file.
    var planned: [PlannedDestination]
    var collector: CollectorGeneration
    var adminGuard: AdminGuard

    /// Reads the plugin directory; runs nothing. Throws `ConfigurationErrors` for what is wrong with the destinations.
    init(configuration: RelaisConfiguration, logger: Logger) throws {
        let planner = DestinationPlanner(configuration: configuration, logger: logger)
        let planned = try planner.plan()
        self.configuration = configuration
        self.planned = planned
        host = planner.host
        collector = try CollectorGeneration(
            configuration: configuration,
            manifests: Dictionary(planned.map { ($0.name, $0.manifest) }) { first, _ in first }
        )
        adminGuard = AdminGuard(configuration: configuration.admin)
    }
}
