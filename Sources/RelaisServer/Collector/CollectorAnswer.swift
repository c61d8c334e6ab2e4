internal import NIOHTTP1

/// What the collector answers to one request.
struct CollectorAnswer: Sendable {
    var status: HTTPResponseStatus
    /// JSON text, plain text for probes, or a script; empty for none.
    var body: [UInt8] = []
    var contentType = "application/json"
    /// Why the request was not taken; what the body says in the form of Relais' own protocol.
    var problem: String?
    /// Seconds, for 503 and 429.
    var retryAfter: Int?
    /// The origin to be echoed, when the request's was allowed.
    var allowedOrigin: String?
    var isPreflight = false
    var cacheControl = "no-store"
    /// Further headers, written as they are: no line breaks.
    var headers: [(name: String, value: String)] = []

    static func error(_ status: HTTPResponseStatus, _ reason: String, origin: String? = nil) -> CollectorAnswer {
        var writer = AnswerJSON()
        writer.error(reason)
        return CollectorAnswer(
            status: status,
            body: writer.bytes,
            problem: reason,
            retryAfter: status == .serviceUnavailable ? 1 : nil,
            allowedOrigin: origin
        )
    }

    /// To a browser that asks whether it may send.
    static func preflight(origin: String?) -> CollectorAnswer {
        guard origin != nil else { return .error(.forbidden, "this origin belongs to no site") }
        var answer = CollectorAnswer.noContent(origin: origin)
        answer.isPreflight = true
        return answer
    }

    static func noContent(origin: String?) -> CollectorAnswer {
        CollectorAnswer(status: .noContent, allowedOrigin: origin)
    }
}
