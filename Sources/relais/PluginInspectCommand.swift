import ArgumentParser
import RelaisEvent
import RelaisPlugins
import RelaisServer

/// `relais plugin inspect`
struct PluginInspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a plugin file says of itself; its code is not run.",
        discussion: """
            Reads the file's manifest and judges it as the relay would: architecture, ABI, entry symbol, permissions. A \
            file that cannot be used is explained in a sentence, with exit code 1.

            Examples:
              relais plugin inspect dist/plugins/meta.so
              relais plugin inspect dist/plugins/meta.so --json | jq .manifest.config_schema

            Exit codes: 0 ok, 1 the file cannot be used, 2 wrong usage.
            """
    )

    @Argument(help: ArgumentHelp("The plugin's .so file.", valueName: "file"))
    var file: String

    @Flag(help: "Print JSON for machines.")
    var json = false

    func run() async throws {
        let plugin: DiscoveredPlugin
        do throws(PluginProblem) {
            plugin = try PluginDirectory.inspect(file)
        } catch {
            throw CommandFailure(TerminalText.sanitized(error.description))
        }
        if json {
            var writer = JSONWriter()
            plugin.write(to: &writer)
            print(writer.text)
        } else {
            for warning in plugin.warnings { StandardError.print(TerminalText.sanitized("warning: \(warning)")) }
            for (name, value) in Self.lines(plugin) where !value.isEmpty {
                print(TerminalText.padded(name, to: 14) + TerminalText.sanitized(value))
            }
            Self.printConfiguration(plugin.schema)
        }
    }

    private static func lines(_ plugin: DiscoveredPlugin) -> [(name: String, value: String)] {
        let manifest = plugin.manifest
        let userData = manifest.userData.map { "\($0.key.rawValue) (\($0.value.joined(separator: ", ")))" }.sorted()
        return [
            ("plugin", "\(manifest.id) \(manifest.version)"), ("name", manifest.name), ("license", manifest.license),
            ("file", plugin.file.path), ("sha256", plugin.file.sha256), ("abi", plugin.abi),
            ("hosts", manifest.hosts.joined(separator: ", ")),
            ("consent", consent(manifest.consent)), ("user data", userData.joined(separator: ", ")),
            ("events", manifest.events.map { $0.keys.sorted().joined(separator: ", ") } ?? "every event"),
            (
                "batch",
                "\(manifest.maxEvents) events, \(manifest.maxBytes) bytes, waits \(manifest.lingerMilliseconds) ms"
            ),
            ("answers", manifest.deliversOn2xx ? "every 2xx counts as sent" : "read by the plugin"),
            ("duplicates", manifest.deduplicates ? "the vendor removes them by event id" : "the vendor keeps them"),
            ("max age", duration(manifest.maxAgeMilliseconds)),
        ]
    }

    private static func consent(_ consent: PluginManifest.Consent) -> String {
        var parts = consent.purposes.map(\.name)
        if let vendor = consent.vendor { parts.append("vendor \(vendor)") }
        if !consent.userData.isEmpty {
            parts.append("for user data also \(consent.userData.map(\.name).joined(separator: " and "))")
        }
        if let degrade = consent.degrade {
            let clients = degrade.clients.isEmpty ? "" : " for \(degrade.clients.joined(separator: " and "))"
            parts.append("a ping in its stead\(clients) (when_denied: ping)")
        }
        return parts.isEmpty ? "none asked" : parts.joined(separator: ", ")
    }

    private static func duration(_ milliseconds: Int64) -> String {
        milliseconds % 86_400_000 == 0 ? "\(milliseconds / 86_400_000) days" : "\(milliseconds / 3_600_000) hours"
    }

    private static func printConfiguration(_ schema: ConfigurationSchema) {
        guard !schema.properties.isEmpty else { return }
        print("config")
        for property in schema.properties {
            var marks = property.schema.types
            if schema.required.contains(property.name) { marks.append("required") }
            if property.schema.isSecret { marks.append("secret") }
            if property.schema.isDeprecated { marks.append("deprecated") }
            let heading = "  \(property.name) (\(marks.joined(separator: ", ")))"
            print(TerminalText.sanitized(heading))
            if let summary = property.schema.summary { print("      " + TerminalText.sanitized(summary)) }
        }
    }
}
