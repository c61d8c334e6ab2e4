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

    private let inbox: CurlInbox
    private let multi: UnsafeMutableRawPointer
    private let poller: CurlPoller
    private let configuration: CurlConfiguration
    private var lanes: [Int: Lane] = [:]
    private var exchanges: [UnsafeMutableRawPointer: CurlExchange] = [:]
    private var idle: [CurlExchange] = []

    /// nil when libcurl or the system refuses.
    init?(inbox: CurlInbox, configuration: CurlConfiguration) {
        guard let multi = curl_multi_init() else { return nil }
        guard let poller = CurlPoller(multi: multi, wakeDescriptor: inbox.wakeDescriptor) else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.inbox = inbox
        self.multi = multi
        self.poller = poller
        self.configuration = configuration
        let connections = configuration.maximumConnections
        _ = relais_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
        _ = relais_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(connections, 256))
    }

    /// Runs until the inbox is closed.
    func run() {
        while true {
            let (submissions, isClosed) = inbox.take()
            for submission in submissions { enqueue(submission) }
            if isClosed { break }
            startWaiting()
            let isSound = poller.runTimers()
            if finishDone() { continue }
            guard isSound, poller.wait() else {
                abortActive()
                continue
            }
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
        guard violation == nil, let exchange = idle.popLast() ?? CurlExchange(configuration) else {
            lanes[submission.lane]?.active -= 1
            return submission.refuse(.connect)
        }
        guard exchange.begin(submission), curl_multi_add_handle(multi, exchange.easy) == CURLM_OK else {
            lanes[submission.lane]?.active -= 1
            exchange.end()
            return submission.refuse(.connect)
        }
        exchanges[exchange.easy] = exchange
    }

    /// True when something was done, so that lanes may have room again. Answers to one order are handed back together.
    private func finishDone() -> Bool {
        var finished: [(exchange: CurlExchange, result: CURLcode)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let exchange = exchanges.removeValue(forKey: easy)
            else { continue }
            finished.append((exchange, relais_curl_message_result(message)))
        }
        guard !finished.isEmpty else { return false }
        complete(finished.map { end($0.exchange, $0.exchange.response($0.result)) })
        return true
    }

    private func complete(_ answers: [(CurlSubmission, HTTPResponse)]) {
        var orders: [(order: CurlOrder, answers: [(index: Int, response: HTTPResponse)])] = []
        for (submission, response) in answers {
            if let place = orders.firstIndex(where: { $0.order === submission.order }) {
                orders[place].answers.append((submission.index, response))
            } else {
                orders.append((submission.order, [(submission.index, response)]))
            }
        }
        for (order, answers) in orders { order.completion(answers) }
    }

    private func end(_ exchange: CurlExchange, _ response: HTTPResponse) -> (CurlSubmission, HTTPResponse) {
        let submission = exchange.submission
        curl_multi_remove_handle(multi, exchange.easy)
        lanes[submission.lane]?.active -= 1
        exchange.end()
        if idle.count < Self.idleHandles { idle.append(exchange) }
        return (submission, response)
    }

    private func abortActive() {
        let active = exchanges
        exchanges.removeAll()
        complete(active.values.map { end($0, $0.aborted()) })
    }

    private func shutDown() {
        abortActive()
        for lane in lanes.values {
            for submission in lane.waiting[lane.head...] { submission.refuse(.timeoutBeforeSend) }
        }
        lanes.removeAll()
        idle.removeAll()
        curl_multi_cleanup(multi)
    }
}
