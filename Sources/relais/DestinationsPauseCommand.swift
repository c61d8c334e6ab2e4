import ArgumentParser
import RelaisEvent

/// `relais destinations pause`
struct DestinationsPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Send a destination nothing until it is resumed.",
        discussion: """
            Events go on being accepted and wait in the log; what is in flight is finished. The pause is on disk when the \
            command returns and outlives restarts. Pausing again replaces the reason.

            Examples:
              relais destinations pause meta --config relais.yaml
              relais destinations pause meta --reason "pixel is moved, TICKET-12" --config relais.yaml

            Exit codes: 0 paused, 1 there is no such destination, or the relay does not answer, 2 wrong usage or \
            configuration.
            """
    )

    @Argument(help: ArgumentHelp("The destination's name in the configuration.", valueName: "name"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "Why, for everyone who looks at the destination; default: paused by an operator.",
            valueName: "text"
        )
    )
    var reason: String?

    @OptionGroup var options: AdminOptions

    private struct Body: Encodable {
        var reason: String?
    }

    func run() async throws {
        try await DestinationChange.run("pause", name, Body(reason: reason), options)
    }
}

/// What pause and resume have in common.
enum DestinationChange {
    static func run(_ verb: String, _ name: String, _ body: some Encodable, _ options: AdminOptions) async throws {
        let client = try options.client()
        let path = "/api/v1/destinations/\(HTTPClient.pathSegment(name))/\(verb)"
        let answer = try await client.post(path, body).body
        guard !options.json else { return print(String(decoding: answer, as: UTF8.self), terminator: "") }
        let row = try client.decode(answer, as: DestinationRow.self)
        let why = row.why.isEmpty ? "" : " (\(row.why))"
        print("\(row.id) is \(row.state)\(why); \(row.lag) events wait")
    }
}
