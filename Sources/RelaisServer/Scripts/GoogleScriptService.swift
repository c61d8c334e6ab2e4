internal import Dispatch
internal import Logging
internal import RelaisDelivery
internal import RelaisEvent
internal import Synchronization

/// Fetches Google's scripts and keeps them, across reloads of the configuration. Its transport starts with the first
/// script that is asked for.
final class GoogleScriptService: Sendable {
    /// A script, or after how many seconds to ask again.
    enum Outcome: Sendable {
        case script(ServedScript)
        case unavailable(retryAfter: Int)
    }

    private struct State: Sendable {
        var cache = ScriptCache()
        var waiting: [GoogleScript: [@Sendable (Outcome) -> Void]] = [:]
        var transport: CurlTransport?
    }

    private static let timeout: Int64 = 5000
    private static let maximumBytes = 4 << 20

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// `completion` is called once, on whatever thread.
    func script(_ key: GoogleScript, completion: @escaping @Sendable (Outcome) -> Void) {
        let step = state.withLock { state in
            let step = state.cache.step(for: key, at: Self.now)
            switch step {
            case .fetch, .wait: state.waiting[key, default: []].append(completion)
            case .serve, .unavailable: break
            }
            return step
        }
        switch step {
        case .serve(let script): completion(.script(script))
        case .unavailable(let seconds): completion(.unavailable(retryAfter: seconds))
        case .fetch: fetch(key)
        case .wait: break
        }
    }

    /// Ends what is under way.
    func close() {
        let transport = state.withLock { state in
            defer { state.transport = nil }
            return state.transport
        }
        transport?.close()
    }

    private func fetch(_ key: GoogleScript) {
        let request = HTTPRequest(
            method: "GET",
            url: key.url,
            headers: [HTTPRequest.Header(name: "accept", value: "*/*")],
            body: [],
            isIdempotent: true
        )
        do {
            try transport().send(request, timeoutMilliseconds: Self.timeout) { response in
                // Compressing takes a while, and the transport's thread has other requests.
                DispatchQueue.global().async { self.take(response, key) }
            }
        } catch {
            finish(key, nil, problem: "\(error)")
        }
    }

    private func transport() throws -> CurlTransport {
        try state.withLock { state in
            if let transport = state.transport { return transport }
            var configuration = CurlConfiguration()
            configuration.maximumBody = Self.maximumBytes
            configuration.maximumDiscarded = Self.maximumBytes
            configuration.maximumConnections = 8
            configuration.laneConcurrency = 4
            let transport = try CurlTransport(configuration)
            state.transport = transport
            return transport
        }
    }

    private func take(_ response: HTTPResponse, _ key: GoogleScript) {
        if let problem = Self.problem(of: response) { return finish(key, nil, problem: problem) }
        finish(key, ServedScript(key.rewritten(response.body)), problem: "")
    }

    private static func problem(of response: HTTPResponse) -> String? {
        guard response.transport == .none else { return response.transport.name }
        guard response.status == 200 else { return "status \(response.status)" }
        let type = response.headers.first { $0.name == "content-type" }?.value ?? "none"
        guard type.lowercased().contains("javascript") else { return "content type \(type.prefix(64))" }
        guard !response.headers.contains(where: { $0.name == "content-encoding" }) else { return "it is compressed" }
        return response.isTruncated || response.body.isEmpty ? "\(response.body.count) bytes" : nil
    }

    private func finish(_ key: GoogleScript, _ script: ServedScript?, problem: String) {
        let (served, waiting) = state.withLock { state in
            (state.cache.fetched(key, script, at: Self.now), state.waiting.removeValue(forKey: key) ?? [])
        }
        if script == nil {
            logger.warning(
                served == nil ? "a script cannot be fetched" : "a script cannot be fetched, the one at hand is served",
                metadata: ["url": "\(key.url)", "reason": "\(problem)"]
            )
        }
        for completion in waiting {
            completion(served.map { .script($0) } ?? .unavailable(retryAfter: Int(ScriptCache.pause)))
        }
    }

    private static var now: Int64 { Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000_000) }
}
