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
        guard relais_curl_global_init() == CURLE_OK, let inbox = CurlInbox(),
            let loop = CurlLoop(inbox: inbox, configuration: configuration)
        else { throw .libraryFailed }
        self.configuration = configuration
        self.inbox = inbox
        let handedOver = Handover(loop)
        let finished = finished
        finished.enter()
        let thread = Thread {
            relais_name_thread("relais-curl")
            handedOver.loop.run()
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
        shared.send(request, timeoutMilliseconds: timeoutMilliseconds, completion: completion)
    }

    package func send(
        _ requests: [HTTPRequest],
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable ([(index: Int, response: HTTPResponse)]) -> Void
    ) {
        shared.send(requests, timeoutMilliseconds: timeoutMilliseconds, completion: completion)
    }

    /// The lane of what is sent without one.
    private var shared: CurlLane {
        CurlLane(inbox: inbox, lane: 0, concurrency: max(1, configuration.laneConcurrency), owner: self)
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
        send([request], timeoutMilliseconds: timeoutMilliseconds) { answers in
            for answer in answers { completion(answer.response) }
        }
    }

    func send(
        _ requests: [HTTPRequest],
        timeoutMilliseconds: Int64,
        completion: @escaping @Sendable ([(index: Int, response: HTTPResponse)]) -> Void
    ) {
        let order = CurlOrder(completion)
        inbox.submit(
            requests.enumerated().map { index, request in
                CurlSubmission(
                    request: request,
                    timeout: timeoutMilliseconds,
                    lane: lane,
                    laneConcurrency: concurrency,
                    order: order,
                    index: index
                )
            }
        )
    }
}

/// The loop on its way to its thread, which alone uses it.
private struct Handover: @unchecked Sendable {
    let loop: CurlLoop

    init(_ loop: CurlLoop) { self.loop = loop }
}
