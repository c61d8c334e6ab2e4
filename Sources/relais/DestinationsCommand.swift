import ArgumentParser

/// `relais destinations`
struct DestinationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destinations",
        abstract: "See where events are delivered.",
        subcommands: [DestinationsListCommand.self]
    )
}

/// `relais destinations list`
struct DestinationsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the destinations with their state and what waits for them.",
        discussion: """
            LAG counts events that are not done with yet, IN FLIGHT those being sent now; both 0 means that nothing is \
            left to do now. DELIVERED counts since the relay was started. STATE is active, holding (a whole batch failed \
            and is tried again), throttled (the vendor asked for a pause), auth_stop (credentials refused), paused or \
            failed (the plugin cannot be used).

            Examples:
              relais destinations list --config relais.yaml
              relais destinations list --admin http://127.0.0.1:9090 --json | jq 'map(.lag) | add'
            """
    )

    @OptionGroup var options: AdminOptions

    func run() async throws {
        let client = try options.client()
        let body = try await client.get("/api/v1/destinations")
        guard !options.json else { return print(String(decoding: body, as: UTF8.self), terminator: "") }
        let rows = try client.decode(body, as: [DestinationRow].self)
        guard !rows.isEmpty else { return print("no destination is configured") }
        for line in Self.table(rows).lines(width: Terminal.width, color: Self.color) { print(line) }
    }

    static func table(_ rows: [DestinationRow]) -> Table {
        var table = Table(
            [
                "DESTINATION", "PLUGIN", "STATE", "LAG", "IN FLIGHT", "DELIVERED", "RETRYING", "PARKED", "DEAD",
                "REASON",
            ],
            numeric: [3, 4, 5, 6, 7, 8]
        )
        for row in rows {
            let reason = [row.reason, row.detail].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
            let until = row.until.map { " until \($0)" } ?? ""
            table.add([
                row.id, row.plugin ?? "", row.state, "\(row.lag)", "\(row.inFlight)", "\(row.delivered)",
                "\(row.retrying)", "\(row.parked)", "\(row.dead)", reason + until,
            ])
        }
        return table
    }

    private static func color(_ cell: String, _ column: Int) -> Terminal.Color? {
        guard Terminal.hasColors else { return nil }
        return switch (column, cell) {
        case (2, "active"): .green
        case (2, "failed"), (2, "auth_stop"): .red
        case (2, _): .yellow
        case (8, let count) where count != "0": .red
        default: nil
        }
    }
}
