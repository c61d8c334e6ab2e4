/// Durations as the configuration writes them: a whole number and one of `ms`, `s`, `m`, `h`, `d`.
package enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The duration a text stands for; nil without a unit, or when it passes what 64 bits of milliseconds hold.
    package static func parse(_ text: String) -> Duration? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        guard let number = Int64(digits), let unit = units.first(where: { $0.suffix == text[digits.endIndex...] })
        else { return nil }
        let (milliseconds, isTooLarge) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return isTooLarge ? nil : .milliseconds(milliseconds)
    }

    /// The shortest text for a duration, e.g. `48h`; fractions of a millisecond are dropped.
    package static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        let unit = units.last { milliseconds % $0.milliseconds == 0 }
        guard let unit else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
