internal import RelaisConfig
internal import RelaisIngest

/// Which peers are proxies, and where they name the visitor.
struct ProxyRules: Sendable {
    private let trusted: NetworkRangeSet
    private let header: String

    init(configuration: RelaisConfiguration) {
        trusted = configuration.trustedProxies
        header = configuration.clientIPHeader
    }

    func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains(address) }

    /// The peer's address, or, where that is a trusted proxy's, the one that trusted proxies vouch for.
    func visitorAddress(of request: IncomingRequest) -> String {
        ForwardedFor.visitorAddress(
            connection: request.remoteAddress,
            header: header,
            values: request.headers.filter { $0.name == header }.map(\.value),
            isTrusted: { NetworkAddress($0).map(trusted.contains) ?? false }
        )
    }

    /// The host as the browser asked for it: a trusted proxy says what it was asked for.
    func host(of request: IncomingRequest) -> String? { last("x-forwarded-host", request) ?? request.header("host") }

    /// Whether the browser's connection was TLS: the relay's own, or its to a trusted proxy.
    func isSecure(_ request: IncomingRequest) -> Bool {
        request.isTLS || last("x-forwarded-proto", request)?.lowercased() == "https"
    }

    /// What the nearest proxy says; nil when the peer is none that is trusted.
    private func last(_ name: String, _ request: IncomingRequest) -> String? {
        guard let peer = NetworkAddress(request.remoteAddress), trusted.contains(peer),
            let value = request.headers.last(where: { $0.name == name })?.value
        else { return nil }
        let entry = value.split(separator: ",").last?.drop { $0 == " " }
        return entry.map { String($0.prefix { $0 != " " }) }
    }
}
