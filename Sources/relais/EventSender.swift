import RelaisEvent

/// Sends what files hold to a collector, one request after the other, so that the order is kept.
struct EventSender {
    /// Bytes of events in one request, well below the collector's limit of 1 MiB.
    private static let batchBytes = 900 << 10
    private static let tries = 5

    let base: String
    let extraHeaders: [HTTPRequest.Header]
    let batchSize: Int
    let http: HTTPClient

    func send(_ inputs: [(file: String, input: SendInput)]) async throws -> SendReport {
        var report = SendReport()
        var progress = ProgressBar(total: inputs.reduce(0) { $0 + count($1.input) }, noun: "requests")
        defer { progress.finish() }
        progress.update(0)
        for (file, input) in inputs {
            switch input {
            case .recording(let lines):
                for line in lines {
                    let answer = try await send(line.request.request(to: base, extra: extraHeaders))
                    report.add(answer, file: file, position: line.number, isRecorded: true)
                    progress.update(report.requests)
                }
            case .events(let events):
                for batch in batches(events) {
                    let answer = try await send(Self.request(events[batch], to: base, headers: extraHeaders))
                    report.add(
                        answer,
                        file: file,
                        position: batch.lowerBound + 1,
                        isRecorded: false,
                        eventOffset: batch.lowerBound
                    )
                    progress.update(report.requests)
                }
            }
        }
        return report
    }

    private func count(_ input: SendInput) -> Int {
        switch input {
        case .recording(let lines): lines.count
        case .events(let events): batches(events).count
        }
    }

    private func batches(_ events: [[UInt8]]) -> [Range<Int>] {
        SendInput.batches(events, count: batchSize, bytes: Self.batchBytes)
    }

    /// Events as one request to `/v1/events`.
    static func request(_ events: ArraySlice<[UInt8]>, to base: String, headers: [HTTPRequest.Header]) -> HTTPRequest {
        let body = [UInt8(ascii: "[")] + Array(events.joined(separator: ",".utf8)) + [UInt8(ascii: "]")]
        return HTTPRequest(
            method: "POST",
            url: base + "/v1/events",
            headers: [HTTPRequest.Header(name: "Content-Type", value: "application/json")] + headers,
            body: body,
            isIdempotent: false
        )
    }

    /// Repeats what was not taken for a reason that passes (503, a lost connection): the collector recognises copies.
    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var answer = await http.send(request)
        for attempt in 1..<Self.tries where Self.mayPass(answer) {
            try await Task.sleep(for: .milliseconds(Self.pause(answer, attempt: attempt)))
            answer = await http.send(request)
        }
        switch answer.transport {
        case .none: return answer
        case .connect:
            throw CommandFailure(
                "nothing listens at \(base); start the relay with relais serve, or name its collector with --to"
            )
        default: throw CommandFailure("no answer from \(base): \(answer.transport.name)")
        }
    }

    private static func mayPass(_ answer: HTTPResponse) -> Bool {
        switch answer.transport {
        case .none: answer.status == 503
        case .reset, .timeoutAfterSend: true
        case .dns, .connect, .tls, .timeoutBeforeSend, .tooLarge: false
        }
    }

    /// What Retry-After asks for, at most ten seconds; otherwise longer each time.
    private static func pause(_ answer: HTTPResponse, attempt: Int) -> Int {
        let asked = answer.headers.first { $0.name == "retry-after" }.flatMap { Int($0.value) }
        return asked.map { min(max($0, 0), 10) * 1000 } ?? 200 << attempt
    }
}
