internal import RelaisConfig

/// A token bucket in one number, the generic cell rate algorithm. Times in nanoseconds of one monotonic clock.
struct TokenBucket: Sendable, Equatable {
    /// How a bucket fills.
    struct Rate: Sendable, Equatable {
        /// Time for one token.
        let interval: Int64
        /// Time for a full bucket.
        let depth: Int64

        init(_ limit: RateLimit) {
            self.init(interval: max(1, 1_000_000_000 / Int64(max(1, limit.requestsPerSecond))), burst: limit.burst)
        }

        init(interval: Int64, burst: Int) {
            self.interval = interval
            depth = interval * Int64(max(1, burst))
        }
    }

    /// When the bucket is full again; a time in the past: it is full.
    private(set) var fullAt: Int64 = 0

    /// Takes a token; nil when there was one, else how long until there is one.
    mutating func take(at now: Int64, _ rate: Rate) -> Int64? {
        let fullAfter = max(fullAt, now) + rate.interval
        guard fullAfter - now <= rate.depth else { return fullAfter - now - rate.depth }
        fullAt = fullAfter
        return nil
    }
}
