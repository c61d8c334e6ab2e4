import CRelaisHost
import RelaisEvent

/// Finds a destination's plugin and validates its configuration, all errors at once.
struct DestinationResolver {
    static let endpoint = "endpoint"
    /// What stands for a secret that was written into the file itself.
    static let mask = "<secret>"
    /// Members of a schema that a destination fills from keys beside `config`.
    static let handedOver = ["params", "purchase_id"]

    let inventory: PluginInventory

    func resolve(_ specification: DestinationSpecification) throws(DestinationProblems) -> ResolvedDestination {
        let plugin = try plugin(of: specification)
        let parsed: JSONValue
        do throws(JSONSyntaxError) {
            parsed = try JSONParser.parse(specification.configuration)
        } catch {
            throw problems(specification, [ConfigurationProblem(pointer: "", message: "is not JSON: \(error)")])
        }
        let given = members(specification, plugin, parsed)
        let checked = plugin.schema.validate(parsed.adding(given.members))
        let endpoint = plugin.schema.property(Self.endpoint) == nil ? nil : checked.value[Self.endpoint]?.string
        let found =
            checked.problems + given.problems + endpointProblems(endpoint) + clearProblems(specification, plugin)
        if !found.isEmpty { throw problems(specification, found) }
        return ResolvedDestination(
            name: specification.name,
            plugin: plugin,
            configuration: checked.value.text,
            shownConfiguration: shown(specification, plugin, checked, given.members),
            secrets: Array(Set(checked.secrets + specification.secrets)).filter { !$0.isEmpty }.sorted(),
            clear: specification.clear,
            endpoint: endpoint,
            warnings: checked.warnings
        )
    }

    private func plugin(of specification: DestinationSpecification) throws(DestinationProblems) -> DiscoveredPlugin {
        if let plugin = inventory.plugins[specification.plugin] { return plugin }
        let known = inventory.plugins.keys.sorted()
        let broken = inventory.problems.first { $0.path.hasSuffix("/\(specification.plugin).so") }
        let hint = Spelling.hint(for: specification.plugin, among: known)
        let there = known.isEmpty ? "no plugin was found" : "found: \(known.joined(separator: ", "))"
        let message =
            broken.map { "the plugin cannot be used: \($0)" }
            ?? "there is no plugin \"\(specification.plugin)\" (\(there))\(hint)"
        throw DestinationProblems(
            destination: specification.name,
            problems: [ConfigurationProblem(pointer: "", message: message)],
            isAboutPlugin: true
        )
    }

    private func problems(
        _ specification: DestinationSpecification,
        _ problems: [ConfigurationProblem]
    ) -> DestinationProblems {
        DestinationProblems(destination: specification.name, problems: problems, isAboutPlugin: false)
    }

    private func endpointProblems(_ endpoint: String?) -> [ConfigurationProblem] {
        guard let endpoint else { return [] }
        let length = endpoint.utf8.count
        if relais_host_endpoint_is_valid(endpoint, length) == 1 { return [] }
        let message =
            "must be a plain http or https base URL without user, query or fragment, such as http://127.0.0.1:9191/x"
        return [ConfigurationProblem(pointer: "/\(Self.endpoint)", message: message)]
    }

    /// The destination's own keys for a plugin whose schema declares them; an error for another one, or when the file has
    /// them inside `config`.
    private func members(
        _ specification: DestinationSpecification,
        _ plugin: DiscoveredPlugin,
        _ configuration: JSONValue
    ) -> (members: [JSONValue.Member], problems: [ConfigurationProblem]) {
        var members: [JSONValue.Member] = []
        var problems: [ConfigurationProblem] = []
        for name in Self.handedOver where configuration[name] != nil && plugin.schema.property(name) != nil {
            problems.append(ConfigurationProblem(pointer: "", message: "`\(name)` stands beside `config`, not in it"))
        }
        for (name, json) in specification.members {
            if plugin.schema.property(name) == nil {
                let message = "the plugin \"\(plugin.manifest.id)\" does not take `\(name)`; remove it"
                problems.append(ConfigurationProblem(pointer: "/\(name)", message: message))
            } else if let value = try? JSONParser.parse(json) {
                members.append(JSONValue.Member(name, value))
            }
        }
        return (members, problems)
    }

    private func clearProblems(
        _ specification: DestinationSpecification,
        _ plugin: DiscoveredPlugin
    ) -> [ConfigurationProblem] {
        let allowed = plugin.manifest.clear
        return specification.clear.enumerated().filter { !allowed.contains($1) }.map { index, kind in
            let list = allowed.map(\.rawValue).joined(separator: ", ")
            let takes = list.isEmpty ? "takes nothing unhashed" : "takes only \(list) unhashed"
            return ConfigurationProblem(
                pointer: "/clear/\(index)",
                message: "the plugin \"\(plugin.manifest.id)\" \(takes); remove \(kind.rawValue)"
            )
        }
    }

    /// The configuration with defaults and placeholders; secrets that the file holds in clear become `<secret>`.
    private func shown(
        _ specification: DestinationSpecification,
        _ plugin: DiscoveredPlugin,
        _ checked: ValidatedConfiguration,
        _ members: [JSONValue.Member]
    ) -> String {
        let masked = specification.maskedConfiguration.flatMap { try? JSONParser.parse($0) }?.adding(members)
        let filled = masked.map { plugin.schema.validate($0).value } ?? checked.value
        let secrets = Set(checked.secrets + specification.secrets)
        return Self.replace(secrets, in: filled).text
    }

    private static func replace(_ secrets: Set<String>, in value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): secrets.contains(text) ? .string(mask) : value
        case .number(let digits): secrets.contains(digits) ? .string(mask) : value
        case .array(let elements): .array(elements.map { replace(secrets, in: $0) })
        case .object(let members): .object(members.map { JSONValue.Member($0.name, replace(secrets, in: $0.value)) })
        case .null, .bool: value
        }
    }
}

extension JSONValue {
    /// The object with more members at its end; any other value as it is.
    fileprivate func adding(_ more: [Member]) -> JSONValue {
        members.map { .object($0 + more) } ?? self
    }
}
