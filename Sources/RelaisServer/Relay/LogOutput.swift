internal import Logging
internal import RelaisConfig
internal import RelaisEvent

#if canImport(Glibc)
internal import Glibc
#endif

/// The relay's own log on standard error: a line a message, as text or JSON. What is logged holds neither secrets nor
/// personal data; that is the callers' duty, this only formats.
struct LogOutput: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let settings: LogSettings
    private var ownLevel: Logger.Level?

    init(label: String, settings: LogSettings) {
        self.label = label
        self.settings = settings
    }

    /// The configuration's, unless a logger was given one of its own.
    var logLevel: Logger.Level {
        get { ownLevel ?? settings.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let now = SystemClock().nowMicros()
        var line = LogLine(
            time: Timestamp.text(micros: now),
            level: event.level,
            label: label,
            message: "\(event.message)",
            metadata: metadata.merging(event.metadata ?? [:]) { _, new in new }
        )
        let (isAllowed, leftOut) = settings.repetition.admit(line, now: now / 1000)
        guard isAllowed else { return }
        if leftOut > 0 { line.metadata["left_out"] = "\(leftOut)" }
        write((settings.format == .json ? line.json : Array(line.text.utf8)) + [UInt8(ascii: "\n")])
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written <= 0 { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}
