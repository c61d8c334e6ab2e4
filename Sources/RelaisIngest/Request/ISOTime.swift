/// Times as text: ISO 8601 with a date, a time of day and an offset, as JSON of every language has them
/// (`2026-11-26T10:00:00.123Z`, `2026-11-26T11:00:00+01:00`).
enum ISOTime {
    /// Microseconds since 1970, UTC; nil when the text is no such time. Without an offset it is UTC; finer fractions are cut.
    static func micros(_ text: Bytes) -> Int64? {
        var at = 0
        guard let year = digits(text, &at, 4), skip(text, &at, "-"), let month = digits(text, &at, 2),
            skip(text, &at, "-"), let day = digits(text, &at, 2), (1...12).contains(month), (1...31).contains(day),
            skip(text, &at, "T") || skip(text, &at, "t") || skip(text, &at, " "),
            let hour = digits(text, &at, 2), hour < 24, skip(text, &at, ":"), let minute = digits(text, &at, 2),
            minute < 60
        else { return nil }
        var second: Int64 = 0
        if skip(text, &at, ":") {
            guard let value = digits(text, &at, 2), value <= 60 else { return nil }
            second = value
        }
        guard let fraction = fraction(text, &at), let offset = offset(text, &at), at == text.count else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return ((days * 24 + hour) * 60 + minute - offset) * 60_000_000 + second * 1_000_000 + fraction
    }

    /// Microseconds; 0 where there is no fraction.
    private static func fraction(_ text: Bytes, _ at: inout Int) -> Int64? {
        guard skip(text, &at, ".") || skip(text, &at, ",") else { return 0 }
        let start = at
        var value: Int64 = 0
        while at < text.count, text[at].isDigit {
            if at - start < 6 { value = value * 10 + Int64(text[at] - 0x30) }
            at += 1
        }
        guard at > start else { return nil }
        for _ in min(at - start, 6)..<6 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    private static func offset(_ text: Bytes, _ at: inout Int) -> Int64? {
        if at == text.count || skip(text, &at, "Z") || skip(text, &at, "z") { return 0 }
        let isWest = skip(text, &at, "-")
        guard isWest || skip(text, &at, "+"), let hours = digits(text, &at, 2), hours < 24 else { return nil }
        _ = skip(text, &at, ":")
        let minutes = at == text.count ? 0 : digits(text, &at, 2)
        guard let minutes, minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    /// Days of the proleptic Gregorian calendar, by eras of 400 years that begin in March.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func digits(_ text: Bytes, _ at: inout Int, _ count: Int) -> Int64? {
        guard at + count <= text.count else { return nil }
        var value: Int64 = 0
        for byte in text.slice(at..<at + count) {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        at += count
        return value
    }

    private static func skip(_ text: Bytes, _ at: inout Int, _ letter: Unicode.Scalar) -> Bool {
        guard at < text.count, text[at] == UInt8(ascii: letter) else { return false }
        at += 1
        return true
    }
}
