import ArgumentParser
import RelaisEvent
import RelaisServer

/// Has a relay send again or drop what a selection names, call by call.
struct DeadWork {
    struct Result {
        var taken: Int
        /// Log entries that left dead ranges, and those of them that the log no longer had.
        var entries: Int
        var gone: Int
        var remaining: Int
        var notConfigured: Int
        /// Letters that died before then were meant: ISO 8601.
        var until: String

        /// Prints it; fails when something is left.
        func report(_ json: Bool, _ words: String) throws {
            if json {
                print(
                    "{\"taken\":\(taken),\"entries\":\(entries),\"gone\":\(gone),"
                        + "\"remaining\":\(remaining),\"not_configured\":\(notConfigured)}"
                )
            } else {
                print(taken == 1 ? "1 dead letter: \(words)" : "\(taken) dead letters: \(words)")
                if entries > 0 { print("\(entries) log entries left dead ranges, \(gone) of them are gone for good") }
            }
            if notConfigured > 0 {
                throw CommandFailure("\(notConfigured) belong to destinations that the configuration does not have")
            }
            if remaining > 0 {
                throw CommandFailure(
                    "\(remaining) are left: their destination takes no more at present; see relais destinations list"
                )
            }
        }
    }

    let verb: String
    let client: AdminClient

    /// How long a destination may take nothing before it is left.
    private static let patience: Duration = .seconds(30)

    static func mustBeNamed(_ id: String?, _ selection: DeadSelection, _ all: Bool) throws {
        if id != nil, all { throw ValidationError("an event and --all exclude each other") }
        guard id != nil || selection.destination != nil || all else {
            throw ValidationError("name an event, or --destination, or say --all for those of every destination")
        }
    }

    func run(_ selection: DeadLetterSelection) async throws -> Result {
        var selection = selection
        var change = try await call(selection)
        selection.until = change.until
        var result = Result(
            taken: change.taken,
            entries: change.entries,
            gone: change.gone,
            remaining: change.remaining,
            notConfigured: change.notConfigured,
            until: change.until
        )
        var progress = ProgressBar(total: change.taken + change.remaining, noun: "dead letters")
        defer { progress.finish() }
        var lastMoved = ContinuousClock.now
        while change.remaining > 0, ContinuousClock.now - lastMoved < Self.patience {
            progress.update(result.taken)
            if change.taken == 0, change.entries == 0 { try await Task.sleep(for: .milliseconds(250)) }
            change = try await call(selection)
            if change.taken > 0 || change.entries > 0 { lastMoved = .now }
            result.taken += change.taken
            result.entries += change.entries
            result.gone += change.gone
            result.remaining = change.remaining
        }
        return result
    }

    private func call(_ selection: DeadLetterSelection) async throws -> DeadChange {
        try client.decode(try await client.post("/api/v1/dead/\(verb)", selection).body, as: DeadChange.self)
    }
}
