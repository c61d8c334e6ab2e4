internal import RelaisEvent

/// Reads the `Retry-After` header: a number of seconds or an HTTP date (RFC 9110, 10.2.3 and 5.6.7).
package enum RetryAfter {
    /// Milliseconds from now; nil when the answer has none that can be read.
    static func milliseconds(of response: HTTPResponse, now: Int64) -> Int64? {
        response.headers.first { $0.name == "retry-after" }.flatMap { milliseconds($0.value, now: now) }
    }

    package static func milliseconds(_ text: String, now: Int64) -> Int64? {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != "\r" }
        if let seconds = Int64(trimmed.filter { $0 != " " }), seconds >= 0 {
            return seconds > Int64.max / 1000 ? Int64.max : seconds * 1000
        }
        return date(trimmed).map { max(0, $0 - now) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, in milliseconds since 1970.
    private static func date(_ text: Substring) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]), let year = Int64(parts[3]),
            let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let days = daysSince1970(year: year, month: Int64(month) + 1, day: day)
        return ((days * 24 + clock[0]) * 60 + clock[1]) * 60_000 + clock[2] * 1000
    }

    /// Counts years from March, so that the leap day comes last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
