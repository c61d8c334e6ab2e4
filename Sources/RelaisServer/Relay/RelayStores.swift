internal import Foundation
internal import Logging
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisLog

/// The relay's files below `state`: the event log and the deliveries' memory.
struct RelayStores {
    let log: SegmentedEventLog
    let state: SQLiteDeliveryState

    init(configuration: RelaisConfiguration, observer: any LogObserver, logger: Logger) throws {
        let directory = configuration.state
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        var logConfiguration = RelaisLog.LogConfiguration()
        logConfiguration.observer = observer
        logConfiguration.dedupWindow = configuration.dedup.window.components.seconds
        logConfiguration.purchaseWindow = configuration.dedup.purchase.components.seconds
        log = try SegmentedEventLog(directory: directory + "/log", configuration: logConfiguration, logger: logger)
        state = try SQLiteDeliveryState(
            path: directory + "/relais.db",
            configuration: StateConfiguration(),
            logger: logger
        )
    }

    func close() {
        log.close()
        state.close()
    }
}
