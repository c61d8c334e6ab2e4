internal import RelaisEvent

extension DeliveryEngine {
    mutating func responded(_ id: UInt64, _ index: Int, _ response: HTTPResponse) {
        guard let request = request(id, index), request.response == nil, !request.isJudged,
            var batch = batches.removeValue(forKey: id)
        else { return }
        batch.requests[index].response = trimmed(response)
        let isPlainSuccess = response.transport == .none && (200..<300).contains(response.status)
        guard policy.deliversOn2xx && isPlainSuccess && request.part == nil else {
            batches[id] = batch
            let context = CallContext(batchID: id, now: now, seed: batch.seed, timeout: policy.classifyTimeout)
            actions.append(.classify(context, request: index, response))
            return
        }
        let verdicts = [Verdict](repeating: Verdict(.delivered), count: batch.requests[index].events.count)
        conclude(index, verdicts, in: &batch)
    }

    mutating func classified(_ id: UInt64, _ index: Int, _ verdicts: [Verdict]) {
        guard let request = requestAwaitingVerdict(id, index) else { return }
        guard verdicts.count == request.events.count else {
            let detail = "\(verdicts.count) verdicts for \(request.events.count) events"
            return classifyFailed(id, index, PluginFault(reason: "coverage", detail: detail))
        }
        guard var batch = batches.removeValue(forKey: id) else { return }
        conclude(index, verdicts, in: &batch)
    }

    /// The default policy decides, and the verdict says that it did.
    mutating func classifyFailed(_ id: UInt64, _ index: Int, _ fault: PluginFault) {
        guard let request = requestAwaitingVerdict(id, index), let response = request.response else { return }
        var verdict = DefaultVerdict.verdict(for: response, now: now)
        let answer = response.transport == .none ? "HTTP \(response.status)" : response.transport.name
        verdict.detail = "default policy for \(answer), because classify failed: \(fault.detail)"
        verdict.reason = "classify_\(fault.reason)"
        guard var batch = batches.removeValue(forKey: id) else { return }
        conclude(index, request.events.map { _ in verdict }, in: &batch)
    }

    private func requestAwaitingVerdict(_ id: UInt64, _ index: Int) -> DeliveryBatch.Request? {
        guard let request = request(id, index), request.response != nil, !request.isJudged else { return nil }
        return request
    }

    private func request(_ id: UInt64, _ index: Int) -> DeliveryBatch.Request? {
        guard let batch = batches[id], batch.requests.indices.contains(index) else { return nil }
        return batch.requests[index]
    }

    /// `batch` has been taken out of `batches`, so that it is changed in place: one of many requests would be costly to
    /// copy for each of its answers.
    private mutating func conclude(_ index: Int, _ verdicts: [Verdict], in batch: inout DeliveryBatch) {
        let request = batch.requests[index]
        batch.requests[index].isJudged = true
        batch.unjudged -= 1
        let minimum = request.response.flatMap { RetryAfter.milliseconds(of: $0, now: now) } ?? 0
        let final = verdicts.map { self.final($0, request: request, minimum: minimum) }
        let decided = batch.decide(index, final)
        judge(decided.verdicts, of: decided.members, in: &batch, isAnswer: true)
        store(batch)
    }

    /// A plugin's verdict with the host's own rules applied.
    private func final(_ verdict: Verdict, request: DeliveryBatch.Request, minimum: Int64) -> Verdict {
        var verdict = verdict
        let transport = request.response?.transport ?? .none
        switch verdict.code {
        case .split where request.events.count == 1: verdict.code = .reject
        case .retry where isGivenUp(transport, request):
            verdict = Verdict(
                .reject,
                reason: "uncertain",
                detail: "\(transport.name): the vendor may have it, and on_uncertain is dead_letter"
            )
        case .retry, .throttle, .authStop:
            verdict.retryAfter = min(max(verdict.retryAfter, minimum, 0), policy.longestRetryAfter)
        default: break
        }
        return verdict
    }

    private func isGivenUp(_ transport: TransportError, _ request: DeliveryBatch.Request) -> Bool {
        transport.isUncertain && policy.onUncertain == .deadLetter && !request.isIdempotent && !policy.deduplicates
    }

    /// What an outcome and the default policy need of an answer.
    private func trimmed(_ response: HTTPResponse) -> HTTPResponse {
        var kept = response
        kept.body = Array(response.body.prefix(policy.answerLimit))
        kept.headers = response.headers.filter { $0.name == "retry-after" }
        return kept
    }
}
