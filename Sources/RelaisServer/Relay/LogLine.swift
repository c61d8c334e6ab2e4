internal import Logging
internal import RelaisEvent

/// One message of the relay's own log, as text for people or JSON for machines. Both are one line, whatever the message
/// and its metadata hold.
struct LogLine {
    /// Names of the line's own members: metadata of the same name gets `_` in front.
    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    /// ISO 8601.
    var time: String
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: Logger.Metadata

    private var sorted: [(key: String, value: String)] {
        metadata.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }

    /// `time LEVEL logger: message key=value …`; control characters are written out, values with spaces are in quotes.
    var text: String {
        let pairs = sorted.filter { !$0.value.isEmpty }.map { key, value in
            let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
            return " \(key)=" + (isPlain ? value : "\"\(value.replacing("\"", with: "\\\""))\"")
        }
        let head = "\(time) \(level.rawValue.uppercased()) \(label): \(message)"
        return TerminalText.sanitized(head + pairs.joined())
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("time", time)
            writer.member("level", level.rawValue)
            writer.member("logger", label)
            writer.member("message", message)
            for (key, value) in sorted { writer.member(Self.reserved.contains(key) ? "_\(key)" : key, value) }
        }
        return writer.bytes
    }
}
