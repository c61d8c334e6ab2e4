internal import ArgumentParser
internal import RelaisTestKit

/// `make bench`: measures what the project promises about speed, memory and starting, on this machine, and compares it with
/// the targets. Figures of two programs are taken in turn within one run and compared as a ratio.
@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relais-bench",
        abstract: "Measure the targets: a table with the ratio to each target, and JSON.",
        discussion: """
            Needs wrk and nginx. Everything runs on this machine: the relay, the load, nginx and the sandbox share its \
            cores, so absolute figures say little; ratios taken in one run say more. Exit status: 0 measured (whether or \
            not the targets are met), 1 something could not be measured, 2 usage.
            """
    )

    @Option(help: "Rows to measure, by group: \(BenchGroup.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [BenchGroup] = BenchGroup.allCases

    @Option(help: "Pairs of runs for each ratio; the median counts.")
    var pairs = 5

    @Option(help: "Seconds of load in each run.")
    var seconds = 4

    @Option(help: "Events queued for the memory and start rows.")
    var backlog = 1_000_000

    @Option(help: "A file for the figures as JSON.")
    var json: String?

    func validate() throws {
        guard pairs > 0, seconds > 0, backlog >= 20_000 else {
            throw ValidationError("--pairs and --seconds are at least 1, --backlog at least 20000")
        }
    }

    func run() async throws {
        let bench = try Bench(pairs: pairs, seconds: seconds, backlog: backlog)
        var report = BenchReport()
        for group in BenchGroup.allCases where only.contains(group) {
            bench.say("measuring: \(group.rawValue)")
            report.rows += try await group.measure(bench)
        }
        print(report.table)
        if let json { try report.write(to: json) }
    }
}

/// Rows that are measured together.
enum BenchGroup: String, CaseIterable, ExpressibleByArgument {
    case ingest
    case latency
    case delivery
    case fairness
    case idle
    case backlog
    case plugins
    case decode

    func measure(_ bench: Bench) async throws -> [BenchRow] {
        switch self {
        case .ingest: try await IngestBench(bench).rows()
        case .latency: try await LatencyBench(bench).rows()
        case .delivery: try await DeliveryBench(bench).rows()
        case .fairness: try await FairnessBench(bench).rows()
        case .idle: try await IdleBench(bench).rows()
        case .backlog: try await BacklogBench(bench).rows()
        case .plugins: try await PluginBench(bench).rows()
        case .decode: try DecodeBench(bench).rows()
        }
    }
}
