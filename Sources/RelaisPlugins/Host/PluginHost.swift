package import Logging
package import RelaisEvent

/// Where plugins run.
package enum PluginIsolation: String, Sendable, CaseIterable {
    /// Each destination in a `relais-plugin-host` of its own.
    case process
    /// In the relay itself.
    case inProcess = "in_process"
}

/// Finds plugins, validates destinations' configurations and makes destinations of them: the door to everything above
/// the
/// ABI.
package struct PluginHost: Sendable {
    package struct Options: Sendable {
        /// Directory of `*.so`.
        package var plugins: String
        /// The relay's state directory; it must exist.
        package var state: String
        package var isolation: PluginIsolation
        /// The program `relais-plugin-host`; nil: found by `PluginHostExecutable`.
        package var executable: String?
        /// This relay's version, as plugins see it.
        package var version: String
        package var limits: PluginLimits

        package init(
            plugins: String,
            state: String,
            isolation: PluginIsolation = .process,
            executable: String? = nil,
            version: String,
            limits: PluginLimits = PluginLimits()
        ) {
            self.plugins = plugins
            self.state = state
            self.isolation = isolation
            self.executable = executable
            self.version = version
            self.limits = limits
        }
    }

    package let options: Options
    /// What the directory held when the host was made.
    package let inventory: PluginInventory
    private let store: PluginStore
    private let logger: Logger
    private let clock: any Clock

    /// Reads the plugin directory; runs nothing.
    package init(_ options: Options, logger: Logger, clock: any Clock) {
        self.options = options
        self.logger = logger
        self.clock = clock
        store = PluginStore(state: options.state)
        inventory = PluginDirectory.discover(options.plugins)
    }

    /// Validates a destination's configuration and fills its defaults; runs nothing.
    package func resolve(
        _ specification: DestinationSpecification
    ) throws(DestinationProblems) -> ResolvedDestination {
        try DestinationResolver(inventory: inventory).resolve(specification)
    }

    /// Copies the plugin to the state directory and makes a destination. Its instance is made by the first call.
    package func makeDestination(
        _ destination: ResolvedDestination
    ) throws(PluginProblem) -> any PluginDestination {
        let link = try link(destination)
        switch options.isolation {
        case .inProcess: return InProcessDestination(link: link)
        case .process:
            return ProcessDestination(
                executable: try executable(destination),
                link: link,
                createTimeout: options.limits.createTimeoutMilliseconds
            )
        }
    }

    /// Makes an instance in a child of its own, whatever the isolation, and destroys it again: whether the plugin loads
    /// and
    /// accepts its configuration.
    package func probe(_ destination: ResolvedDestination) throws(PluginProblem) -> PluginProbe {
        try PluginProbe.run(
            try executable(destination),
            try link(destination),
            createTimeout: options.limits.createTimeoutMilliseconds
        )
    }

    private func link(_ destination: ResolvedDestination) throws(PluginProblem) -> PluginLink {
        let manifest = destination.plugin.manifest
        let now = clock.nowMicros() / 1000
        let frame = InitFrame(
            pluginPath: try store.copy(destination.plugin.file),
            manifest: manifest,
            configuration: destination.configuration,
            forms: UserDataForm.forms(of: manifest, clear: destination.clear),
            endpoint: destination.endpoint,
            hostVersion: options.version,
            logLevel: PluginLog.threshold(of: logger),
            limits: options.limits,
            now: now,
            seed: UInt64(bitPattern: now)
        )
        let log = PluginLog(
            logger: logger,
            destination: destination.name,
            plugin: manifest.id,
            secrets: destination.secrets
        )
        return PluginLink(destination, initFrame: frame, log: log)
    }

    private func executable(_ destination: ResolvedDestination) throws(PluginProblem) -> String {
        if let path = options.executable ?? PluginHostExecutable.locate() { return path }
        throw PluginProblem(
            path: destination.plugin.file.path,
            reason: .unreadable,
            message:
                "cannot run apart: there is no \(PluginHostExecutable.name) beside the program; reinstall it, or set "
                + "\(PluginHostExecutable.variable) to its path, or plugins.isolation to in_process"
        )
    }
}
