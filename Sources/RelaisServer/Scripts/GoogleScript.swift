internal import NIOHTTP1
internal import RelaisConfig

/// One of Google's tag scripts as one host of a site serves it: where it is fetched, and what is put in place of Google's
/// host and of the paths that have another name here.
///
/// Only the three scripts of a tag, only for the containers and tags that the configuration names, and only with the
/// parameters that are theirs: the relay is no open proxy.
struct GoogleScript: Sendable, Hashable {
    enum Kind: Sendable, Hashable, CaseIterable {
        case gtag
        case gtm
        case destination

        /// Google's, and ours unless another is configured.
        var path: String {
            switch self {
            case .gtag: "/gtag/js"
            case .gtm: "/gtm.js"
            case .destination: "/gtag/destination"
            }
        }
    }

    struct Replacement: Sendable, Hashable {
        var old: String
        var new: String
    }

    /// Why none is served.
    struct Refusal: Error, Sendable, Equatable {
        var status: HTTPResponseStatus
        var reason: String
    }

    /// Where it is fetched.
    let url: String
    let replacements: [Replacement]
    /// Seconds.
    let lifetime: Int64

    /// Beside `id`, in the order that they are sent on; `l` names the data layer, the others are of GTM's environments and
    /// previews. Of what else Google's scripts add themselves (`gtm=`, a hash of their build) nothing is sent on: every
    /// page would have a copy of its own.
    private static let parameters = ["l", "cx", "gtm_auth", "gtm_preview", "gtm_cookies_win"]

    /// `authority`: the request's `Host`, in lower case.
    init(
        _ kind: Kind,
        of site: SiteConfiguration,
        _ scripts: GoogleScriptsConfiguration,
        _ authority: String,
        query: [UInt8]
    ) throws(Refusal) {
        guard Self.isAuthority(authority) else {
            throw Refusal(status: .badRequest, reason: "the Host header is no host name")
        }
        var values: [String: String] = [:]
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(decoding: parts[0], as: UTF8.self)
            guard parts.count == 2, name == "id" || Self.parameters.contains(name), values[name] == nil else {
                continue
            }
            guard parts[1].count <= 64, parts[1].allSatisfy(Self.isPlain) else {
                throw Refusal(status: .badRequest, reason: "the parameter \(name) is none that Google's scripts have")
            }
            values[name] = String(decoding: parts[1], as: UTF8.self)
        }
        let id = try Self.id(values["id"], kind, of: site, scripts)
        let more = Self.parameters.compactMap { name in values[name].map { "&\(name)=\($0)" } }
        url = "\(scripts.upstream)\(kind.path)?id=\(id)\(more.joined())"
        replacements = Self.replacements(site, scripts, authority)
        lifetime = scripts.cache.components.seconds
    }

    private static func id(
        _ shown: String?,
        _ kind: Kind,
        of site: SiteConfiguration,
        _ scripts: GoogleScriptsConfiguration
    ) throws(Refusal) -> String {
        var known = scripts.ids
        if case .only(let ids) = site.measurementIDs { known += ids.filter { !known.contains($0) } }
        let fitting = known.filter { $0.hasPrefix("GTM-") == (kind == .gtm) }
        if let shown {
            // gtag.js serves containers too.
            guard known.contains(shown), kind != .gtm || fitting.contains(shown) else {
                throw Refusal(
                    status: .notFound,
                    reason: "\(shown) is not served here: add it to sites.\(site.name).google_scripts.ids"
                )
            }
            return shown
        }
        guard fitting.count == 1 else {
            throw Refusal(status: .badRequest, reason: "which script? The query has no id, such as ?id=G-ABC123")
        }
        return fitting[0]
    }

    /// Google's scripts load each other by the literals that these are (gtag.js of February 2026).
    private static func replacements(
        _ site: SiteConfiguration,
        _ scripts: GoogleScriptsConfiguration,
        _ authority: String
    ) -> [Replacement] {
        var replacements = [Replacement(old: "www.googletagmanager.com", new: authority)]
        for kind in Kind.allCases {
            guard let path = scripts.path(of: kind) else { continue }
            replacements.append(Replacement(old: "\(kind.path)?id=", new: "\(path)?id="))
        }
        if let path = site.paths.gtag { replacements.append(Replacement(old: "/g/collect", new: path)) }
        return replacements
    }

    /// The script's text with all replacements made.
    func rewritten(_ bytes: [UInt8]) -> [UInt8] {
        let patterns = replacements.map { (old: Array($0.old.utf8), new: Array($0.new.utf8)) }
        let beginnings = Set(patterns.compactMap(\.old.first))
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 1024)
        var index = 0
        while index < bytes.count {
            if beginnings.contains(bytes[index]),
                let pattern = patterns.first(where: { bytes[index...].starts(with: $0.old) })
            {
                result += pattern.new
                index += pattern.old.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Nothing that has a meaning in an address or in a script.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isAuthority(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isPlain) else {
            return false
        }
        return parts.count == 1 || (1...5).contains(parts[1].utf8.count) && parts[1].allSatisfy(\.isNumber)
    }
}
