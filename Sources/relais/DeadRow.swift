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

    var letters: [Letter]
    var counts: [Count]
    var total: Int
    var next: UInt64?
}

/// What `POST /api/v1/dead/{retry, drop}` answers.
struct DeadChange: Decodable {
    var retried: Int?
    var dropped: Int?
    var remaining: Int
    var notConfigured: Int
    var until: String

    var taken: Int { retried ?? dropped ?? 0 }

    private enum CodingKeys: String, CodingKey {
        case retried, dropped, remaining, until
        case notConfigured = "not_configured"
    }
}
