package import RelaisEvent

/// The default HTTP policy: what an answer means when the plugin does not say.
///
/// | answer | verdict |
/// |---|---|
/// | 2xx | delivered |
/// | none (transport error) | retry |
/// | 429; 503 with `Retry-After` | throttle |
/// | 408, 425, other 5xx, 1xx, 3xx | retry |
/// | 413 | split |
/// | 401, 403 | auth_stop |
/// | other 4xx | reject |
package enum DefaultVerdict {
    package static func verdict(for response: HTTPResponse, now: Int64) -> Verdict {
        guard response.transport == .none else { return Verdict(.retry, reason: response.transport.name) }
        let reason = "http_\(response.status)"
        switch response.status {
        case 200..<300: return Verdict(.delivered)
        case 429, 503:
            let wait = RetryAfter.milliseconds(of: response, now: now)
            guard response.status == 429 || wait != nil else { return Verdict(.retry, reason: reason) }
            return Verdict(.throttle, retryAfter: wait ?? 0, reason: reason)
        case 408, 425: return Verdict(.retry, reason: reason)
        case 413: return Verdict(.split, reason: reason)
        case 401, 403: return Verdict(.authStop, reason: reason)
        case 400..<500: return Verdict(.reject, reason: reason)
        default: return Verdict(.retry, reason: reason)
        }
    }
}
