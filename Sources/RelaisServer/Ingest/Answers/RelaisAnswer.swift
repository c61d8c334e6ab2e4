internal import NIOHTTP1
internal import RelaisEvent

/// What senders of Relais' own JSON are answered: 202 with the counts; 400 only when nothing of the request was taken.
enum RelaisAnswer {
    static func make(_ prepared: PreparedRequest, _ outcomes: [LogOutcome], origin: String?) -> CollectorAnswer {
        let duplicates = outcomes.count { if case .duplicate = $0 { true } else { false } }
        let plans = prepared.plans.map { plans in Array(zip(prepared.indexes, plans)).map { (index: $0, plan: $1) } }
        var json = AnswerJSON()
        json.summary(
            accepted: outcomes.count - duplicates,
            duplicates: duplicates,
            rejected: prepared.rejected,
            plans: plans
        )
        return CollectorAnswer(
            status: prepared.submissions.isEmpty ? .badRequest : .accepted,
            body: json.bytes,
            allowedOrigin: origin
        )
    }
}
