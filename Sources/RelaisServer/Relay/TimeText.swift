internal import Foundation

/// Times as people write them.
package enum TimeText {
    /// What is understood, for messages.
    package static let form =
        "a time such as 2026-11-26T14:30:00Z or 2026-11-26 (UTC), or so long ago: 90s, 30m, 2h, 7d"

    /// Microseconds since 1970; nil when it is none. `now`: what relative times count from, in the same unit.
    package static func micros(_ text: String, now: Int64) -> Int64? {
        if let ago = duration(text) { return now - ago }
        let day = Date.ISO8601FormatStyle().year().month().day()
        let second = Date.ISO8601FormatStyle()
        let fraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for style in [day, second, fraction] {
            guard style != day || text.utf8.count == 10, let date = try? Date(text, strategy: style) else { continue }
            return Int64((date.timeIntervalSince1970 * 1000).rounded()) * 1000
        }
        return nil
    }

    private static func duration(_ text: String) -> Int64? {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ seconds[$0] }), let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        else { return nil }
        return count * unit * 1_000_000
    }
}
