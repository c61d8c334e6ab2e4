internal import CCurl
internal import RelaisEvent
private import Synchronization

/// A request on its way to the transport's thread.
struct CurlSubmission: Sendable {
    var request: HTTPRequest
    /// Milliseconds.
    var timeout: Int64
    var lane: Int
    var laneConcurrency: Int
    var completion: @Sendable (HTTPResponse) -> Void

    /// Answers a request that was never sent.
    func refuse(_ error: TransportError) { completion(HTTPResponse(transport: error)) }
}

/// Where other threads leave requests for the transport's thread. It owns the multi handle; the thread alone uses it,
/// but for `curl_multi_wakeup`, which any thread may call.
final class CurlInbox: @unchecked Sendable {
    private struct State: Sendable {
        var submissions: [CurlSubmission] = []
        var isClosed = false
        var isGone = false
    }

    let multi: UnsafeMutableRawPointer
    private let state = Mutex(State())

    init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    /// Never blocks.
    func submit(_ submission: CurlSubmission) {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            if state.submissions.isEmpty { curl_multi_wakeup(multi) }
            state.submissions.append(submission)
            return true
        }
        if !isTaken { submission.refuse(.timeoutBeforeSend) }
    }

    func close() {
        state.withLock { state in
            state.isClosed = true
            if !state.isGone { curl_multi_wakeup(multi) }
        }
    }

    func take() -> (submissions: [CurlSubmission], isClosed: Bool) {
        state.withLock { state in
            defer { state.submissions.removeAll() }
            return (state.submissions, state.isClosed)
        }
    }

    /// Frees the multi handle; the thread's last act.
    func destroy() {
        state.withLock { state in
            state.isGone = true
            curl_multi_cleanup(multi)
        }
    }
}
