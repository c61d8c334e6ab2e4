/// The text forms in which metrics are read.
package enum ExpositionFormat: Sendable, Equatable {
    /// Prometheus' text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// OpenMetrics where the reader asks for it by name, Prometheus' own form otherwise.
    package init(accept: String?) {
        let asks = accept?.lowercased().contains("application/openmetrics-text") ?? false
        self = asks ? .openMetrics : .prometheus
    }

    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}
