import ArgumentParser

/// `relais destinations list`
struct DestinationsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the destinations with their state and what waits for them.",
        discussion: """
            LAG counts events that are not done with yet, IN FLIGHT those being sent now; both 0 means that nothing is \
            left to do now. DELIVERED counts since the relay was started; where the vendor's answer does not say whether \
            it took an event (GA4), the word is sent. STATE is active, holding (a whole batch failed and is tried \
            again), throttled (the vendor asked for a pause), auth_stop (credentials refused), paused (by an \
            operator) or failed (the plugin cannot be used). GIVEN UP, where there is any, counts log entries of \
            a backlog that was given up as a whole, as too old or for want of room on the disk.

            Examples:
              relais destinations list --config relais.yaml
              relais destinations list --admin http://127.0.0.1:9090 --json | jq 'map(.lag) | add'

            Exit codes: 0 ok, 1 the relay does not answer or refuses, 2 wrong usage or configuration.
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
        let hasGivenUp = rows.contains { ($0.givenUp ?? 0) > 0 }
        var table = Table(
            ["DESTINATION", "PLUGIN", "STATE", "LAG", "IN FLIGHT", "DELIVERED", "RETRYING", "PARKED", "DEAD"]
                + (hasGivenUp ? ["GIVEN UP", "REASON"] : ["REASON"]),
            numeric: hasGivenUp ? [3, 4, 5, 6, 7, 8, 9] : [3, 4, 5, 6, 7, 8]
        )
        for row in rows {
            let cells = [
                row.id, row.plugin ?? "", row.state, "\(row.lag)", "\(row.inFlight)", row.arrived,
                "\(row.retrying)", "\(row.parked)", "\(row.dead)",
            ]
            table.add(cells + (hasGivenUp ? ["\(row.givenUp ?? 0)"] : []) + [row.why])
        }
        return table
    }

    private static func color(_ cell: String, _ column: Int) -> Terminal.Color? {
        switch (column, cell) {
        case (2, _): DestinationRow.color(ofState: cell)
        case (8, let count) where count != "0": Terminal.hasColors ? .red : nil
        default: nil
        }
    }
}
