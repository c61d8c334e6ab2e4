internal import NIOHTTP1

/// What the collector answers to one request.
struct CollectorAnswer: Sendable {
    var status: HTTPResponseStatus
    /// JSON text, plain text for probes, or a script; empty for none.
    var body: [UInt8] = []
    var contentType = "application/json"
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
            retryAfter: status == .serviceUnavailable ? 1 : nil,
            allowedOrigin: origin
        )
    }

    static func noContent(origin: String?) -> CollectorAnswer {
        CollectorAnswer(status: .noContent, allowedOrigin: origin)
    }
}
