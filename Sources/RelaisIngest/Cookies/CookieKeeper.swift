/// Copies of cookies that browsers cut short when scripts write them, in one that only the relay writes and reads:
/// `1|<name>:<end in seconds>:<value>|…|<code>`. The code keeps it from being made up, or carried to another site.
struct CookieKeeper: Equatable {
    struct Entry: Equatable {
        var name: String
        var value: String
        /// Seconds since 1970.
        var end: Int64
    }

    static let name = "relais_kept"
    /// What is kept, in order of importance: what no longer fits is left out.
    static let names = ["_ga", "_fbp", "_fbc", "_gcl_aw", "ttclid", "_ttp", "li_fat_id"]
    /// Browsers keep 4096 bytes of a cookie, attributes included.
    private static let maximumBytes = 3600
    private static let version = "1"
    private static let codeBytes = 16

    var entries: [Entry] = []

    init() {}

    /// Without what has ended; nil when it is not the relay's own, or another site's.
    init?(_ value: String, site: String, key: CookieKey, now: Int64) {
        guard let bar = value.lastIndex(of: "|"), value.utf8.count <= 4096 else { return nil }
        let text = value[..<bar]
        guard Self.code(text, site, key) == value[value.index(after: bar)...] else { return nil }
        let parts = text.split(separator: "|")
        guard parts.first == Self.version[...] else { return nil }
        entries = parts.dropFirst().compactMap { part in
            let fields = part.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let end = Int64(fields[1]), end > now else { return nil }
            return Entry(name: String(fields[0]), value: String(fields[2]), end: end)
        }
    }

    func value(site: String, key: CookieKey) -> String {
        var text = Self.version
        for entry in entries where !entry.value.utf8.contains(UInt8(ascii: "|")) {
            let part = "|\(entry.name):\(entry.end):\(entry.value)"
            if text.utf8.count + part.utf8.count <= Self.maximumBytes { text += part }
        }
        return "\(text)|\(Self.code(text[...], site, key))"
    }

    subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    /// Whether the same cookies are kept; their ends may differ.
    func hasSameCookies(as other: CookieKeeper) -> Bool {
        entries.map(\.name) == other.entries.map(\.name) && entries.map(\.value) == other.entries.map(\.value)
    }

    private static func code(_ text: Substring, _ site: String, _ key: CookieKey) -> String {
        Base64Text.encodeURL(Array(key.code("keep", site: site, Array(text.utf8)).prefix(codeBytes)))
    }
}
