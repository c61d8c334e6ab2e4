import ArgumentParser

/// `relais plugin`
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "See which plugins there are and what they say of themselves.",
        discussion: """
            A plugin is a .so file that turns events into a vendor's requests.

            Examples:
              relais plugin list --config relais.yaml
              relais plugin run --config relais.yaml events.json

            Exit codes: 0 ok, 1 it failed, 2 wrong usage or configuration.
            """,
        subcommands: [PluginListCommand.self, PluginInspectCommand.self, PluginRunCommand.self]
    )
}
