import ArgumentParser

/// `relais events`
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "See which events came in and what became of them.",
        discussion: """
            These commands ask the admin API of the running relay.

            Examples:
              relais events table --config relais.yaml
              relais events tail --follow --config relais.yaml
              relais events search --event purchase --since 2h --config relais.yaml

            Exit codes: 0 ok, 1 it failed, 2 wrong usage or configuration.
            """,
        subcommands: [
            EventsTableCommand.self, EventsShowCommand.self, EventsTailCommand.self, EventsSearchCommand.self,
        ]
    )
}
