internal import HTTPTypes
internal import RelaisTelemetry

/// `GET /metrics`: for Prometheus.
struct MetricsResource: AdminResource {
    let service: AdminService

    let paths = ["/metrics"]

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path == ["metrics"] else { return nil }
        try request.mustRead()
        let format = ExpositionFormat(accept: request.headers[.accept])
        return AdminAnswer(status: .ok, contentType: format.contentType, body: try await service.metrics(format))
    }
}
