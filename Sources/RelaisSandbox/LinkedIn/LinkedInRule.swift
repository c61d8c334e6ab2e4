/// What becomes of a conversion rule, told by the digits its id begins with: `404` is of no account that the token
/// sees, `405` was made for the Insight Tag; any other is a good one.
enum LinkedInRule: Equatable, Sendable {
    case good
    case unknown
    case insightTag

    static let prefix = "urn:lla:llaPartnerConversion:"

    /// nil: the text is no URN of a rule.
    init?(urn: String) {
        let id = urn.dropFirst(Self.prefix.count)
        guard urn.hasPrefix(Self.prefix), !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        self = id.hasPrefix("404") ? .unknown : id.hasPrefix("405") ? .insightTag : .good
    }
}
