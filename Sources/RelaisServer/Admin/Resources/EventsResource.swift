internal import Foundation
internal import HTTPTypes

/// `GET /api/v1/events`, `GET /api/v1/events/{id}`: events in short, and receipts.
struct EventsResource: AdminResource {
    let service: AdminService

    let paths = ["/api/v1/events", "/api/v1/events/{event_id, transaction_id or seq:N}"]

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path.starts(with: ["api", "v1", "events"]), request.path.count <= 4 else { return nil }
        try request.mustRead()
        guard request.path.count == 4 else { return try await list(request) }
        return try await receipt(request.path[3], request)
    }

    private func list(_ request: AdminRequest) async throws -> AdminAnswer {
        let query = try request.query(known: ["limit", "after"])
        return .json(try await service.eventsJSON(limit: query.limit(default: 50), after: query.number("after")))
    }

    /// JSON, or text for a terminal when that is asked for: `Accept: text/plain`, `?width=` columns.
    private func receipt(_ id: String, _ request: AdminRequest) async throws -> AdminAnswer {
        let width = try request.query(known: ["width"]).number("width") ?? 100
        let receipt = try await service.receipt(of: id)
        let wantsText = request.headers[.accept]?.lowercased().hasPrefix("text/plain") ?? false
        return wantsText ? .text(receipt.text(width: Int(min(width, 1000)))) : .json(receipt.json())
    }
}
