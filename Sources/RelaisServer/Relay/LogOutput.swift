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
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let line = settings.format == .json ? json(event, all) : text(event, all)
        var bytes = line
        bytes.append(UInt8(ascii: "\n"))
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written <= 0 { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    private func text(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> [UInt8] {
        var line =
            "\(Timestamp.text(micros: SystemClock().nowMicros())) \(event.level.rawValue.uppercased()) \(label): \(event.message)"
        for (key, value) in metadata { line += " \(key)=\(value)" }
        return line.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }
    }

    private func json(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [
            ("time", Timestamp.text(micros: SystemClock().nowMicros())), ("level", event.level.rawValue),
            ("logger", label), ("message", "\(event.message)"),
        ] {
            writer.key(key)
            writer.string(value)
        }
        for (key, value) in metadata {
            writer.key(key)
            writer.string("\(value)")
        }
        writer.endObject()
        return writer.bytes
    }
}
