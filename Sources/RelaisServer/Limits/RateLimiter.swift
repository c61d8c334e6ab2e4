internal import RelaisConfig
internal import RelaisIngest

/// Says who comes too often: a server by its write key, everybody else by address.
///
/// Addresses that are not public (loopback, private networks) are no visitors but proxies and machines of one's own, and
/// many visitors may stand behind one: they are not limited.
final class RateLimiter: Sendable {
    /// Why a request is not taken now.
    struct Excess: Sendable, Equatable {
        /// Whole seconds until the next one would be taken.
        var retryAfter: Int
        /// For the sender and the list of rejections; names nobody.
        var reason: String
    }

    private let table = BucketTable()

    /// Counts the request; nil when it may go on. `knownKey`: which of the configured write keys it shows; a key that is
    /// none of them makes nobody a server. `now`: nanoseconds of a monotonic clock.
    func excess(
        of request: IncomingRequest,
        from peer: Peer,
        _ rules: RateRules,
        knownKey: @autoclosure () -> Int?,
        now: @autoclosure () -> Int64
    ) -> Excess? {
        guard rules.perKey != nil || rules.perIP != nil else { return nil }
        let address = rules.visitor(of: request, peer).flatMap { $0.isPublic ? $0 : nil }
        guard rules.perKey != nil || address != nil else { return nil }
        if let key = knownKey() {
            return rules.perKey.flatMap { take(Self.hash(key: key), now(), $0, "one write key", "limits.per_key") }
        }
        guard let rate = rules.perIP, let address else { return nil }
        return take(Self.hash(address), now(), rate, "one address", "limits.per_ip")
    }

    private func take(_ key: UInt64, _ now: Int64, _ rate: TokenBucket.Rate, _ sender: String, _ setting: String)
        -> Excess?
    {
        guard let wait = table.take(key, at: now, rate) else { return nil }
        let seconds = Int((wait + 999_999_999) / 1_000_000_000)
        return Excess(
            retryAfter: max(1, seconds),
            reason: "too many requests of \(sender): send them again after a while, or raise \(setting)"
        )
    }

    private static func hash(key: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Who has one IPv6 address has its whole network of 64 bits.
    private static func hash(_ address: NetworkAddress) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(address.high)
        hasher.combine(address.isIPv4 ? address.low : 0)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// The part of the configuration that rate limits follow.
struct RateRules: Sendable {
    let perIP: TokenBucket.Rate?
    let perKey: TokenBucket.Rate?
    private let proxies: ProxyRules

    init(configuration: RelaisConfiguration) {
        perIP = configuration.limits.perIP.map { TokenBucket.Rate($0) }
        perKey = configuration.limits.perKey.map { TokenBucket.Rate($0) }
        proxies = ProxyRules(configuration: configuration)
    }

    /// The address of the visitor: the peer's, or what trusted proxies say.
    fileprivate func visitor(of request: IncomingRequest, _ peer: Peer) -> NetworkAddress? {
        guard let address = peer.address, proxies.isTrusted(address) else { return peer.address }
        return NetworkAddress(proxies.visitorAddress(of: request))
    }
}
