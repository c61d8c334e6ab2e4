package import RelaisEvent

/// A destination as the configuration file asks for it.
package struct DestinationSpecification: Sendable {
    package var name: String
    /// The plugin's id.
    package var plugin: String
    /// A JSON object, secrets resolved: only for the plugin.
    package var configuration: String
    /// The same object with placeholders in place of values that must not be shown; nil: only what the plugin's schema
    /// marks secret is replaced.
    package var maskedConfiguration: String?
    /// Keys of the destination itself that its plugin gets as members of its configuration, as JSON without secrets.
    package var members: [(name: String, json: String)]
    /// Kinds of user data it gets unhashed.
    package var clear: [UserDataKind]
    /// Further values to be masked wherever a request is shown.
    package var secrets: [String]

    package init(
        name: String,
        plugin: String,
        configuration: String,
        maskedConfiguration: String? = nil,
        members: [(name: String, json: String)] = [],
        clear: [UserDataKind] = [],
        secrets: [String] = []
    ) {
        self.name = name
        self.plugin = plugin
        self.configuration = configuration
        self.maskedConfiguration = maskedConfiguration
        self.members = members
        self.clear = clear
        self.secrets = secrets
    }
}

/// A destination whose plugin was found and whose configuration is valid.
package struct ResolvedDestination: Sendable {
    package var name: String
    package var plugin: DiscoveredPlugin
    /// JSON with defaults filled in and secrets in clear.
    package var configuration: String
    /// The same, secrets replaced.
    package var shownConfiguration: String
    package var secrets: [String]
    package var clear: [UserDataKind]
    /// Base URL in place of the manifest's hosts.
    package var endpoint: String?
    /// Deprecated members.
    package var warnings: [ConfigurationProblem]
}

extension ResolvedDestination {
    /// The plugin's manifest as this configuration fills it: with the kinds it gets unhashed, with the events that the
    /// configuration lists where the manifest says so, and without pings where the configuration makes them impossible.
    package var manifest: PluginManifest {
        var manifest = plugin.manifest
        for kind in clear { manifest.userData[kind, default: []].append(UserDataForm.clear) }
        if let listing = manifest.eventListing, let parsed = try? JSONParser.parse(configuration) {
            let names = (parsed[listing.list]?.array ?? []).compactMap { $0[listing.name]?.string }
            manifest.events = Dictionary(names.map { ($0, listing.list) }) { first, _ in first }
        }
        if !pingObstacles.isEmpty { manifest.consent.degrade = nil }
        return manifest
    }

    /// What of the configuration makes a ping impossible: "transport: measurement_protocol".
    package var pingObstacles: [String] {
        guard let unless = plugin.manifest.consent.degrade?.unless, !unless.isEmpty,
            let parsed = try? JSONParser.parse(configuration)
        else { return [] }
        return unless.filter { parsed[$0.key]?.string == $0.value }.map { "\($0.key): \($0.value)" }.sorted()
    }

    /// Names by which the configuration speaks of sources, with their pointers, in its order.
    package var sourceNames: [(name: String, pointer: String)] {
        guard let member = plugin.manifest.sourceListing, let parsed = try? JSONParser.parse(configuration) else {
            return []
        }
        return (parsed[member]?.members ?? []).map { ($0.name, JSONPointer.append($0.name, to: "/\(member)")) }
    }
}

/// Everything that is wrong with one destination.
package struct DestinationProblems: Error, Sendable, Equatable, CustomStringConvertible {
    package var destination: String
    /// Pointers are into the destination's `config`, but for `/clear` and the specification's `members`.
    package var problems: [ConfigurationProblem]
    /// The plugin itself is missing or broken: the problems' pointers are empty.
    package var isAboutPlugin: Bool

    package var description: String {
        problems.map { "\(destination): \($0)" }.joined(separator: "\n")
    }
}
