import ArgumentParser
import RelaisServer

/// `relais destinations show`
struct DestinationsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one destination: its state and why, what waits, its plugin, and which identifiers events had.",
        discussion: """
            The table is about the identifiers that the plugin asks for, of the events that were stored for the \
            destination since the relay was started, without those that go without user data for want of consent. \
            UNUSABLE is what could not be turned into a form that the vendor takes: malformed, no_country (a phone number \
            without a country code, and nothing tells the country), hashed_in_other_form (hashed by the sender in a form \
            that does not fit), not_a_hash.

            Examples:
              relais destinations show meta --config relais.yaml
              relais destinations show meta --config relais.yaml --json | jq -r .state

            Exit codes: 0 ok, 1 there is no such destination, or the relay does not answer, 2 wrong usage or configuration.
            """
    )

    @Argument(help: ArgumentHelp("The destination's name in the configuration.", valueName: "name"))
    var name: String

    @OptionGroup var options: AdminOptions

    func run() async throws {
        let client = try options.client()
        let body = try await client.get("/api/v1/destinations/\(HTTPClient.pathSegment(name))")
        guard !options.json else { return print(String(decoding: body, as: UTF8.self), terminator: "") }
        for line in try client.decode(body, as: DestinationRow.self).description { print(line) }
        guard let match = try client.decode(body, as: MatchRow.Answer.self).match else { return }
        print("")
        for line in match.lines(width: Terminal.width) { print(line) }
    }
}

extension DestinationRow {
    /// A line for each thing there is to say.
    var description: [String] {
        let plugin = [plugin, pluginVersion].compactMap(\.self).joined(separator: " ")
        let file = pluginSHA256.map { " (sha256 \($0.prefix(12)))" } ?? ""
        let lines = [
            ("destination", id), ("state", state), ("reason", why), ("plugin", plugin + file), ("lag", "\(lag)"),
            ("in flight", "\(inFlight)"), ("delivered", "\(arrived) since the relay was started"),
            ("retrying", "\(retrying)"), ("parked", "\(parked)"), ("dead letters", "\(dead)"),
            ("restarts", "\(restarts ?? 0) of the plugin's process"),
        ]
        return lines.filter { !$0.1.isEmpty }.map { name, value in
            let padded = TerminalText.padded(name, to: 14)
            let text = TerminalText.sanitized(value)
            return padded + (name == "state" ? Terminal.colored(text, Self.color(ofState: value)) : text)
        }
    }
}
