/// `GET /api/v1/destinations[/{name}]`, `POST /api/v1/destinations/{name}/{pause, resume}`.
struct DestinationsResource: AdminResource {
    let service: AdminService

    let paths = [
        "/api/v1/destinations", "/api/v1/destinations/{name}", "/api/v1/destinations/{name}/pause",
        "/api/v1/destinations/{name}/resume",
    ]

    private struct Pause: Decodable {
        var reason: String?
    }

    /// What a pause's reason may have of bytes.
    private static let longestReason = 500

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path.starts(with: ["api", "v1", "destinations"]), request.path.count <= 5 else { return nil }
        guard request.path.count == 5 else {
            try request.mustRead()
            _ = try request.query(known: [])
            return request.path.count == 3
                ? .json(service.destinationsJSON()) : .json(try service.destinationJSON(request.path[3]))
        }
        let name = request.path[3]
        switch request.path[4] {
        case "pause":
            try request.mustWrite()
            return .json(try await service.pause(name, reason: try await reason(request)))
        case "resume":
            try request.mustWrite()
            return .json(try await service.resume(name))
        default: return nil
        }
    }

    private func reason(_ request: AdminRequest) async throws -> String {
        let reason = try await request.json(Pause.self).reason ?? ""
        guard reason.utf8.count <= Self.longestReason else {
            throw AdminError.badRequest("the body's /reason must have at most \(Self.longestReason) bytes")
        }
        return reason.isEmpty ? "paused by an operator" : reason
    }
}
