/// The subset of JSON Schema that a manifest's `config_schema` may use.
///
/// Keywords: type, properties, required, additionalProperties, enum, const, pattern, minLength, maxLength, minimum,
/// maximum, items, minItems, maxItems, uniqueItems, oneOf, anyOf, format (`uri`), default, title, description,
/// examples,
/// and our own `secret`, `deprecated`, `x-env`. Other than in JSON Schema an object that lists `properties` is closed
/// unless
/// `additionalProperties` says otherwise, so that a mistyped key is an error.
package struct ConfigurationSchema: Sendable {
    package enum Additional: Sendable {
        case allowed
        case forbidden
        case matching([ConfigurationSchema])
    }

    package struct Property: Sendable {
        package var name: String
        package var schema: ConfigurationSchema
    }

    package internal(set) var types: [String] = []
    package internal(set) var properties: [Property] = []
    package internal(set) var required: [String] = []
    package internal(set) var additional = Additional.allowed
    package internal(set) var allowedValues: [JSONValue]?
    package internal(set) var constant: JSONValue?
    package internal(set) var pattern: String?
    package internal(set) var length: ClosedRange<Int> = 0...Int.max
    package internal(set) var minimum: Double?
    package internal(set) var maximum: Double?
    /// None or one.
    package internal(set) var items: [ConfigurationSchema] = []
    package internal(set) var itemCount: ClosedRange<Int> = 0...Int.max
    package internal(set) var requiresUniqueItems = false
    package internal(set) var oneOf: [ConfigurationSchema] = []
    package internal(set) var anyOf: [ConfigurationSchema] = []
    package internal(set) var format: String?
    package internal(set) var defaultValue: JSONValue?
    package internal(set) var title: String?
    package internal(set) var summary: String?
    /// The value is a credential: resolved from the environment or a file, shown nowhere.
    package internal(set) var isSecret = false
    package internal(set) var isDeprecated = false
    /// `x-env`: the environment variable that documentation suggests.
    package internal(set) var environmentVariable: String?

    /// Allows everything.
    package init() {}

    package func property(_ name: String) -> ConfigurationSchema? {
        properties.first { $0.name == name }?.schema
    }
}
