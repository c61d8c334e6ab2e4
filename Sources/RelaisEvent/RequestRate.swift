/// How many requests a destination may send: `requests` in every `period`, spread evenly, with up to `burst` at once
/// after a pause.
package struct RequestRate: Sendable, Equatable {
    package static let requestBounds = 1...1_000_000
    package static let burstBounds = 1...100_000
    /// Milliseconds: a second to a day.
    package static let periodBounds: ClosedRange<Int64> = 1000...86_400_000

    package var requests: Int
    /// Milliseconds.
    package var period: Int64
    package var burst: Int

    /// What lies outside the bounds is brought within them. `burst`: a second's worth unless given.
    package init(requests: Int, period: Int64, burst: Int? = nil) {
        self.requests = min(max(requests, Self.requestBounds.lowerBound), Self.requestBounds.upperBound)
        self.period = min(max(period, Self.periodBounds.lowerBound), Self.periodBounds.upperBound)
        let second = Int(Int64(self.requests) * 1000 / self.period)
        self.burst = min(max(burst ?? second, Self.burstBounds.lowerBound), Self.burstBounds.upperBound)
    }
}
