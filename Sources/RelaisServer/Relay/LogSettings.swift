internal import Logging
internal import RelaisConfig
internal import Synchronization

/// How the relay's own log is written at present: loggers live as long as the process, the configuration may change.
final class LogSettings: Sendable {
    let repetition = LogRepetition()
    private let levelIndex: Atomic<Int>
    private let isJSON: Atomic<Bool>

    init(_ configuration: LogConfiguration) {
        levelIndex = Atomic(Self.index(of: configuration))
        isJSON = Atomic(configuration.format == .json)
    }

    var level: Logger.Level { Logger.Level.allCases[levelIndex.load(ordering: .relaxed)] }

    var format: LogConfiguration.Format { isJSON.load(ordering: .relaxed) ? .json : .text }

    func adopt(_ configuration: LogConfiguration) {
        levelIndex.store(Self.index(of: configuration), ordering: .relaxed)
        isJSON.store(configuration.format == .json, ordering: .relaxed)
    }

    private static func index(of configuration: LogConfiguration) -> Int {
        let level = Logger.Level(rawValue: configuration.level.rawValue) ?? .info
        return Logger.Level.allCases.firstIndex(of: level) ?? 0
    }
}
