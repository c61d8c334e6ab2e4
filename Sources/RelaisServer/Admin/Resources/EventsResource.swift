internal import Foundation
internal import HTTPTypes
internal import RelaisEvent

/// `GET|POST /api/v1/events`, `GET /api/v1/events/{id}`: events in short, searched for or the newest, and receipts.
struct EventsResource: AdminResource {
    let service: AdminService

    let paths = ["/api/v1/events", "/api/v1/events/{event_id, transaction_id or seq:N}"]

    private static let filters = [
        "event_id", "transaction_id", "client_id", "event_name", "site", "source", "since", "until", "before",
    ]

    func answer(_ request: AdminRequest) async throws -> AdminAnswer? {
        guard request.path.starts(with: ["api", "v1", "events"]), request.path.count <= 4 else { return nil }
        if request.path.count == 3, request.method == .post { return try await search(request) }
        try request.mustRead()
        guard request.path.count == 4 else { return try await list(request) }
        return try await receipt(request.path[3], request)
    }

    private func list(_ request: AdminRequest) async throws -> AdminAnswer {
        let query = try request.query(known: ["limit", "after"] + Self.filters)
        let limit = try query.limit(default: 50)
        if let after = try query.number("after") {
            if let other = Self.filters.first(where: { query.text($0) != nil }) {
                throw AdminQueryError(description: "?after= and ?\(other)= exclude each other")
            }
            return .json(try await service.eventsJSON(limit: limit, after: after))
        }
        guard Self.filters.contains(where: { query.text($0) != nil }) else {
            return .json(try await service.eventsJSON(limit: limit, after: nil))
        }
        var words = SearchWords()
        words.limit = limit
        words.before = try query.number("before")
        words.eventID = query.text("event_id")
        words.transactionID = query.text("transaction_id")
        words.clientID = query.text("client_id")
        words.eventName = query.text("event_name")
        words.site = query.text("site")
        words.source = query.text("source")
        words.since = query.text("since")
        words.until = query.text("until")
        return try await found(words)
    }

    /// The same with the words in a body: what must not stand in URLs.
    private func search(_ request: AdminRequest) async throws -> AdminAnswer {
        _ = try request.query(known: [])
        return try await found(try await request.json(SearchWords.self))
    }

    private func found(_ words: SearchWords) async throws -> AdminAnswer {
        let (json, next) = try await service.searchJSON(try words.search(now: service.receipts.clock.nowMicros()))
        var answer = AdminAnswer.json(json)
        answer.next = next
        return answer
    }

    /// JSON, or text for a terminal when that is asked for: `Accept: text/plain`, `?width=` columns.
    private func receipt(_ id: String, _ request: AdminRequest) async throws -> AdminAnswer {
        let width = try request.query(known: ["width"]).number("width") ?? 100
        let receipt = try await service.receipt(of: id)
        let wantsText = request.headers[.accept]?.lowercased().hasPrefix("text/plain") ?? false
        return wantsText ? .text(receipt.text(width: Int(min(width, 1000)))) : .json(receipt.json())
    }
}
