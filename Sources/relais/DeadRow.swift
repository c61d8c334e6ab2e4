import RelaisServer

/// A page of dead letters as `GET /api/v1/dead` lists them.
struct DeadPage: Decodable {
    struct Letter: Decodable {
        var destination: String
        var seq: UInt64
        var eventID: String
        var eventName: String
        var died: String
        var attempts: Int
        var reason: String
        var detail: String?
        var state: String
        var retriable: Bool

        private enum CodingKeys: String, CodingKey {
            case destination, seq, died, attempts, reason, detail, state, retriable
            case eventID = "event_id"
            case eventName = "event_name"
        }
    }

    struct Count: Decodable {
        var destination: String
        var reason: String
        var count: Int
    }

    /// A backlog that was given up as a whole.
    struct Range: Decodable {
        var destination: String
        var from: UInt64
        var to: UInt64
        var count: UInt64
        var died: String
        var reason: String
        var detail: String?
    }

    var letters: [Letter]
    var counts: [Count]
    var ranges: [Range]
    var total: Int
    var next: UInt64?
}

/// What `POST /api/v1/dead/{retry, drop}` answers.
struct DeadChange: Decodable {
    var retried: Int?
    var dropped: Int?
    var entries: Int
    var gone: Int
    var remaining: Int
    var notConfigured: Int
    var until: String

    var taken: Int { retried ?? dropped ?? 0 }

    private enum CodingKeys: String, CodingKey {
        case retried, dropped, entries, gone, remaining, until
        case notConfigured = "not_configured"
    }
}
