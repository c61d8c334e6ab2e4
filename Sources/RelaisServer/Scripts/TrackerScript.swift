internal import RelaisConfig

/// `relais.js` as one site's hosts serve it: it knows where events go and whose session cookie to read.
///
/// It is served under its path, kept for a short time, and under its path with the revision in it
/// (`/relais.0123456789abcdef.js`), kept for ever.
struct TrackerScript: Sendable {
    static let standardPath = "/relais.js"
    static let shortly = "public, max-age=600, stale-while-revalidate=86400"
    static let forever = "public, max-age=31536000, immutable"

    let script: ServedScript

    /// `site`: nil for a host that belongs to none. `path`: where the tracker is, from which it finds where events go,
    /// also when a proxy puts both below a prefix.
    init(site: SiteConfiguration?, path: String) {
        let events = site?.paths.events ?? "/v1/events"
        let up = String(repeating: "../", count: path.count { $0 == "/" } - 1)
        var identifier = ""
        if case .only(let ids)? = site?.measurementIDs { identifier = ids.first { $0.hasPrefix("G-") } ?? "" }
        let text = Self.source
            .replacing("%events%", with: up + events.dropFirst())
            .replacing("%id%", with: identifier)
        script = ServedScript(Array(text.utf8))
    }

    /// Without indentation and the lines that are comments.
    private static let source: String = String(decoding: PackageResources.relais_js, as: UTF8.self)
        .split(separator: "\n")
        .map { $0.drop { $0 == " " } }
        .filter { !$0.isEmpty && !$0.hasPrefix("//") }
        .joined(separator: "\n")

    /// The path that a path with a revision stands for, and that revision: `/a.0123456789abcdef.js` → `/a.js`.
    static func unrevised(_ path: String) -> (path: String, revision: String)? {
        let ending = path.hasSuffix(".js") ? ".js" : ""
        let stem = path.dropLast(ending.count)
        guard let dot = stem.lastIndex(of: ".") else { return nil }
        let revision = stem[stem.index(after: dot)...]
        guard revision.utf8.count == 16, revision.utf8.allSatisfy(isHexadecimal) else { return nil }
        return (String(stem[..<dot]) + ending, String(revision))
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
