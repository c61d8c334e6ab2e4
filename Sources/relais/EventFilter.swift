import ArgumentParser

/// Which events a tail shows.
struct EventFilter: ParsableArguments {
    @Option(help: ArgumentHelp("Only events that this destination is in the plan of.", valueName: "name"))
    var destination: String?

    @Option(
        help: ArgumentHelp(
            "Only events in this state, at --destination if given, otherwise anywhere: delivered, sent, waiting, "
                + "retrying, parked, failed, dropped, not_sent, duplicate or finished.",
            valueName: "word"
        )
    )
    var state: String?

    @Option(help: ArgumentHelp("Only events of this name, for instance purchase.", valueName: "name"))
    var event: String?

    @Option(help: ArgumentHelp("Only events of this site.", valueName: "name"))
    var site: String?

    static let states = [
        "delivered", "sent", "waiting", "retrying", "parked", "failed", "dropped", "not_sent", "duplicate", "finished",
    ]

    func validate() throws {
        if let state, !Self.states.contains(state) {
            throw ValidationError("--state must be one of \(Self.states.joined(separator: ", ")), not \"\(state)\"")
        }
    }

    var isEmpty: Bool { [destination, state, event, site].allSatisfy { $0 == nil } }

    func passes(_ row: EventRow) -> Bool {
        guard event ?? row.eventName == row.eventName, site ?? row.site == row.site else { return false }
        let cells = row.destinations.filter { destination ?? $0.key == $0.key }.values
        guard destination == nil || !cells.isEmpty else { return false }
        return state.map { state in cells.contains { EventRow.state(ofCell: $0) == state } } ?? true
    }
}

extension EventRow {
    /// The word for a cell's state, without its reason.
    static func state(ofCell cell: String) -> String {
        if cell.hasPrefix("not sent") { return "not_sent" }
        return String(cell.prefix { $0 != " " })
    }
}
