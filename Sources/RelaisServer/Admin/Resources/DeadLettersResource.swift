internal import HTTPTypes
internal import RelaisEvent

/// `GET /api/v1/dead`, `POST /api/v1/dead/{retry, drop}`.
struct DeadLettersResource: AdminResource {
    let service: DeadLetterService

    let paths = ["/api/v1/dead", "/api/v1/dead/retry", "/api/v1/dead/drop"]

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path.starts(with: ["api", "v1", "dead"]), request.path.count <= 4 else { return nil }
        guard request.path.count == 4 else { return try await list(request) }
        switch request.path[3] {
        case "retry":
            let (filter, limit) = try await selection(request)
            return .json(try await service.retry(filter, limit: limit).json("retried"))
        case "drop":
            let (filter, limit) = try await selection(request)
            return .json(try await service.drop(filter, limit: limit).json("dropped"))
        default: return nil
        }
    }

    private func list(_ request: AdminRequest) async throws -> AdminAnswer {
        try request.mustRead()
        let query = try request.query(
            known: [
                "destination", "reason", "event_name", "event_id", "seq", "since", "until", "before", "limit", "events",
            ]
        )
        var selection = DeadLetterSelection()
        selection.destination = query.text("destination")
        selection.reason = query.text("reason")
        selection.eventName = query.text("event_name")
        selection.eventID = query.text("event_id")
        selection.seq = try query.number("seq")
        selection.since = query.text("since")
        selection.until = query.text("until")
        let filter = try selection.filter(now: service.clock.nowMicros())
        let before = try query.number("before").map { Int64(clamping: $0) }
        let limit = try query.limit(default: 50)
        guard request.headers[.accept]?.lowercased().hasPrefix("application/x-ndjson") ?? false else {
            let withEvents = query.text("events") == "1"
            return .json(
                try await service.listJSON(filter, before: before, limit: limit, withEvents: withEvents)
            )
        }
        let (lines, next) = try await service.lines(filter, before: before, limit: limit)
        return AdminAnswer(status: .ok, contentType: "application/x-ndjson", body: lines, next: next)
    }

    private func selection(_ request: AdminRequest) async throws -> (DeadLetterFilter, limit: Int) {
        try request.mustWrite()
        let selection = try await request.json(DeadLetterSelection.self)
        let limit = selection.limit ?? AdminQuery.largestLimit
        guard (1...AdminQuery.largestLimit).contains(limit) else {
            throw AdminError.badRequest("limit must be from 1 to \(AdminQuery.largestLimit)")
        }
        return (try selection.filter(now: service.clock.nowMicros()), limit)
    }
}
