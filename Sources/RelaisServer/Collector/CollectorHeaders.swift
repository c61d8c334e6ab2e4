internal import NIOHTTP1

/// Response headers of the collector.
enum CollectorHeaders {
    /// `Access-Control-Allow-Origin` echoes the origin, because hits come with credentials and `*` would be refused by
    /// browsers; nothing may be cached.
    static func headers(for answer: CollectorAnswer, keepsAlive: Bool) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(8)
        if !answer.body.isEmpty { headers.add(name: "content-type", value: answer.contentType) }
        if answer.status != .noContent { headers.add(name: "content-length", value: String(answer.body.count)) }
        headers.add(name: "cache-control", value: "no-store")
        if let origin = answer.allowedOrigin {
            headers.add(name: "access-control-allow-origin", value: origin)
            headers.add(name: "access-control-allow-credentials", value: "true")
            headers.add(name: "cross-origin-resource-policy", value: "cross-origin")
        }
        headers.add(name: "vary", value: "origin")
        if answer.isPreflight {
            headers.add(name: "access-control-allow-methods", value: "GET, POST, OPTIONS")
            headers.add(name: "access-control-allow-headers", value: "authorization, content-type, content-encoding")
            headers.add(name: "access-control-max-age", value: "86400")
        }
        if let seconds = answer.retryAfter {
            headers.add(name: "retry-after", value: String(seconds))
            if answer.allowedOrigin != nil { headers.add(name: "access-control-expose-headers", value: "retry-after") }
        }
        if !keepsAlive { headers.add(name: "connection", value: "close") }
        return headers
    }
}
