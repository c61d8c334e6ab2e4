/// `match` of a destination, as `GET /api/v1/destinations/{name}` tells it.
struct MatchRow: Decodable {
    struct Answer: Decodable {
        var match: MatchRow?
    }

    struct Identifier: Decodable {
        struct Unusable: Decodable {
            var reason: String
            var percent: Int
        }

        var identifier: String
        var presentPercent: Int
        var missingPercent: Int
        var unusable: [Unusable]

        private enum CodingKeys: String, CodingKey {
            case identifier, unusable
            case presentPercent = "present_percent"
            case missingPercent = "missing_percent"
        }
    }

    var since: String
    var events: UInt64
    var withheld: UInt64
    var identifiers: [Identifier]

    func lines(width: Int?) -> [String] {
        guard !identifiers.isEmpty else { return ["the plugin asks for no user data"] }
        let more = withheld > 0 ? "; \(withheld) more went without user data" : ""
        let head = "identifiers of \(events) events since \(since)\(more)"
        guard events > 0 else { return [head] }
        var table = Table(["IDENTIFIER", "PRESENT", "MISSING", "UNUSABLE"], numeric: [1, 2])
        for identifier in identifiers {
            table.add([
                identifier.identifier, "\(identifier.presentPercent) %", "\(identifier.missingPercent) %",
                identifier.unusable.map { "\($0.percent) % \($0.reason)" }.joined(separator: ", "),
            ])
        }
        return [head] + table.lines(width: width)
    }
}
