internal import RelaisTestKit

/// Durable ingest against nginx `return 204`, the same requests to both, in alternating pairs.
struct IngestBench {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func rows() async throws -> [BenchRow] {
        let nginx = try await NginxServer()
        let plain = try await pairs(nginx, LoadGenerator(bench: bench))
        let phone = try await pairs(nginx, LoadGenerator(bench: bench, withPhone: true))
        let batched = try await pairs(nginx, LoadGenerator(bench: bench, eventsPerRequest: 20))
        try await nginx.stop()
        return [
            row("durable ingest, 1 event a request, no phone", target: 0.35, plain),
            row("durable ingest, 1 event a request, with a phone", target: 0.25, phone),
            row("durable ingest, 20 events a request, events", target: 1, batched),
        ]
    }

    private struct Pair {
        var eventsPerSecond: Double
        var nginxPerSecond: Double
    }

    private func pairs(_ nginx: NginxServer, _ load: LoadGenerator) async throws -> [Pair] {
        let relay = try bench.relay()
        try await relay.start()
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
