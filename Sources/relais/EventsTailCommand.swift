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

            Examples:
              relais events tail --config relais.yaml
              relais events tail --config relais.yaml --follow
              relais events tail --config relais.yaml -n 0 --follow --json | jq .event_name
            """
    )

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many events to begin with, 0 to 500.", valueName: "n")
    )
    var number = 10

    @Flag(name: .shortAndLong, help: "Go on with the events that come.")
    var follow = false

    @OptionGroup var options: AdminOptions

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
                    show(event)
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
        let newest = try await FetchedEvent.fetch("/api/v1/events?limit=\(max(1, number))", client)
        guard let last = newest.first?.row.seq else { return 0 }
        for event in newest.prefix(number).reversed() { show(event) }
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
