internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisPrivacy

/// A request after decoding and planning: what goes to the log, and what is known of the rest.
struct PreparedRequest {
    var submissions: [LogSubmission] = []
    /// The position of each submission among the request's events.
    var indexes: [Int] = []
    /// What came of each submission's user data.
    var identifiers: [IdentifierFacts] = []
    /// What speaks for a bot, by submission.
    var bots: [BotFinding] = []
    var rejected: [(index: Int, rejection: EventRejection)] = []
    /// Plans by submission, kept when the sender asked for them.
    var plans: [Plan]?
    /// What the browser may be told to request, by submission; empty when nothing of the request has such.
    var browserRequests: [Int: [BrowserRequest]] = [:]
    /// What is wrong with a request that asked only that; nil for one that sends events.
    var validation: [ValidationMessage]?
    /// Names for the ring, by submission.
    var names: [String] = []
    /// nil when no browser sent it.
    var cookies: VisitorCookies?
    let source: String
    let client: SourceConfiguration.Client

    /// What the browser is to request, now that the log has said what earlier copies had.
    func told(_ outcomes: [LogOutcome]) -> [BrowserRequest] {
        guard !browserRequests.isEmpty else { return [] }
        return outcomes.enumerated().flatMap { position, outcome -> [BrowserRequest] in
            guard case .appended(_, let names) = outcome, let requests = browserRequests[position] else { return [] }
            return requests.filter { names.contains($0.decision.destination) }
        }
    }

    init(source: String, client: SourceConfiguration.Client) {
        self.source = source
        self.client = client
    }
}
