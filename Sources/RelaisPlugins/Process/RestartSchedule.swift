/// When a plugin's process may be started again. A pure value; times are monotonic milliseconds.
///
/// The first ten failures wait 5 to 50 ms each, so that finding one bad event in a batch by halving is quick; from then
/// on
/// the wait doubles: 100 ms, 200 ms, … 30 s. Thirty seconds without a failure start over.
struct RestartSchedule: Sendable, Equatable {
    static let quickFailures = 10
    static let longestWait: Int64 = 30_000
    static let calm: Int64 = 30_000

    private(set) var failures = 0
    private(set) var readyAt: Int64 = 0
    private var lastFailure: Int64 = 0

    /// Notes a failure and sets the time of the next start.
    mutating func fail(at now: Int64) {
        if failures > 0, now - lastFailure >= Self.calm + wait { failures = 0 }
        failures += 1
        lastFailure = now
        readyAt = now + wait
    }

    /// Milliseconds until a start is allowed; 0 when it is.
    func remaining(at now: Int64) -> Int64 { max(0, readyAt - now) }

    private var wait: Int64 {
        guard failures > Self.quickFailures else { return Int64(failures) * 5 }
        let doublings = min(failures - Self.quickFailures - 1, 12)
        return min(100 << Int64(doublings), Self.longestWait)
    }
}
