internal import Foundation
internal import RelaisTestKit

/// wrk with the load of `scripts/bench/purchases.lua`: 64 keep-alive connections, every event with ids of its own.
struct LoadGenerator {
    /// What one run of wrk saw.
    struct Result {
        var requestsPerSecond: Double
        var requests: Int
        /// Microseconds.
        var p50: Double
        var p99: Double
    }

    let bench: Bench
    var eventsPerRequest = 1
    var withPhone = false
    /// Between an answer and the connection's next request.
    var pauseMilliseconds = 0

    static let connections = 64

    /// Runs for the bench's time; throws when a request was answered with anything but 2xx.
    func run(port: Int, path: String = "/v1/events", seconds: Int? = nil) async throws -> Result {
        let directory = try TemporaryDirectory("wrk")
        let script = "\(bench.repository)/scripts/bench/purchases.lua"
        let process = try ChildProcess(
            "/usr/bin/wrk",
            [
                "-t", "1", "-c", "\(Self.connections)", "-d", "\(seconds ?? bench.seconds)s", "--timeout", "10s",
                "-s", script, "http://127.0.0.1:\(port)\(path)",
            ],
            environment: [
                "BATCH": "\(eventsPerRequest)", "PHONE": withPhone ? "1" : "0", "PAUSE": "\(pauseMilliseconds)",
                "KEY": RelayConfiguration.writeKey, "RUN": "\(UInt32.random(in: 0 ... .max))",
            ],
            output: directory.file("out")
        )
        try await process.wait(within: .seconds(seconds ?? bench.seconds) + .seconds(60))
        let output = TemporaryDirectory.text(of: directory.file("out"))
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }),
            let json = try? JSONValue.parse(String(line)), let requests = json["requests"].int,
            let microseconds = json["microseconds"].int, let p50 = json["p50"].int, let p99 = json["p99"].int
        else { throw TestFailure("wrk said: \(output)") }
        guard json["not_2xx"].int == 0, json["socket_errors"].int == 0, requests > 0 else {
            throw TestFailure("not every request was answered 2xx: \(line)")
        }
        return Result(
            requestsPerSecond: Double(requests) / (Double(microseconds) / 1e6),
            requests: requests,
            p50: Double(p50),
            p99: Double(p99)
        )
    }
}
