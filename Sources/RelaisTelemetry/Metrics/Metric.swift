/// One metric: what it is called, what it counts, and by what its series are told apart.
package struct Metric: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Only grows, from 0 at the start of the process; its name ends in `_total`.
        case counter
        case gauge
        case histogram(HistogramBuckets)

        package var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    package let name: String
    package let kind: Kind
    /// A sentence for people; it ends up in `# HELP` and in the documentation.
    package let help: String
    package let labels: [MetricLabel]

    package init(_ name: String, _ kind: Kind, labels: [MetricLabel] = [], _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }
}
