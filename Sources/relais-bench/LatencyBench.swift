internal import RelaisTestKit

/// The 2xx's latency at half of the rate that saturates the relay: every connection waits between an answer and its next
/// request, so the rate is set by the wait.
struct LatencyBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let relay = try bench.relay()
        try await relay.start()
        let port = relay.configuration.port
        let saturating = try await LoadGenerator(bench: bench).run(port: port).requestsPerSecond
        let pause = max(1, Int((Double(LoadGenerator.connections) * 2000 / saturating).rounded()))
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
}
