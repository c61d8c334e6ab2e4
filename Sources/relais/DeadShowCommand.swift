import ArgumentParser
import RelaisServer

/// `relais dead show`
struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an event's dead letters and its receipt.",
        discussion: """
            With --json the letters, each with its event as POST /v1/events takes it; relais events show ID --json has the \
            receipt.

            Examples:
              relais dead show 8f14e45f --config relais.yaml
              relais dead show seq:12 --destination meta --config relais.yaml --json | jq '.letters[].event'

            Exit codes: 0 ok, 1 there is no such letter, or the relay does not answer, 2 wrong usage or configuration.
            """
    )

    @Argument(help: ArgumentHelp("The event's event_id, or seq:N.", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("Only the letter of this destination.", valueName: "name"))
    var destination: String?

    @OptionGroup var options: AdminOptions

    func run() async throws {
        let client = try options.client()
        var wanted = try DeadSelection.parse([]).body(id: id)
        wanted.destination = destination
        let body = try await client.get("/api/v1/dead" + wanted.query(limit: 100, events: true))
        let page = try client.decode(body, as: DeadPage.self)
        guard let first = page.letters.first else {
            throw CommandFailure("there is no dead letter of \"\(id)\"\(destination.map { " at \($0)" } ?? "")")
        }
        guard !options.json else { return print(String(decoding: body, as: UTF8.self), terminator: "") }
        for letter in page.letters {
            let state = letter.state == "dead" ? "dead since \(letter.died)" : "being sent again"
            let tries = letter.attempts == 1 ? "1 attempt" : "\(letter.attempts) attempts"
            print("\(letter.destination): \(state), \(tries), \(TerminalText.sanitized(letter.reason))")
            if let detail = letter.detail { print("  " + TerminalText.sanitized(detail)) }
            if !letter.retriable { print("  its record is gone: it cannot be sent again") }
        }
        print("")
        let width = Terminal.width ?? EventsShowCommand.unwrapped
        let receipt = try await client.get("/api/v1/events/seq:\(first.seq)?width=\(width)", accept: "text/plain")
        print(String(decoding: receipt, as: UTF8.self), terminator: "")
    }
}
