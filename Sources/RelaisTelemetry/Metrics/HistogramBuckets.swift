/// Fixed buckets. Values are counted as whole numbers of a small unit and shown in the base unit.
package struct HistogramBuckets: Sendable, Equatable {
    /// Upper bounds, ascending, in the small unit.
    package let bounds: [UInt64]
    /// Small units in a base unit: 1,000,000 for microseconds shown as seconds.
    package let divisor: Double

    /// Microseconds, shown as seconds.
    package static func microseconds(_ bounds: [UInt64]) -> HistogramBuckets {
        HistogramBuckets(bounds: bounds, divisor: 1_000_000)
    }

    /// Plain numbers.
    package static func counts(_ bounds: [UInt64]) -> HistogramBuckets {
        HistogramBuckets(bounds: bounds, divisor: 1)
    }

    /// The bucket of a value; the one after the last bound takes what is larger.
    func index(of value: UInt64) -> Int {
        var index = 0
        while index < bounds.count, bounds[index] < value { index += 1 }
        return index
    }
}
