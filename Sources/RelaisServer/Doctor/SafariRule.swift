internal import RelaisConfig

/// How long Safari keeps cookies that a relay sets in answers to a page's requests.
///
/// WebKit (NetworkTaskCocoa.mm; pull request 5347 of 2022 for addresses, in Safari since 16.4) cuts them to seven days when
/// the relay's name leads by CNAME to another site than the page's, or when its address shares neither the first 16 bits
/// (IPv4) nor the first 64 bits (IPv6) with the page's. The same host name as the page's is exempt.
struct SafariRule: Equatable {
    enum Outcome: Equatable {
        case kept
        case cut
        /// Not one site: the cookies are a third party's, which Safari never keeps.
        case blocked
    }

    let outcome: Outcome
    let reason: String

    /// `domain`: the site's domain that covers the page; nil when it covers not the relay too.
    init(relay: ResolvedHost, page: ResolvedHost, domain: String?) {
        (outcome, reason) = Self.judge(relay, page, domain)
    }

    private static func judge(_ relay: ResolvedHost, _ page: ResolvedHost, _ domain: String?) -> (Outcome, String) {
        if relay.name == page.name { return (.kept, "\(relay.name) is the page's own host") }
        guard let domain else { return (.blocked, "\(relay.name) and \(page.name) are not one site") }
        if relay.canonical != relay.name, !SiteConfiguration.covers(domain, relay.canonical),
            relay.canonical != page.canonical
        {
            return (.cut, "\(relay.name) is a CNAME of \(relay.canonical), which is not within \(domain)")
        }
        let near = page.addresses.compactMap { NetworkAddress($0) }
        for text in relay.addresses {
            guard let address = NetworkAddress(text), !near.contains(where: address.isNear) else { continue }
            let bits = address.isIPv4 ? 16 : 64
            return (.cut, "no address of \(page.name) shares the first \(bits) bits of \(relay.name)'s \(text)")
        }
        return (.kept, "\(relay.name) and \(page.name) are in the same networks")
    }
}

extension NetworkAddress {
    /// As Safari compares the addresses of one site.
    fileprivate func isNear(_ other: NetworkAddress) -> Bool {
        guard isIPv4 == other.isIPv4 else { return false }
        return isIPv4 ? (low >> 16) & 0xFFFF == (other.low >> 16) & 0xFFFF : high == other.high
    }
}
