internal import RelaisTestKit

/// CPU of the relay and its plugin processes for an event, from the request to the last vendor's answer. The sandbox and
/// the load are processes of their own and do not count.
struct DeliveryBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        [try await row(eventsPerRequest: 20, target: 45), try await row(eventsPerRequest: 1, target: 60)]
    }

    private func row(eventsPerRequest: Int, target: Double) async throws -> BenchRow {
        let sandbox = try await SandboxProcess.start(bench.installation)
        let relay = try bench.relay(sandboxPort: sandbox.port, destinations: true)
        try await relay.start()
        guard let process = relay.process else { throw TestFailure("no relay") }
        let load = LoadGenerator(bench: bench, eventsPerRequest: eventsPerRequest)
        var values: [Double] = []
        var events = 0
        for _ in 0..<bench.pairs {
            let before = ProcessFigures(of: process.processID)
            let run = try await load.run(port: relay.configuration.port)
            try await relay.waitUntilDelivered(within: .seconds(300))
            let after = ProcessFigures(of: process.processID)
            let sent = run.requests * eventsPerRequest
            events += sent
            values.append((after.cpuMicroseconds - before.cpuMicroseconds) / Double(sent))
        }
        let names = relay.configuration.destinations.map(\.name)
        let requests = try names.map { "\($0) \(try perRequest(sandbox, $0))" }
        try await relay.terminate()
        return BenchRow(
            work: "CPU an event through \(names.joined(separator: ", ")), \(eventsPerRequest) a request",
            unit: "µs",
            direction: .atMost,
            target: target,
            values: values,
            remark: "events a vendor request: \(requests.joined(separator: ", "))"
        )
    }

    private func perRequest(_ sandbox: SandboxProcess, _ vendor: String) throws -> String {
        let counted = try sandbox.client.get("/_received/count?vendor=\(vendor)").json()
        guard let events = counted["accepted_events"].int, let requests = counted["requests"].int, requests > 0 else {
            return "none"
        }
        return "\((Double(events) / Double(requests) * 10).rounded() / 10)"
    }
}
