/// `limits.per_ip`, `limits.per_key`: how often one sender may come.
package struct RateLimit: Sendable, Hashable {
    /// `requests_per_second`: in the long run, 1 to 1000000.
    package var requestsPerSecond: Int
    /// `burst`: at once, 1 to 10000000; default ten seconds' worth.
    package var burst: Int

    package init(requestsPerSecond: Int, burst: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst ?? requestsPerSecond * 10
    }
}

extension MappingReader {
    /// A rate limit under a key: a mapping, or the word `off`; nil when absent or refused.
    func rateLimit(_ key: String) -> RateLimitSetting? {
        guard let entry = entry(key) else { return nil }
        if entry.value.scalar?.text == "off" { return .off }
        guard let nested = mapping(key) else { return nil }
        let rate = nested.integer("requests_per_second", in: 1...1_000_000)
        let burst = nested.integer("burst", in: 1...10_000_000)
        if nested.entry("requests_per_second") == nil {
            nested.reportMissing("requests_per_second", fix: "write requests_per_second: 100, or \(key): off")
        }
        nested.finish()
        return rate.map { .limited(RateLimit(requestsPerSecond: $0, burst: burst)) }
    }
}

/// What the file says of a rate limit.
enum RateLimitSetting {
    case off
    case limited(RateLimit)

    var limit: RateLimit? {
        guard case .limited(let limit) = self else { return nil }
        return limit
    }
}
