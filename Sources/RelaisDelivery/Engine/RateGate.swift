internal import RelaisEvent

/// A token bucket for a destination's requests, kept as the time at which it is full again (the generic cell rate
/// algorithm): no timer fills it, and the same calls give the same answers. Times in milliseconds since 1970.
struct RateGate: Sendable, Equatable {
    /// Microseconds of filling that a request uses up; rounded up, so that the rate is never exceeded.
    private let interval: Int64
    /// Microseconds of filling that a full bucket holds.
    private let capacity: Int64
    /// Microseconds since 1970.
    private var fullAt: Int64 = 0

    init(_ rate: RequestRate) {
        interval = max(1, (rate.period * 1000 + Int64(rate.requests) - 1) / Int64(rate.requests))
        capacity = interval * Int64(rate.burst)
    }

    /// Takes a token; false when there is none.
    mutating func take(now: Int64) -> Bool {
        guard readyAt <= now else { return false }
        fullAt = max(fullAt, now * 1000) + interval
        return true
    }

    /// When there is a token; in the past: there is one.
    var readyAt: Int64 {
        let micros = fullAt - capacity + interval
        return micros <= 0 ? 0 : (micros + 999) / 1000
    }

    /// Notes the time: a clock that was set back must not keep the bucket empty for as long.
    mutating func note(now: Int64) { fullAt = min(fullAt, now * 1000 + capacity) }
}
