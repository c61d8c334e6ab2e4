internal import Foundation
internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisIngest

/// Finds out who sends a request: by its write key, or, without one, by the page it comes from.
struct SourceResolver: Sendable {
    /// The source of a request and its site. A class, so that handing it on copies neither.
    final class Resolution: Sendable {
        let source: SourceConfiguration
        let site: SiteConfiguration
        /// A write key was shown: addresses and times of the sender are believed.
        let isKeyed: Bool

        init(source: SourceConfiguration, site: SiteConfiguration, isKeyed: Bool) {
            self.source = source
            self.site = site
            self.isKeyed = isKeyed
        }
    }

    /// Why a request has no source.
    struct Refusal: Error, Sendable, Equatable {
        var status: HTTPResponseStatus
        var reason: String
    }

    /// What the key that a request shows makes of its sender.
    enum Sender: Sendable {
        /// A server: the key is a write key.
        case server(Resolution)
        /// A browser of that source: the key is public, and the page has to belong to the source.
        case browser(SourceConfiguration)
        /// It shows no key.
        case unnamed
    }

    private struct Key: Sendable {
        let digest: [UInt8]
        let isPublic: Bool
        let resolution: Resolution
    }

    private let configuration: RelaisConfiguration
    private let keys: [Key]

    init(configuration: RelaisConfiguration) {
        self.configuration = configuration
        keys = configuration.sources.flatMap { source -> [Key] in
            guard let site = configuration.site(named: source.site) else { return [] }
            let server = Resolution(source: source, site: site, isKeyed: true)
            let browser = Resolution(source: source, site: site, isKeyed: false)
            return source.writeKeys.map { Key(digest: $0.digest, isPublic: false, resolution: server) }
                + source.publicKeys.map { Key(digest: WriteKey.digest($0), isPublic: true, resolution: browser) }
        }
    }

    /// The request's origin, when some source takes browsers from it: the one to echo for CORS.
    func allowedOrigin(_ request: IncomingRequest) -> String? {
        guard let text = request.header("origin"), let origin = WebOrigin(text) else { return nil }
        let isAllowed = configuration.sources.contains { source in
            !source.isKeyed && allows(origin, source)
        }
        return isAllowed ? text : nil
    }

    // MARK: Keys

    /// Which of the configured write keys it is; nil when it is none of them. Every key is compared, whichever matches.
    func knownKey(_ shown: String?) -> Int? {
        guard let position = shown.flatMap(position), !keys[position].isPublic else { return nil }
        return position
    }

    /// The source whose public key it is.
    func source(ofPublicKey key: String) -> SourceConfiguration? {
        guard let position = position(key), keys[position].isPublic else { return nil }
        return keys[position].resolution.source
    }

    /// Who sends, by the key that the request shows; nil: it shows none.
    func sender(showing key: String?, client: SourceConfiguration.Client) throws(Refusal) -> Sender {
        guard let key else { return .unnamed }
        guard let position = position(key) else {
            throw Refusal(status: .unauthorized, reason: "the write key is not known")
        }
        let known = keys[position]
        guard known.resolution.source.clients.contains(client) else {
            throw Refusal(
                status: .forbidden,
                reason: "source \(known.resolution.source.name) does not take \(client.rawValue) requests: "
                    + "add it to its clients"
            )
        }
        return known.isPublic ? .browser(known.resolution.source) : .server(known.resolution)
    }

    private func position(_ shown: String) -> Int? {
        guard !shown.isEmpty else { return nil }
        let shown = WriteKey.digest(shown)
        var found: Int?
        for (index, known) in keys.enumerated() where WriteKey.areEqual(known.digest, shown) { found = index }
        return found
    }

    private static func keyPlace(_ client: SourceConfiguration.Client) -> String {
        client == .measurementProtocol ? "it as api_secret in the query" : "Authorization: Bearer <key>"
    }

    // MARK: Browsers

    /// The source and site of a request. `pageHost`: the host of the page a hit names itself, for browsers that send
    /// neither Origin nor Referer.
    func resolve(
        _ request: IncomingRequest,
        from sender: Sender,
        client: SourceConfiguration.Client,
        pageHost: @autoclosure () -> String?
    ) throws(Refusal) -> Resolution {
        switch sender {
        case .server(let resolution): return resolution
        case .browser(let source): return try browser(request, client, among: [source], pageHost: pageHost())
        case .unnamed:
            let candidates = configuration.sources.filter { !$0.isKeyed && $0.clients.contains(client) }
            return try browser(request, client, among: candidates, pageHost: pageHost())
        }
    }

    private func browser(
        _ request: IncomingRequest,
        _ client: SourceConfiguration.Client,
        among candidates: [SourceConfiguration],
        pageHost: String?
    ) throws(Refusal) -> Resolution {
        guard !candidates.isEmpty else {
            throw Refusal(
                status: .unauthorized,
                reason:
                    "no source takes \(client.rawValue) requests without a write key: send \(Self.keyPlace(client))"
            )
        }
        let place = try self.place(of: request, pageHost: pageHost)
        let closest = configuration.site(forHost: place.hostName)
        if let closest, let source = candidates.first(where: { $0.site == closest.name }) {
            return Resolution(source: source, site: closest, isKeyed: false)
        }
        for source in candidates {
            if let site = configuration.site(named: source.site), place.isWithin(source, site) {
                return Resolution(source: source, site: site, isKeyed: false)
            }
        }
        throw Refusal(
            status: .forbidden,
            reason:
                "\(place.text) belongs to no site that takes \(client.rawValue) requests: add it to sites.<name>.domains"
        )
    }

    /// Origin, or for a request without one: its own host when the browser says it is same-origin, then Referer, then the
    /// page the hit names.
    private func place(of request: IncomingRequest, pageHost: String?) throws(Refusal) -> Place {
        if let text = request.header("origin") {
            guard let origin = WebOrigin(text) else {
                throw Refusal(status: .forbidden, reason: "the Origin header is no web origin")
            }
            return .origin(origin)
        }
        switch request.header("sec-fetch-site") {
        case "cross-site"?:
            throw Refusal(status: .forbidden, reason: "a cross-site request without an Origin is not believed")
        case "same-origin"?:
            if let host = request.header("host") { return .host(HostText.name(host)) }
        default: break
        }
        if let referer = request.header("referer"), let host = HostText.ofURL(referer) { return .host(host) }
        if let pageHost { return .host(pageHost.lowercased()) }
        throw Refusal(
            status: .unauthorized,
            reason: "the request has neither a write key nor an Origin: send Authorization: Bearer <key>"
        )
    }

    private enum Place {
        case origin(WebOrigin)
        case host(String)

        var text: String {
            switch self {
            case .origin(let origin): "origin \(origin)"
            case .host(let host): "host \(host.prefix(253))"
            }
        }

        var hostName: String {
            switch self {
            case .origin(let origin): origin.host
            case .host(let host): host
            }
        }

        func isWithin(_ source: SourceConfiguration, _ site: SiteConfiguration) -> Bool {
            switch self {
            case .origin(let origin): site.covers(host: origin.host) || source.origins.contains(origin)
            case .host(let host): site.covers(host: host) || source.origins.contains { $0.host == host }
            }
        }
    }

    private func allows(_ origin: WebOrigin, _ source: SourceConfiguration) -> Bool {
        guard let site = configuration.site(named: source.site) else { return false }
        return Place.origin(origin).isWithin(source, site)
    }
}

extension WriteKeyConfiguration {
    fileprivate var digest: [UInt8] {
        switch form {
        case .plain(let key): WriteKey.digest(key)
        case .sha256(let digest): digest
        }
    }
}
