import ArgumentParser

/// `relais events show`
struct EventsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an event's receipt: what came in, what was decided, sent and answered.",
        discussion: """
            The request is made again from the stored event and compared by its SHA-256 with the one that was sent; it is \
            called exact only when both are the same. Secrets are shown as ***.

            Examples:
              relais events show 8f14e45f --config relais.yaml      by event_id
              relais events show T-1001 --config relais.yaml        by transaction_id
              relais events show seq:12 --config relais.yaml        by its place in the log
              relais events show seq:12 --config relais.yaml --json

            Exit codes: 0 ok, 1 there is no such event, or the relay does not answer, 2 wrong usage or configuration.
            """
    )

    @Argument(help: ArgumentHelp("An event_id, a transaction_id, or seq:N.", valueName: "id"))
    var id: String

    @OptionGroup var options: AdminOptions

    /// Columns where the output is no terminal: long lines stay whole for what reads them.
    static let unwrapped = 1000

    func run() async throws {
        let client = try options.client()
        var path = "/api/v1/events/\(HTTPClient.pathSegment(id))"
        if !options.json { path += "?width=\(Terminal.width ?? Self.unwrapped)" }
        let body = try await client.get(path, accept: options.json ? "application/json" : "text/plain")
        print(String(decoding: body, as: UTF8.self), terminator: "")
    }
}
