import Logging
import RelaisEvent

/// A plugin's lines in the relay's log, without its secrets.
final class PluginLog: Sendable {
    private let logger: Logger
    private let secrets: SecretMask

    init(logger: Logger, destination: String, plugin: String, secrets: [String]) {
        var logger = logger
        logger[metadataKey: "destination"] = "\(destination)"
        logger[metadataKey: "plugin"] = "\(plugin)"
        self.logger = logger
        self.secrets = SecretMask(secrets: secrets)
    }

    func mask(_ text: String) -> String { secrets.apply(to: text) }

    /// - Parameter level: of the ABI; an unknown one counts as info.
    func write(level: Int32, _ line: String) {
        logger.log(level: Self.level(level), "\(mask(line))")
    }

    private static func level(_ level: Int32) -> Logger.Level {
        switch level {
        case 1: .debug
        case 3: .warning
        case 4: .error
        default: .info
        }
    }

    /// The ABI's level that keeps what the logger keeps.
    static func threshold(of logger: Logger) -> Int32 {
        switch logger.logLevel {
        case .trace, .debug: 1
        case .info, .notice: 2
        case .warning: 3
        case .error, .critical: 4
        }
    }
}
