internal import RelaisTestKit

/// The 2xx's latency at half of the rate that saturates the relay: every connection waits between an answer and its next
/// request, so the rate is set by the wait.
struct LatencyBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let relay = try bench.relay(destinations: true)
        try await relay.start()
        try bench.pauseAll(relay)
        let port = relay.configuration.port
        let saturating = try await LoadGenerator(bench: bench).run(port: port).requestsPerSecond
        let pause = try await self.pause(saturating, port)
        var values: [Double] = []
        var rates: [Double] = []
        for _ in 0..<bench.pairs {
            let run = try await LoadGenerator(bench: bench, pauseMilliseconds: pause).run(port: port)
            values.append(run.p99 / 1000)
            rates.append(run.requestsPerSecond / saturating)
        }
        try await relay.terminate()
        let share = Int((Bench.median(rates) * 100).rounded())
        return [
            BenchRow(
                work: "p99 of the 2xx at half of the saturating rate",
                unit: "ms",
                direction: .atMost,
                target: 10,
                values: values,
                remark: "at \(share) % of \(Int(saturating)) requests/s"
            )
        ]
    }

    /// What each connection waits for half of the rate, in milliseconds: its share of the time less what an answer takes.
    private func pause(_ saturating: Double, _ port: Int) async throws -> Int {
        let cycle = Double(LoadGenerator.connections) * 2000 / saturating
        var pause = max(1, Int(cycle.rounded()))
        let trial = try await LoadGenerator(bench: bench, pauseMilliseconds: pause).run(port: port, seconds: 1)
        pause = max(1, Int((cycle - trial.p50 / 1000).rounded()))
        return pause
    }
}
