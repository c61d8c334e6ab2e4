import ArgumentParser
import Foundation
import RelaisServer

/// `relais events tail`
struct EventsTailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print the newest events, and with --follow those that come in.",
        discussion: """
            One line an event. With --follow an event is printed once its destinations are done with it, or after five \
            seconds as it then stands; Ctrl-C ends it, and while the relay is restarted it waits.

            Filters leave out what does not pass; with --state an event is judged as it stands when it is printed, and the \
            first lines are looked for among the newest 10,000 events.

            Examples:
              relais events tail --config relais.yaml --destination meta --state failed --follow
              relais events tail --config relais.yaml
              relais events tail --config relais.yaml --follow
              relais events tail --config relais.yaml -n 0 --follow --json | jq .event_name

            Exit codes: 0 ok, 1 the relay does not answer or refuses, 2 wrong usage or configuration.
            """
    )

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many events to begin with, 0 to 500.", valueName: "n")
    )
    var number = 10

    @Flag(name: .shortAndLong, help: "Go on with the events that come.")
    var follow = false

    @OptionGroup var filter: EventFilter

    @OptionGroup var options: AdminOptions

    /// Pages of the log that are looked at for the first events to show.
    private static let pages = 20
    private static let patience: Duration = .seconds(5)

    func validate() throws {
        guard (0...500).contains(number) else { throw ValidationError("--number must be from 0 to 500") }
    }

    func run() async throws {
        let client = try options.client()
        let last = try await begin(client)
        if follow { try await follow(client, after: last) }
    }

    private func follow(_ client: AdminClient, after begin: UInt64) async throws {
        var last = begin
        var firstSeen: [UInt64: ContinuousClock.Instant] = [:]
        var isWaiting = false
        while true {
            do {
                let events = try await FetchedEvent.fetch("/api/v1/events?limit=500&after=\(last)", client)
                isWaiting = false
                for event in events {
                    let seen = firstSeen[event.row.seq] ?? .now
                    firstSeen[event.row.seq] = seen
                    guard event.row.settled || .now - seen >= Self.patience else { break }
                    if filter.passes(event.row) { show(event) }
                    last = event.row.seq
                    firstSeen[last] = nil
                }
                fflush(nil)
            } catch let failure as CommandFailure where failure.code == CommandFailure.failed {
                if !isWaiting { StandardError.print("\(failure.message); waiting for it") }
                isWaiting = true
            }
            try await Task.sleep(for: .milliseconds(isWaiting ? 1000 : 300))
        }
    }

    /// Shows the earlier events; the sequence number after which to follow.
    private func begin(_ client: AdminClient) async throws -> UInt64 {
        let limit = filter.isEmpty ? max(1, number) : 500
        var page = try await FetchedEvent.fetch("/api/v1/events?limit=\(limit)", client)
        guard let last = page.first?.row.seq else { return 0 }
        var found = page.filter { filter.passes($0.row) }
        for _ in 1..<Self.pages where found.count < number {
            guard let before = page.last?.row.seq, before > 1 else { break }
            page = try await FetchedEvent.fetch("/api/v1/events?limit=\(limit)&before=\(before)", client)
            found += page.filter { filter.passes($0.row) }
        }
        for event in found.prefix(number).reversed() { show(event) }
        return last
    }

    private func show(_ event: FetchedEvent) {
        guard !options.json else { return print(event.json) }
        let row = event.row
        var parts = ["\(row.seq)", row.time, TerminalText.sanitized(row.eventName)]
        if !row.eventID.isEmpty { parts.append(TerminalText.sanitized(row.eventID)) }
        parts += row.destinations.sorted { $0.key < $1.key }.map { name, cell in
            let text = TerminalText.sanitized("\(name): \(cell)")
            return Terminal.colored(text, Terminal.hasColors ? EventRow.color(of: cell) : nil)
        }
        print(parts.joined(separator: "  "))
    }
}
