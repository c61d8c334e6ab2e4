internal import RelaisTestKit

/// The vendors are down for long: memory with many events queued against few, how soon a relay with that backlog is ready
/// again, and how fast it delivers once the vendors are back.
struct BacklogBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let vendors = try FreePort.next()
        let relay = try bench.relay(sandboxPort: vendors, destinations: true)
        try await relay.start()
        let few = try await resident(relay, queued: 10_000)
        let many = try await resident(relay, queued: bench.backlog)
        try await relay.kill()
        let clock = ContinuousClock()
        let start = try await clock.measure {
            try relay.launch()
            try await relay.waitUntilReady()
        }
        let restarted = try await settled(relay)
        let queued = try lag(relay)
        bench.say("the vendors are back: delivering \(queued) events")
        let sandbox = try await SandboxProcess.start(bench.installation, port: vendors)
        let drain = try await clock.measure { try await relay.waitUntilDelivered(within: .seconds(3600)) }
        let rate = Int(Double(queued) / (drain / .seconds(1)))
        try await relay.terminate()
        _ = try await sandbox.interrupt()
        return [
            row("memory with \(bench.backlog) events queued", "MB", 150, many / 1e6),
            row("the same against 10000 queued", "×", 1.1, many / few),
            row("memory after a restart with them", "MB", 150, restarted / 1e6),
            row(
                "start to ready with them, after kill -9",
                "s",
                1,
                start / .seconds(1),
                "then delivered \(rate) events/s to all four"
            ),
        ]
    }

    private func resident(_ relay: RelaisProcess, queued: Int) async throws -> Double {
        let load = LoadGenerator(bench: bench, eventsPerRequest: 100)
        while try lag(relay) < queued {
            _ = try await load.run(port: relay.configuration.port, seconds: queued > 100_000 ? 5 : 1)
            bench.say("\(try lag(relay)) events queued")
        }
        return try await settled(relay)
    }

    private func settled(_ relay: RelaisProcess) async throws -> Double {
        guard let process = relay.process else { throw TestFailure("no relay") }
        try await Task.sleep(for: .seconds(3))
        return ProcessFigures(of: process.processID).residentBytes
    }

    private func lag(_ relay: RelaisProcess) throws -> Int {
        try relay.destinations().compactMap { $0["lag"].int }.min() ?? 0
    }

    private func row(_ work: String, _ unit: String, _ target: Double, _ value: Double, _ remark: String = "")
        -> BenchRow
    {
        BenchRow(work: work, unit: unit, direction: .atMost, target: target, values: [value], remark: remark)
    }
}
