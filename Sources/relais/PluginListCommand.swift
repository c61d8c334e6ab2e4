import ArgumentParser
import Foundation
import RelaisConfig
import RelaisEvent
import RelaisPlugins
import RelaisServer

/// `relais plugin list`
struct PluginListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the plugins of a directory; their code is not run.",
        discussion: """
            Without --config and --plugins the directory beside the program is read. Files that are no usable plugin are \
            told on standard error, and the exit code is 1.

            Examples:
              relais plugin list
              relais plugin list --config relais.yaml
              relais plugin list --plugins ./plugins --json

            Exit codes: 0 ok, 1 a file is no usable plugin, 2 wrong usage or configuration.
            """
    )

    @Option(help: ArgumentHelp("The configuration whose plugin directory is read.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The directory to read.", valueName: "directory"))
    var plugins: String?

    @Flag(help: "Print JSON for machines.")
    var json = false

    func validate() throws {
        if config != nil, plugins != nil { throw ValidationError("--config and --plugins exclude each other") }
    }

    func run() async throws {
        let path = try folder()
        let inventory = PluginDirectory.discover(path)
        let found = inventory.plugins.values.sorted { $0.manifest.id < $1.manifest.id }
        if json {
            print(Self.json(found, inventory.problems))
        } else {
            for problem in inventory.problems { StandardError.print(TerminalText.sanitized("error: \(problem)")) }
            if found.isEmpty, inventory.problems.isEmpty { print("there are no plugins in \(path)") }
            if !found.isEmpty { for line in Self.table(found).lines(width: Terminal.width) { print(line) } }
        }
        if !inventory.problems.isEmpty { throw CommandFailure("") }
    }

    private func folder() throws -> String {
        if let plugins { return plugins }
        guard let config else { return PluginFolder.installed }
        let configuration = try ConfigurationLoader.load(
            path: config,
            environment: ProcessInfo.processInfo.environment
        )
        return configuration.plugins.directory ?? PluginFolder.installed
    }

    private static func table(_ plugins: [DiscoveredPlugin]) -> Table {
        var table = Table(["ID", "VERSION", "NAME", "ABI", "LICENSE", "FILE"])
        for plugin in plugins {
            let manifest = plugin.manifest
            table.add([manifest.id, manifest.version, manifest.name, plugin.abi, manifest.license, plugin.file.path])
        }
        return table
    }

    private static func json(_ plugins: [DiscoveredPlugin], _ problems: [PluginProblem]) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("plugins")
        writer.beginArray()
        for plugin in plugins { plugin.write(to: &writer) }
        writer.endArray()
        writer.key("problems")
        writer.beginArray()
        for problem in problems {
            writer.beginObject()
            writer.texts([
                ("path", problem.path), ("reason", problem.reason.rawValue), ("message", problem.message),
            ])
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.text
    }
}

extension DiscoveredPlugin {
    /// `{"id","version","name","license","abi","file","sha256","manifest":{…}}`.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.texts([
            ("id", manifest.id), ("version", manifest.version), ("name", manifest.name), ("license", manifest.license),
            ("abi", abi), ("file", file.path), ("sha256", file.sha256),
        ])
        writer.key("manifest")
        writer.raw(manifest.text.utf8)
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func texts(_ members: [(name: String, value: String)]) {
        for (name, value) in members {
            key(name)
            string(value)
        }
    }
}
