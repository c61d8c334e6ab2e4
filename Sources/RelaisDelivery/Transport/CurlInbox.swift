internal import CCurl
private import Glibc
internal import RelaisEvent
private import Synchronization

/// Requests handed over together; what is answered of them is handed back together.
final class CurlOrder: Sendable {
    let completion: @Sendable ([(index: Int, response: HTTPResponse)]) -> Void

    init(_ completion: @escaping @Sendable ([(index: Int, response: HTTPResponse)]) -> Void) {
        self.completion = completion
    }
}

/// A request on its way to the transport's thread.
struct CurlSubmission: Sendable {
    var request: HTTPRequest
    /// Milliseconds.
    var timeout: Int64
    var lane: Int
    var laneConcurrency: Int
    var order: CurlOrder
    /// The request's place in its order.
    var index: Int

    /// Answers a request that was never sent.
    func refuse(_ error: TransportError) { order.completion([(index, HTTPResponse(transport: error))]) }
}

/// Where other threads leave requests for the transport's thread, and how they wake it.
final class CurlInbox: @unchecked Sendable {
    private struct State: Sendable {
        var submissions: [CurlSubmission] = []
        var isClosed = false
    }

    /// An eventfd, readable when there is something to take.
    let wakeDescriptor: Int32
    private let state = Mutex(State())

    /// nil when the system has no descriptor left.
    init?() {
        wakeDescriptor = relais_eventfd()
        guard wakeDescriptor >= 0 else { return nil }
    }

    deinit { Glibc.close(wakeDescriptor) }

    /// Never blocks.
    func submit(_ submissions: [CurlSubmission]) {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            if state.submissions.isEmpty { wake() }
            state.submissions += submissions
            return true
        }
        if !isTaken { for submission in submissions { submission.refuse(.timeoutBeforeSend) } }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    func take() -> (submissions: [CurlSubmission], isClosed: Bool) {
        state.withLock { state in
            defer { state.submissions.removeAll() }
            return (state.submissions, state.isClosed)
        }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, 8)
    }
}
