/// Exponential backoff with full jitter: after `failures` failures in a row the wait is drawn evenly from
/// 0…`ceiling(failures:)`, so that many waiting parties spread out instead of coming back together.
///
/// Ceilings in seconds with the default base of 1 s and cap of 600 s:
///
/// | failures | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 and more |
/// |---|---|---|---|---|---|---|---|---|---|---|---|
/// | ceiling | 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 512 | 600 |
package struct Backoff: Sendable, Equatable {
    /// Milliseconds.
    package var base: Int64
    /// Milliseconds.
    package var cap: Int64

    package init(base: Int64 = 1000, cap: Int64 = 600_000) {
        self.base = max(1, base)
        self.cap = max(self.base, cap)
    }

    /// The longest wait after that many failures, in milliseconds.
    package func ceiling(failures: Int) -> Int64 {
        let shift = max(0, failures - 1)
        guard shift < 40 else { return cap }
        let (product, overflow) = base.multipliedReportingOverflow(by: 1 << Int64(shift))
        return overflow ? cap : min(cap, product)
    }

    /// A wait after that many failures, in milliseconds.
    package func wait(failures: Int, using generator: inout some RandomNumberGenerator) -> Int64 {
        Int64.random(in: 0...ceiling(failures: failures), using: &generator)
    }
}
