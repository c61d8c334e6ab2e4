internal import RelaisEvent

/// A search as the admin API is asked for it.
package struct SearchWords: Codable, Sendable {
    private static let maximumIdentifiers = 16

    package var eventID: String?
    package var transactionID: String?
    package var clientID: String?
    /// SHA-256 in hex.
    package var identifiers: [String]?
    package var eventName: String?
    package var site: String?
    package var source: String?
    package var since: String?
    package var until: String?
    package var before: UInt64?
    package var limit: Int?

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case identifiers, site, source, since, until, before, limit
        case eventID = "event_id"
        case transactionID = "transaction_id"
        case clientID = "client_id"
        case eventName = "event_name"
    }

    /// `now`: microseconds since 1970.
    func search(now: Int64) throws(AdminError) -> EventSearch {
        var search = EventSearch()
        if eventID != nil, transactionID != nil {
            throw .badRequest("event_id and transaction_id exclude each other")
        }
        search.id = eventID ?? transactionID
        search.clientID = clientID
        search.identifiers = try hashes()
        search.eventName = eventName
        search.site = site
        search.source = source
        search.since = try TimeText.micros(since, name: "since", now: now)
        search.until = try TimeText.micros(until, name: "until", now: now)
        search.before = before
        search.limit = limit ?? 50
        guard (1...AdminQuery.largestLimit).contains(search.limit) else {
            throw .badRequest("limit must be from 1 to \(AdminQuery.largestLimit)")
        }
        return search
    }

    private func hashes() throws(AdminError) -> [String] {
        let given = (identifiers ?? []).map { $0.lowercased() }
        guard given.count <= Self.maximumIdentifiers else {
            throw .badRequest("identifiers must be at most \(Self.maximumIdentifiers)")
        }
        let isHex = given.allSatisfy { text in
            text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        }
        guard isHex else { throw .badRequest("identifiers must be SHA-256 hashes, 64 hex digits each, never in clear") }
        return given
    }
}
