/// `config` of a destination: JSON for the plugin, and a form of it that may be shown.
///
/// Values from `${NAME}` and `{file: …}` are JSON strings; other values have the types of YAML 1.2, so that `"123"`
/// is a string and `123` a number with its digits kept.
package struct PluginConfiguration: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let resolved: ConfigurationJSON
    private let masked: ConfigurationJSON

    package init() {
        self.init(resolved: .object([:]), masked: .object([:]))
    }

    init(resolved: ConfigurationJSON, masked: ConfigurationJSON) {
        self.resolved = resolved
        self.masked = masked
    }

    /// An object with every secret in clear: only for the plugin.
    package var json: String { resolved.text }

    /// The same object with placeholders for values that came from outside the file, for values whose key names a
    /// credential, and for those under the given property names at any depth (what the plugin's schema marks secret).
    package func maskedJSON(secretProperties: Set<String> = []) -> String {
        maskedValue(secretProperties: secretProperties).text
    }

    func maskedValue(secretProperties: Set<String>) -> ConfigurationJSON {
        PluginConfiguration.mask(masked, secretProperties, isSecret: false)
    }

    /// Whether a property is given, with whatever value.
    package func has(_ property: String) -> Bool { propertyNames.contains(property) }

    /// The names of the properties, never their values: which of them are secret only the plugin's schema knows.
    package var description: String { "PluginConfiguration(\(propertyNames.joined(separator: ", ")))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["properties": propertyNames]) }

    private var propertyNames: [String] {
        guard case .object(let members) = masked else { return [] }
        return members.keys.sorted()
    }

    private static func mask(
        _ value: ConfigurationJSON,
        _ secretProperties: Set<String>,
        isSecret: Bool
    ) -> ConfigurationJSON {
        switch value {
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, member in
                        let isSecret = isSecret || secretProperties.contains(key) || CredentialName.matches(key)
                        return (key, mask(member, secretProperties, isSecret: isSecret))
                    }
                )
            )
        case .array(let elements):
            return .array(elements.map { mask($0, secretProperties, isSecret: isSecret) })
        case .string, .number, .boolean:
            return isSecret ? .placeholder(Secret.mask) : value
        case .null, .placeholder:
            return value
        }
    }
}
