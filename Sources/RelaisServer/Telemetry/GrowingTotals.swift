internal import RelaisTelemetry
internal import Synchronization

/// Turns totals that begin anew with each plugin instance into counters that never fall.
final class GrowingTotals: Sendable {
    private let store: MetricStore
    private let last: Mutex<[[String]: UInt64]> = Mutex([:])

    init(_ store: MetricStore) { self.store = store }

    /// `values` in the order of the metric's labels, of which there are one or two.
    func report(_ metric: Metric, _ values: [String], total: UInt64) {
        let added = last.withLock { last in
            let before = last.updateValue(total, forKey: [metric.name] + values) ?? 0
            return total >= before ? total - before : total
        }
        store.counter(metric, values).add(Int(clamping: added))
    }
}
