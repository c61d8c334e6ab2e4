/// Writes the page that Prometheus reads: every metric of the catalogue that has a value, in the catalogue's order.
package struct Exposition {
    private let format: ExpositionFormat
    private var text = ""

    private init(_ format: ExpositionFormat) { self.format = format }

    /// `samples`: gauges, and counters that are kept elsewhere.
    package static func text(
        of store: MetricStore,
        samples: [MetricSample],
        format: ExpositionFormat = .prometheus
    ) -> String {
        var page = Exposition(format)
        let byName = Dictionary(grouping: samples, by: \.metric.name)
        for metric in Metric.all { page.write(metric, store, byName[metric.name] ?? []) }
        if format == .openMetrics { page.text += "# EOF\n" }
        return page.text
    }

    private mutating func write(_ metric: Metric, _ store: MetricStore, _ samples: [MetricSample]) {
        if case .histogram = metric.kind {
            let histograms = store.histograms(metric)
            if !histograms.isEmpty { writeHead(metric) }
            for (values, histogram) in histograms { write(metric, values, histogram) }
            return
        }
        let counters = store.counters(metric)
        guard !counters.isEmpty || !samples.isEmpty else { return }
        writeHead(metric)
        for (values, counter) in counters { writeLine(metric.name, labels(metric, values), String(counter.value)) }
        for sample in samples {
            writeLine(metric.name, labels(metric, sample.values), Self.number(sample.number))
        }
    }

    private mutating func writeHead(_ metric: Metric) {
        let isCounter = metric.kind == .counter
        let family = format == .openMetrics && isCounter ? String(metric.name.dropLast(6)) : metric.name
        text += "# HELP \(family) \(Self.escaped(metric.help, quotes: format == .openMetrics))\n"
        text += "# TYPE \(family) \(metric.kind.word)\n"
    }

    private mutating func write(_ metric: Metric, _ values: [String], _ histogram: Histogram) {
        let reading = histogram.reading
        let labels = labels(metric, values)
        var cumulative: UInt64 = 0
        for (index, count) in reading.counts.enumerated() {
            cumulative &+= count
            let bounds = histogram.buckets.bounds
            let bound = index < bounds.count ? Self.number(Double(bounds[index]) / histogram.buckets.divisor) : "+Inf"
            writeLine(metric.name + "_bucket", labels + [("le", bound)], String(cumulative))
        }
        writeLine(metric.name + "_sum", labels, Self.number(Double(reading.sum) / histogram.buckets.divisor))
        writeLine(metric.name + "_count", labels, String(cumulative))
    }

    private func labels(_ metric: Metric, _ values: [String]) -> [(name: String, value: String)] {
        zip(metric.labels, values).map { ($0.rawValue, $1) }
    }

    private mutating func writeLine(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(value)\n"
    }

    /// Back-slashes and line ends, and in label values quotes too.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }
}
