internal import NIOHTTP1
internal import RelaisEvent
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

    /// With something to tell, 200 and a message as gtag.js reads it in server-container mode: lines `event: message` and
    /// `data: ` with one JSON object, and a blank line (gtag.js, February 2026).
    static func make(telling requests: [BrowserRequest], origin: String?) -> CollectorAnswer {
        var answer = make(origin: origin)
        guard !requests.isEmpty else { return answer }
        var json = JSONWriter()
        json.object { json in
            for method in BrowserRequest.Method.allCases {
                let urls = requests.filter { $0.method == method }.map(\.url)
                if !urls.isEmpty { json.array(method.name) { json in for url in urls { json.string(url) } } }
            }
        }
        answer.status = .ok
        answer.contentType = "text/event-stream"
        answer.body = Array("event: message\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
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
