private import CCurl
private import Foundation
package import RelaisEvent
private import Synchronization

/// Why no transport can be made.
package enum CurlSetupError: Error, Sendable, Equatable, CustomStringConvertible {
    case libraryFailed

    package var description: String { "libcurl could not be initialised" }
}

/// HTTP over libcurl: one thread, any number of requests at the same time, connections kept alive, HTTP/2 where the server
/// has it, certificates verified, no redirects, no cookies, no proxies from the environment.
///
/// Requests go through *lanes*. Each lane has its own queue and its own share of what runs at the same time, so that the
/// requests of one destination that hang take nothing from another.
package final class CurlTransport: Transport {
    private let inbox: CurlInbox
    private let finished = DispatchGroup()
    private let configuration: CurlConfiguration
    private let nextLane = Atomic(1)

    package init(_ configuration: CurlConfiguration = CurlConfiguration()) throws(CurlSetupError) {
        guard relais_curl_global_init() == CURLE_OK, let multi = curl_multi_init() else { throw .libraryFailed }
        self.configuration = configuration
        let inbox = CurlInbox(multi: multi)
        self.inbox = inbox
        let finished = finished
        finished.enter()
        let thread = Thread {
            let loop = CurlLoop(inbox: inbox, configuration: configuration)
            loop.run()
            finished.leave()
        }
        thread.name = "relais-transport"
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit { inbox.close() }

    /// A transport with a queue and a share of its own, over the same thread.
    package func lane(concurrency: Int? = nil) -> any Transport {
        CurlLane(
            inbox: inbox,
            lane: nextLane.wrappingAdd(1, ordering: .relaxed).oldValue,
            concurrency: max(1, concurrency ?? configuration.laneConcurrency),
            owner: self
        )
    }

    package func send(
        _ request: HTTPRequest,
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        inbox.submit(
            CurlSubmission(
                request: request,
                timeout: timeoutMilliseconds,
                lane: 0,
                laneConcurrency: max(1, configuration.laneConcurrency),
                completion: completion
            )
        )
    }

    /// Ends what is under way (`reset`, or `timeout_before_send` where nothing was sent) and waits for the thread. What is
    /// sent later is answered at once with `timeout_before_send`.
    package func close() {
        inbox.close()
        finished.wait()
    }
}

/// One lane of a `CurlTransport`.
private final class CurlLane: Transport {
    private let inbox: CurlInbox
    private let lane: Int
    private let concurrency: Int
    private let owner: CurlTransport

    init(inbox: CurlInbox, lane: Int, concurrency: Int, owner: CurlTransport) {
        self.inbox = inbox
        self.lane = lane
        self.concurrency = concurrency
        self.owner = owner
    }

    func send(
        _ request: HTTPRequest,
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        inbox.submit(
            CurlSubmission(
                request: request,
                timeout: timeoutMilliseconds,
                lane: lane,
                laneConcurrency: concurrency,
                completion: completion
            )
        )
    }
}
