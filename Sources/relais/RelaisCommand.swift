import ArgumentParser
import RelaisServer

/// The command `relais`.
struct RelaisCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relais",
        abstract: "First-party event relay: takes events on your own domain, asks consent, stores, delivers, explains.",
        discussion: """
            Start with a configuration file and check it:

              relais check --config relais.yaml
              relais serve --config relais.yaml

            See what came in and what became of it:

              relais events table --config relais.yaml
              relais events show EVENT_ID --config relais.yaml

            Exit codes: 0 ok, 1 it failed, 2 wrong usage or configuration.
            """,
        version: "relais \(RelaisVersion.current)",
        subcommands: [
            ServeCommand.self, CheckCommand.self, DoctorCommand.self, SendCommand.self, SandboxCommand.self,
            EventsCommand.self,
            DestinationsCommand.self, DeadCommand.self, ReloadCommand.self, PluginCommand.self,
        ]
    )
}
