import ArgumentParser

/// `relais events table`
struct EventsTableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "List events with what became of each at every destination.",
        discussion: """
            One line an event, oldest first. A destination's cell says delivered (sent, where the vendor does not say \
            whether it accepted), waiting, retrying, parked, failed (why), dropped (why), not sent (why) or duplicate.

            Examples:
              relais events table --config relais.yaml                    the newest 50
              relais events table --config relais.yaml -n 200
              relais events table --config relais.yaml --after 0 --wait 10   all, once they are done with

            Exit codes: 0 ok, 1 the relay does not answer or refuses, 2 wrong usage or configuration.
            """
    )

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("How many of the newest events, 1 to 500.", valueName: "n")
    )
    var number = 50

    @Option(help: ArgumentHelp("All events after this sequence number, instead of the newest.", valueName: "seq"))
    var after: UInt64?

    @Option(help: ArgumentHelp("Wait up to so many seconds until every event is done with.", valueName: "seconds"))
    var wait: Double = 0

    @OptionGroup var options: AdminOptions

    func validate() throws {
        guard (1...500).contains(number) else { throw ValidationError("--number must be from 1 to 500") }
        guard (0...86_400).contains(wait) else { throw ValidationError("--wait must be from 0 to 86400 seconds") }
    }

    func run() async throws {
        let client = try options.client()
        let deadline = ContinuousClock.now.advanced(by: .seconds(wait))
        var events = try await fetch(client)
        while events.contains(where: { !$0.row.settled }), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(250))
            events = try await fetch(client)
        }
        if options.json {
            print("[" + events.map(\.json).joined(separator: ",\n") + "]")
        } else {
            let order = try await client.get("/api/v1/destinations", as: [DestinationRow].self).map(\.id)
            Self.show(events.map(\.row), order)
        }
    }

    // MARK: Fetching

    /// Oldest first.
    private func fetch(_ client: AdminClient) async throws -> [FetchedEvent] {
        guard var last = after else {
            return try await FetchedEvent.fetch("/api/v1/events?limit=\(number)", client).reversed()
        }
        var all: [FetchedEvent] = []
        while true {
            let page = try await FetchedEvent.fetch("/api/v1/events?limit=500&after=\(last)", client)
            all += page
            guard page.count == 500, let newest = page.last else { return all }
            last = newest.row.seq
        }
    }

    // MARK: Showing

    static func show(_ rows: [EventRow], _ order: [String]) {
        guard !rows.isEmpty else { return print("no events yet") }
        let firstDestination = 4
        let table = table(rows, order)
        let lines = table.lines(width: Terminal.width) { cell, column in
            Terminal.hasColors && column >= firstDestination ? EventRow.color(of: cell) : nil
        }
        for line in lines { print(line) }
    }

    /// Columns of the destinations in the configuration's order, then of those that only old plans name.
    static func table(_ rows: [EventRow], _ order: [String]) -> Table {
        let named = Set(rows.flatMap(\.destinations.keys))
        let destinations = order + named.subtracting(order).sorted()
        var table = Table(["SEQ", "TIME", "EVENT", "ID"] + destinations, numeric: [0])
        for row in rows {
            table.add(
                ["\(row.seq)", row.time, row.eventName, row.eventID.isEmpty ? "-" : row.eventID]
                    + destinations.map { row.destinations[$0] ?? "-" }
            )
        }
        return table
    }
}

/// An event of the list, read and as it came.
struct FetchedEvent {
    var row: EventRow
    var json: String

    static func fetch(_ path: String, _ client: AdminClient) async throws -> [FetchedEvent] {
        try read(try await client.get(path), client)
    }

    static func read(_ body: [UInt8], _ client: AdminClient) throws -> [FetchedEvent] {
        let rows = try client.decode(body, as: [EventRow].self)
        let texts = try JSONSplitter.elements(of: body).map { String(decoding: body[$0], as: UTF8.self) }
        guard texts.count == rows.count else { throw CommandFailure("the list of events cannot be read") }
        return zip(rows, texts).map { FetchedEvent(row: $0, json: $1) }
    }
}
