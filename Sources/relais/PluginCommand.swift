import ArgumentParser

/// `relais plugin`
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "See which plugins there are and what they say of themselves.",
        subcommands: [PluginListCommand.self, PluginInspectCommand.self, PluginRunCommand.self]
    )
}
