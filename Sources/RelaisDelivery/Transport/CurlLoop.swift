internal import CCurl
internal import RelaisEvent

/// The transport's thread: starts requests as their lanes allow and hands back answers.
final class CurlLoop {
    private struct Lane {
        var waiting: [CurlSubmission] = []
        var head = 0
        var active = 0
        var concurrency = 1

        var isIdle: Bool { active == 0 && head == waiting.count }

        mutating func next() -> CurlSubmission? {
            guard head < waiting.count, active < concurrency else { return nil }
            let submission = waiting[head]
            head += 1
            if head == waiting.count || head >= 1024 {
                waiting.removeFirst(head)
                head = 0
            }
            active += 1
            return submission
        }
    }

    private static let idleHandles = 64
    private static let pollMilliseconds: Int32 = 10_000

    private let inbox: CurlInbox
    private let configuration: CurlConfiguration
    private var lanes: [Int: Lane] = [:]
    private var exchanges: [UnsafeMutableRawPointer: CurlExchange] = [:]
    private var idle: [UnsafeMutableRawPointer] = []

    init(inbox: CurlInbox, configuration: CurlConfiguration) {
        self.inbox = inbox
        self.configuration = configuration
        let connections = configuration.maximumConnections
        _ = relais_curl_multi_set_long(inbox.multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
        _ = relais_curl_multi_set_long(inbox.multi, CURLMOPT_MAXCONNECTS, min(connections, 256))
    }

    /// Runs until the inbox is closed.
    func run() {
        while true {
            let (submissions, isClosed) = inbox.take()
            for submission in submissions { enqueue(submission) }
            if isClosed { break }
            startWaiting()
            var running: Int32 = 0
            guard curl_multi_perform(inbox.multi, &running) == CURLM_OK else {
                abortActive()
                continue
            }
            if finishDone() { continue }
            var count: Int32 = 0
            _ = curl_multi_poll(inbox.multi, nil, 0, Self.pollMilliseconds, &count)
        }
        shutDown()
    }

    private func enqueue(_ submission: CurlSubmission) {
        lanes[submission.lane, default: Lane()].concurrency = submission.laneConcurrency
        lanes[submission.lane]?.waiting.append(submission)
    }

    private func startWaiting() {
        for key in Array(lanes.keys) {
            while let submission = lanes[key]?.next() { start(submission) }
            if lanes[key]?.isIdle == true { lanes[key] = nil }
        }
    }

    private func start(_ submission: CurlSubmission) {
        let violation = RequestRule.violation(of: submission.request)
        guard violation == nil, let easy = idle.popLast() ?? curl_easy_init() else {
            lanes[submission.lane]?.active -= 1
            return submission.refuse(.connect)
        }
        let exchange = CurlExchange(submission, easy: easy, configuration: configuration)
        guard exchange.prepare(), curl_multi_add_handle(inbox.multi, easy) == CURLM_OK else {
            lanes[submission.lane]?.active -= 1
            recycle(exchange)
            return submission.refuse(.connect)
        }
        exchanges[easy] = exchange
    }

    /// True when something was done, so that lanes may have room again.
    private func finishDone() -> Bool {
        var finished: [(UnsafeMutableRawPointer, CURLcode)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(inbox.multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            finished.append((easy, relais_curl_message_result(message)))
        }
        for (easy, result) in finished {
            guard let exchange = exchanges.removeValue(forKey: easy) else { continue }
            end(exchange, exchange.response(result))
        }
        return !finished.isEmpty
    }

    private func end(_ exchange: CurlExchange, _ response: HTTPResponse) {
        curl_multi_remove_handle(inbox.multi, exchange.easy)
        lanes[exchange.submission.lane]?.active -= 1
        recycle(exchange)
        exchange.submission.completion(response)
    }

    private func recycle(_ exchange: CurlExchange) {
        curl_easy_reset(exchange.easy)
        exchange.freeHeaders()
        if idle.count < Self.idleHandles {
            idle.append(exchange.easy)
        } else {
            curl_easy_cleanup(exchange.easy)
        }
    }

    private func abortActive() {
        let active = exchanges
        exchanges.removeAll()
        for exchange in active.values { end(exchange, exchange.aborted()) }
    }

    private func shutDown() {
        abortActive()
        for lane in lanes.values {
            for submission in lane.waiting[lane.head...] { submission.refuse(.timeoutBeforeSend) }
        }
        lanes.removeAll()
        for easy in idle { curl_easy_cleanup(easy) }
        inbox.destroy()
    }
}
