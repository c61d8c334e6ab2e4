internal import RelaisTestKit

/// What a dead destination (connection refused) and a silent one (each request takes the whole time-out) cost the others,
/// for the whole run: relays without and with them take turns.
struct FairnessBench {
    private static let healthy = ["ga4", "meta"]
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let sandbox = try await SandboxProcess.start(bench.installation)
        let silentPort = try FreePort.next()
        let silent = try ListeningSocket(port: silentPort)
        defer { silent.close() }
        var without: [Double] = []
        var with: [Double] = []
        for _ in 0..<bench.pairs {
            without.append(try await rate(sandbox, besides: []))
            with.append(try await rate(sandbox, besides: [("dead", 1), ("silent", silentPort)]))
        }
        return [
            BenchRow(
                work: "events/s to two destinations beside a dead and a silent one",
                unit: "× without them",
                direction: .atLeast,
                target: 0.95,
                values: zip(with, without).map { $0 / $1 },
                remark: "\(Int(Bench.median(with))) events/s, without \(Int(Bench.median(without)))"
            )
        ]
    }

    /// Events a second that the slower of the healthy ones delivers, until it has all.
    private func rate(_ sandbox: SandboxProcess, besides troubled: [(name: String, port: Int)]) async throws -> Double {
        let relay = try bench.relay(sandboxPort: sandbox.port, destinations: true)
        relay.configuration.destinations.removeAll { !Self.healthy.contains($0.name) }
        for (name, port) in troubled {
            var elsewhere = relay.configuration
            elsewhere.sandboxPort = port
            relay.configuration.destinations.append((name, elsewhere.meta(", timeout: 2s")))
        }
        try await relay.start()
        let load = LoadGenerator(bench: bench, eventsPerRequest: 20)
        _ = try await load.run(port: relay.configuration.port, seconds: 1)
        try await relay.waitUntilDelivered(Self.healthy, within: .seconds(300))
        let before = try delivered(relay)
        let start = ContinuousClock.now
        _ = try await load.run(port: relay.configuration.port)
        try await relay.waitUntilDelivered(Self.healthy, within: .seconds(300))
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let after = try delivered(relay)
        for (name, _) in troubled where try relay.destination(name)["lag"].int ?? 0 == 0 {
            throw TestFailure("\(name) was not in the way")
        }
        try await relay.kill()
        return Double(after - before) / elapsed
    }

    private func delivered(_ relay: RelaisProcess) throws -> Int {
        try Self.healthy.compactMap { try relay.destination($0)["delivered"].int }.min() ?? 0
    }
}
