internal import NIOHTTP1
internal import RelaisIngest

/// What gtag.js is answered: 204 whatever happened to its hits, because it sends again what is answered above 399.
enum GtagAnswer {
    /// Google's own headers, as recorded in a browser in 2025.
    private static let headers = [
        (name: "pragma", value: "no-cache"), (name: "expires", value: "Fri, 01 Jan 1990 00:00:00 GMT"),
    ]
    /// Hits may be sent as images, from pages that load only what says that anybody may.
    private static let embeddable = (name: "cross-origin-resource-policy", value: "cross-origin")

    static func make(origin: String?) -> CollectorAnswer {
        var answer = CollectorAnswer.noContent(origin: origin)
        answer.cacheControl = "no-cache, no-store, must-revalidate"
        answer.headers = origin == nil ? headers + [embeddable] : headers
        return answer
    }

    /// The service worker that gtag.js looks for in server-container mode: there is none, and the tag then sends its hits
    /// itself. A browser need not ask again for each page.
    static func make(toAside request: IncomingRequest, origin: String?) -> CollectorAnswer? {
        guard request.method == "GET", request.path.contains("/_/service_worker/") else { return nil }
        var answer = CollectorAnswer(
            status: .notFound,
            body: Array("there is no service worker here\n".utf8),
            contentType: "text/plain",
            allowedOrigin: origin
        )
        answer.cacheControl = "public, max-age=86400"
        return answer
    }
}
