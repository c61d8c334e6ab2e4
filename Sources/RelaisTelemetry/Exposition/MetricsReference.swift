/// The catalogue as documentation, in Markdown.
package enum MetricsReference {
    package static var markdown: String {
        let sections: [(String, [Metric])] = [
            ("Collector and events", Metric.collector), ("Event log", Metric.log), ("Destinations", Metric.delivery),
            ("Plugins", Metric.plugin), ("Process", Metric.process),
        ]
        let tables = sections.map { title, metrics in "### \(title)\n\n" + table(of: metrics) }
        return (tables + ["### Labels\n\n" + labels]).joined(separator: "\n")
    }

    private static func table(of metrics: [Metric]) -> String {
        let rows = metrics.map { metric in
            let labels = metric.labels.map { "`\($0.rawValue)`" }.joined(separator: " ")
            return "| `\(metric.name)` | \(metric.kind.word) | \(labels) | \(metric.help) |\n"
        }
        return "| metric | type | labels | meaning |\n|---|---|---|---|\n" + rows.joined()
    }

    private static var labels: String {
        let rows = MetricLabel.allCases.map { "| `\($0.rawValue)` | \($0.help) |\n" }
        return "| label | values |\n|---|---|\n" + rows.joined()
    }
}
