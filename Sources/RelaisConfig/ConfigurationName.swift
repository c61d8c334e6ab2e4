/// Names of sites, sources and destinations: they stand in URLs, metrics and file names.
enum ConfigurationName {
    /// `[a-z0-9][a-z0-9_-]*`, at most 64 characters.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 64 else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// Reports an entry whose key is not such a name.
    static func check(_ entry: SourceEntry, of kind: String, path: String, _ collector: DiagnosticCollector) {
        guard !isValid(entry.key) else { return }
        collector.error(
            entry.keyLocation,
            path,
            "`\(entry.key.prefix(60))` cannot name a \(kind)",
            fix: "use lower-case letters, digits, `-` and `_`, starting with a letter or digit"
        )
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
