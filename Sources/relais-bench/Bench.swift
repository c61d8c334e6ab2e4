internal import Foundation
internal import RelaisTestKit

/// What every measurement needs: where the programs are, and how long to measure.
struct Bench: Sendable {
    let installation: Installation
    let repository: String
    let pairs: Int
    let seconds: Int
    let backlog: Int

    init(pairs: Int, seconds: Int, backlog: Int) throws {
        repository = Installation.repository()
        installation = try Installation.find(repository: repository)
        self.pairs = pairs
        self.seconds = seconds
        self.backlog = backlog
    }

    /// Progress, for people; figures go to standard output.
    func say(_ text: String) {
        FileHandle.standardError.write(Data("bench: \(text)\n".utf8))
    }

    /// A relay with a state folder of its own.
    func relay(sandboxPort: Int = 9, destinations: Bool = false) throws -> RelaisProcess {
        var configuration = try RelayConfiguration(installation: installation, sandboxPort: sandboxPort)
        configuration.destinations =
            destinations
            ? [
                ("ga4", configuration.ga4()), ("meta", configuration.meta()),
                ("linkedin", configuration.linkedin(["{ event: purchase, rule: 1001 }"])),
                ("tiktok", configuration.tiktok()),
            ] : []
        configuration.extra = "log: { level: warning }"
        return try RelaisProcess(installation, configuration)
    }

    /// Has the relay keep events for its destinations and send none.
    func pauseAll(_ relay: RelaisProcess) throws {
        for (name, _) in relay.configuration.destinations {
            let answer = try relay.admin.post("/api/v1/destinations/\(name)/pause", "")
            guard answer.status == 200 else { throw TestFailure("\(name) is not paused: \(answer.text)") }
        }
    }

    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
