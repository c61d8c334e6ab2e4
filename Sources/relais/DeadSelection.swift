import ArgumentParser
import RelaisServer

/// Which dead letters are meant; shared by the commands that work on several.
struct DeadSelection: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this destination.", valueName: "name"))
    var destination: String?

    @Option(help: ArgumentHelp("Only those with this reason, for instance expired.", valueName: "word"))
    var reason: String?

    @Option(help: ArgumentHelp("Only events of this name, for instance purchase.", valueName: "name"))
    var event: String?

    @Option(
        help: ArgumentHelp(
            "Only those that died since: a time such as 2026-11-26T14:30:00Z, or so long ago: 30m, 2h, 7d.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(help: ArgumentHelp("Only those that died before; default: now.", valueName: "time"))
    var until: String?

    /// `id`: an event_id or `seq:N`.
    func body(id: String? = nil) throws -> DeadLetterSelection {
        var body = DeadLetterSelection()
        body.destination = destination
        body.reason = reason
        body.eventName = event
        body.since = try TimeOption.absolute(since, option: "--since")
        body.until = try TimeOption.absolute(until, option: "--until")
        guard let id else { return body }
        guard id.hasPrefix("seq:") else {
            body.eventID = id
            return body
        }
        guard let seq = UInt64(id.dropFirst(4)) else {
            throw CommandFailure("\"\(id)\" names no event: give an event_id, or seq:N", code: CommandFailure.usage)
        }
        body.seq = seq
        return body
    }
}

extension DeadLetterSelection {
    func query(before: UInt64? = nil, limit: Int, events: Bool = false) -> String {
        QueryText([
            ("destination", destination), ("reason", reason), ("event_name", eventName), ("event_id", eventID),
            ("seq", seq.map(String.init)), ("since", since), ("until", until), ("before", before.map(String.init)),
            ("limit", "\(limit)"), ("events", events ? "1" : nil),
        ]).text
    }
}
