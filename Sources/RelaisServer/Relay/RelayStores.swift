internal import Foundation
internal import Logging
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisLog

/// The relay's files below `state`: the event log and the deliveries' memory.
struct RelayStores {
    let log: SegmentedEventLog
    let state: SQLiteDeliveryState
    private let directory: String
    private let segmentBytes: Int

    init(configuration: RelaisConfiguration, observer: any LogObserver, logger: Logger) throws {
        directory = configuration.state
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        var logConfiguration = RelaisLog.LogConfiguration()
        logConfiguration.observer = observer
        logConfiguration.dedupWindow = configuration.dedup.window.components.seconds
        logConfiguration.purchaseWindow = configuration.dedup.purchase.components.seconds
        logConfiguration.segmentBytes = RetentionPolicy.segmentBytes(
            maximumBytes: configuration.store.maxBytes,
            disk: DiskSpace(at: directory)?.total ?? .max
        )
        logConfiguration.marksBytes = min(1 << 30, max(16 << 20, configuration.store.maxBytes / 4))
        segmentBytes = logConfiguration.segmentBytes
        logConfiguration.checkpointBytes = min(logConfiguration.checkpointBytes, segmentBytes / 2)
        log = try SegmentedEventLog(directory: directory + "/log", configuration: logConfiguration, logger: logger)
        state = try SQLiteDeliveryState(
            path: directory + "/relais.db",
            configuration: StateConfiguration(),
            logger: logger
        )
    }

    /// What keeps them within the bounds that the configuration has at the time; to be started.
    func keeper(
        _ configuration: @escaping @Sendable () -> StoreConfiguration,
        _ deliveries: Deliveries,
        _ logger: Logger
    ) -> StoreKeeper {
        StoreKeeper(
            StoreKeeper.Parts(
                log: log,
                state: state,
                directory: directory + "/log",
                segmentBytes: segmentBytes,
                configuration: configuration,
                destinations: { deliveries.names },
                shed: { deliveries.shed($0, below: $1, detail: $2) },
                logger: logger
            )
        )
    }

    func close() {
        log.close()
        state.close()
    }
}
