/// Sizes as the configuration writes them: bytes, or a whole number with a unit.
///
/// `B`, `KiB`, `MiB`, `GiB` are powers of 1024; `kB`, `MB`, `GB` powers of 1000.
package enum SizeText {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
        ("kB", 1000), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ]

    /// The number of bytes a text stands for; nil when it is none.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let suffix = text[digits.endIndex...].drop { $0 == " " }
        guard let number = Int(digits), let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit.bytes)
        return isTooLarge ? nil : bytes
    }
}
