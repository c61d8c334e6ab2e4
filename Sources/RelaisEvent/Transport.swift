/// Why a request has no HTTP answer; raw values are those of `RELAIS_TRANSPORT_*`.
package enum TransportError: Int32, Sendable {
    case none = 0
    case dns = 1
    case connect = 2
    case tls = 3
    case timeoutBeforeSend = 4
    case timeoutAfterSend = 5
    case reset = 6
    case tooLarge = 7

    package var name: String {
        switch self {
        case .none: "none"
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .timeoutBeforeSend: "timeout_before_send"
        case .timeoutAfterSend: "timeout_after_send"
        case .reset: "reset"
        case .tooLarge: "too_large"
        }
    }

    /// The vendor may have taken the request although there is no answer.
    package var isUncertain: Bool {
        switch self {
        case .timeoutAfterSend, .reset, .tooLarge: true
        case .none, .dns, .connect, .tls, .timeoutBeforeSend: false
        }
    }
}

/// An answer, or why there is none.
package struct HTTPResponse: Sendable, Equatable {
    package var transport: TransportError
    /// 100…599, 0 without an answer.
    package var status: Int
    /// Names in lower case.
    package var headers: [HTTPRequest.Header]
    package var body: [UInt8]
    /// The body was longer than the cap.
    package var isTruncated: Bool
    package var elapsedMilliseconds: Int64

    package init(
        transport: TransportError,
        status: Int = 0,
        headers: [HTTPRequest.Header] = [],
        body: [UInt8] = [],
        isTruncated: Bool = false,
        elapsedMilliseconds: Int64 = 0
    ) {
        self.transport = transport
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.elapsedMilliseconds = elapsedMilliseconds
    }
}

/// Sends requests; many at once.
package protocol Transport: AnyObject, Sendable {
    /// Starts a request. `completion` is called exactly once, on the transport's thread, and must return at once.
    func send(
        _ request: HTTPRequest,
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable (HTTPResponse) -> Void
    )

    /// Starts several requests. `completion` is called, on the transport's thread, with what has been answered since it
    /// was called last, by index into `requests`, until each has been answered once.
    func send(
        _ requests: [HTTPRequest],
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable ([(index: Int, response: HTTPResponse)]) -> Void
    )
}

extension Transport {
    package func send(
        _ requests: [HTTPRequest],
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable ([(index: Int, response: HTTPResponse)]) -> Void
    ) {
        for (index, request) in requests.enumerated() {
            send(request, timeoutMilliseconds: timeoutMilliseconds) { completion([(index, $0)]) }
        }
    }
}
