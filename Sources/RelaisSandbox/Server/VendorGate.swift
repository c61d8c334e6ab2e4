/// Leads a request to its vendor, disturbs it as the faults demand and records what became of it.
struct VendorGate: Sendable {
    /// What the connection is to do.
    enum Delivery: Equatable, Sendable {
        case answer(VendorAnswer)
        /// Close without a byte.
        case close
        /// Send the head and the first half of the body, then close.
        case cut(VendorAnswer)
    }

    let simulators: [any VendorSimulator]
    let state: Locked<SandboxState>
    let nowMilliseconds: @Sendable () -> Int64
    /// Whether what a vendor refuses is refused; otherwise it is taken, and the objections are only noted.
    var isStrict = true

    func simulator(for request: SimulatedRequest) -> (any VendorSimulator)? {
        simulators.first { $0.hosts.contains(request.host) }
    }

    func handle(_ request: SimulatedRequest, by simulator: any VendorSimulator) async -> Delivery {
        let (number, plan) = state.withLock { $0.begin(request, vendor: simulator.vendor) }
        if plan.latencyMilliseconds > 0 {
            try? await Task.sleep(for: .milliseconds(plan.latencyMilliseconds))
        }
        let now = nowMilliseconds()
        let usage = simulator.account(of: request).map { account in
            state.withLock { $0.quotas.count("\(simulator.vendor) \(account)", at: now) }
        }
        let circumstances = Circumstances(nowMilliseconds: now, requestNumber: number, usage: usage ?? QuotaUsage())
        let strict = Self.reply(to: request, by: simulator, at: circumstances)
        let reply = isStrict ? strict : strict.lenient
        let outcome = FaultOutcome(plan: plan, reply: reply)
        let exchange = Exchange(
            vendor: simulator.vendor,
            atMilliseconds: now,
            request: request,
            status: outcome.status,
            events: reply.events,
            objections: reply.objections,
            accepted: outcome.accepted,
            disturbance: outcome.disturbance
        )
        state.withLock { $0.ledger.append(exchange) }
        return outcome.delivery
    }

    private static func reply(
        to request: SimulatedRequest,
        by simulator: any VendorSimulator,
        at circumstances: Circumstances
    ) -> VendorReply {
        let encoding = request.headers.value("content-encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" else {
            let text = "content-encoding \(encoding) is not read by the sandbox; send the body uncompressed"
            let answer = VendorAnswer(
                status: 415,
                headers: [HeaderLine("content-type", "text/plain; charset=utf-8")],
                body: Array("\(text)\n".utf8)
            )
            return VendorReply(
                answer: answer,
                objections: [Objection(SandboxCheck.contentEncoding, text)],
                accepted: false
            )
        }
        return simulator.receive(request, at: circumstances)
    }
}
