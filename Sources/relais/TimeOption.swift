import ArgumentParser
import Foundation
import RelaisServer

/// A time given on the command line, as the admin API takes it.
enum TimeOption {
    /// ISO 8601 in UTC; a relative time counts from now.
    static func absolute(_ text: String?, option: String) throws -> String? {
        guard let text else { return nil }
        let now = Int64(Date.now.timeIntervalSince1970 * 1000) * 1000
        guard let micros = TimeText.micros(text, now: now) else {
            throw CommandFailure("\(option) must be \(TimeText.form), not \"\(text)\"", code: CommandFailure.usage)
        }
        return Date(timeIntervalSince1970: Double(micros) / 1_000_000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
