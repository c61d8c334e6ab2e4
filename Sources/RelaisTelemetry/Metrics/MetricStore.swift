internal import Synchronization

/// Every counter and histogram of the process, by metric and label values. Who counts asks for its cells once and keeps
/// them; asking again for the same ones gives the same, so that counts go on over a reload of the configuration. What is
/// no longer configured keeps its last value until the process ends.
package final class MetricStore: Sendable {
    /// Series of one metric; beyond, everything new goes to one whose labels are all `other`.
    static let maximumSeries = 4096
    /// Values of an open label for each combination of the others.
    static let maximumOpenValues = 50
    static let overflow = "other"

    private struct Family: Sendable {
        var counters: [[String]: Counter] = [:]
        var histograms: [[String]: Histogram] = [:]
        var openValues: [[String]: Int] = [:]
    }

    private let families: Mutex<[String: Family]> = Mutex([:])
    private let shards: Int

    /// `shards`: threads that count often, each with its own number from 0 on.
    package init(shards: Int = 1) { self.shards = shards }

    /// The cell of a counter; `values` in the order of the metric's labels.
    package func counter(_ metric: Metric, _ values: String...) -> Counter { counter(metric, values) }

    package func counter(_ metric: Metric, _ values: [String]) -> Counter {
        families.withLock { families in
            Self.cell(metric, values, in: &families[metric.name, default: Family()], at: \.counters) {
                Counter(shards: shards)
            }
        }
    }

    /// The cell of a histogram; `values` in the order of the metric's labels.
    package func histogram(_ metric: Metric, _ values: String...) -> Histogram {
        families.withLock { families in
            Self.cell(metric, values, in: &families[metric.name, default: Family()], at: \.histograms) {
                guard case .histogram(let buckets) = metric.kind else {
                    return Histogram(.counts([]), shards: shards)
                }
                return Histogram(buckets, shards: shards)
            }
        }
    }

    /// A metric's counters by label values, sorted.
    package func counters(_ metric: Metric) -> [(values: [String], counter: Counter)] {
        sorted(families.withLock { $0[metric.name]?.counters } ?? [:])
    }

    /// A metric's histograms by label values, sorted.
    package func histograms(_ metric: Metric) -> [(values: [String], histogram: Histogram)] {
        sorted(families.withLock { $0[metric.name]?.histograms } ?? [:])
    }

    private func sorted<Cell>(_ cells: [[String]: Cell]) -> [([String], Cell)] {
        cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }

    private static func cell<Cell>(
        _ metric: Metric,
        _ values: [String],
        in family: inout Family,
        at path: WritableKeyPath<Family, [[String]: Cell]>,
        make: () -> Cell
    ) -> Cell {
        if let known = family[keyPath: path][values] { return known }
        let admitted = admit(metric, values, in: &family, count: family[keyPath: path].count)
        if let known = family[keyPath: path][admitted] { return known }
        let made = make()
        family[keyPath: path][admitted] = made
        return made
    }

    private static func admit(_ metric: Metric, _ values: [String], in family: inout Family, count: Int) -> [String] {
        guard count < maximumSeries else { return values.map { _ in overflow } }
        guard metric.labels.last?.isOpen == true else { return values }
        let others = Array(values.dropLast())
        let known = family.openValues[others, default: 0]
        guard known < maximumOpenValues else { return others + [overflow] }
        family.openValues[others] = known + 1
        return values
    }
}
