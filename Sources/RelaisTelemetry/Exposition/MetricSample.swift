/// A value that is found out when it is asked for, where counting it all along would be of no use.
package struct MetricSample: Sendable, Equatable {
    package var metric: Metric
    /// In the order of the metric's labels.
    package var values: [String]
    package var number: Double

    package init(_ metric: Metric, _ values: [String] = [], _ number: Double) {
        self.metric = metric
        self.values = values
        self.number = number
    }
}
