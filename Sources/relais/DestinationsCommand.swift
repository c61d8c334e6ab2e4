import ArgumentParser

/// `relais destinations`
struct DestinationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destinations",
        abstract: "See where events are delivered, and pause and resume it.",
        discussion: """
            A destination is one configured instance of a plugin. These commands ask the admin API of the running relay.

            Examples:
              relais destinations list --config relais.yaml
              relais destinations pause meta --reason "pixel is moved" --config relais.yaml

            Exit codes: 0 ok, 1 it failed, 2 wrong usage or configuration.
            """,
        subcommands: [
            DestinationsListCommand.self, DestinationsShowCommand.self, DestinationsPauseCommand.self,
            DestinationsResumeCommand.self,
        ]
    )
}
