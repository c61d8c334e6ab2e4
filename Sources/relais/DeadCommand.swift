import ArgumentParser

/// `relais dead`
struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Work on dead letters: events that a destination rejected for good or gave up on.",
        discussion: """
            A dead letter keeps the event's record, its reason and the vendor's words until it is delivered after all or \
            dropped, whatever the log forgets meanwhile. These commands ask the admin API of the running relay.

            Examples:
              relais dead list --config relais.yaml
              relais dead retry --destination meta --reason invalid_parameter --config relais.yaml

            Exit codes: 0 ok, 1 it failed, 2 wrong usage or configuration.
            """,
        subcommands: [
            DeadListCommand.self, DeadShowCommand.self, DeadRetryCommand.self, DeadDropCommand.self,
            DeadExportCommand.self,
        ]
    )
}
