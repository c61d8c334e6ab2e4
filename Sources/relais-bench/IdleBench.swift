internal import RelaisTestKit

/// What the relay takes while nothing happens, with all of its destinations.
struct IdleBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let sandbox = try await SandboxProcess.start(bench.installation)
        let relay = try bench.relay(sandboxPort: sandbox.port, destinations: true)
        try await relay.start()
        guard let process = relay.process else { throw TestFailure("no relay") }
        _ = try relay.server.post("/v1/events", #"{"event_name":"purchase","currency":"EUR","value":1}"#)
        try await Task.sleep(for: .seconds(2))
        let seconds = 20
        let before = ProcessFigures(of: process.processID)
        try await Task.sleep(for: .seconds(seconds))
        let after = ProcessFigures(of: process.processID)
        try await relay.terminate()
        let share = (after.cpuMicroseconds - before.cpuMicroseconds) / Double(seconds * 10_000)
        return [
            row("idle: CPU", "% of a core", 1, share),
            row("idle: memory", "MB", 60, after.residentBytes / 1e6),
            row("idle: memory of a child", "MB", 4, after.largestChildBytes / 1e6),
        ]
    }

    private func row(_ work: String, _ unit: String, _ target: Double, _ value: Double) -> BenchRow {
        BenchRow(work: work, unit: unit, direction: .atMost, target: target, values: [value])
    }
}
