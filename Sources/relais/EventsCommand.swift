import ArgumentParser

/// `relais events`
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "See which events came in and what became of them.",
        subcommands: [EventsTableCommand.self, EventsShowCommand.self, EventsTailCommand.self]
    )
}
