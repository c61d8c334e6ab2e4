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

    func simulator(for request: SimulatedRequest) -> (any VendorSimulator)? {
        simulators.first { $0.hosts.contains(request.host) }
    }

    func handle(_ request: SimulatedRequest, by simulator: any VendorSimulator) async -> Delivery {
        let (number, plan) = state.withLock { $0.begin(request, vendor: simulator.vendor) }
        if plan.latencyMilliseconds > 0 {
            try? await Task.sleep(for: .milliseconds(plan.latencyMilliseconds))
        }
        let now = nowMilliseconds()
        let reply = Self.reply(to: request, by: simulator, at: .init(nowMilliseconds: now, requestNumber: number))
        let outcome = FaultOutcome(plan: plan, reply: reply)
        let exchange = Exchange(
            vendor: simulator.vendor,
            atMilliseconds: now,
            request: request,
            status: outcome.status,
            events: reply.events,
            problems: reply.problems,
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
            return VendorReply(answer: answer, problems: [text], accepted: false)
        }
        return simulator.receive(request, at: circumstances)
    }
}
