internal import RelaisTestKit

/// Durable ingest against nginx `return 204`, the same requests to both, in alternating pairs. Without destinations nobody
/// is entitled to an event and the log keeps a stub of it, so the same is measured with whole events for four
/// destinations, which are paused.
struct IngestBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let nginx = try await NginxServer()
        var rows: [BenchRow] = []
        for keepsEvents in [false, true] {
            let what = keepsEvents ? "whole events for four destinations" : "no destinations"
            let loads = [
                ("1 event a request", 0.35, LoadGenerator(bench: bench)),
                ("1 event with a phone a request", 0.25, LoadGenerator(bench: bench, withPhone: true)),
                ("20 events a request, counted in events", 1, LoadGenerator(bench: bench, eventsPerRequest: 20)),
            ]
            for (work, target, load) in loads {
                let pairs = try await pairs(nginx, load, keepsEvents: keepsEvents)
                rows.append(row("durable ingest, \(what), \(work)", target: target, pairs))
            }
        }
        try await nginx.stop()
        return rows
    }

    private struct Pair {
        var eventsPerSecond: Double
        var nginxPerSecond: Double
    }

    private func pairs(_ nginx: NginxServer, _ load: LoadGenerator, keepsEvents: Bool) async throws -> [Pair] {
        let relay = try bench.relay(destinations: keepsEvents)
        try await relay.start()
        if keepsEvents { try bench.pauseAll(relay) }
        var single = load
        single.eventsPerRequest = 1
        _ = try await load.run(port: relay.configuration.port, seconds: 1)
        var pairs: [Pair] = []
        for _ in 0..<bench.pairs {
            let ours = try await load.run(port: relay.configuration.port)
            let theirs = try await single.run(port: nginx.port)
            pairs.append(
                Pair(
                    eventsPerSecond: ours.requestsPerSecond * Double(load.eventsPerRequest),
                    nginxPerSecond: theirs.requestsPerSecond
                )
            )
        }
        try await relay.terminate()
        return pairs
    }

    private func row(_ work: String, target: Double, _ pairs: [Pair]) -> BenchRow {
        let ours = Int(Bench.median(pairs.map(\.eventsPerSecond)))
        let theirs = Int(Bench.median(pairs.map(\.nginxPerSecond)))
        return BenchRow(
            work: work,
            unit: "× nginx",
            direction: .atLeast,
            target: target,
            values: pairs.map { $0.eventsPerSecond / $0.nginxPerSecond },
            remark: "\(ours) events/s, nginx \(theirs) requests/s"
        )
    }
}
