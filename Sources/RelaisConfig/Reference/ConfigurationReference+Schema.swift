extension ConfigurationReference {
    /// JSON Schema (2020-12) of `relais.yaml`, for editors: types, bounds, words and unknown keys. What keys say of each
    /// other only `relais check` knows.
    package static var schema: String {
        var root = Node()
        for key in keys { root.add(key, path: key.path.split(separator: ".")[...]) }
        var members = root.schema
        members["$schema"] = .string("https://json-schema.org/draft/2020-12/schema")
        members["title"] = .string("relais.yaml")
        members["required"] = .strings(["sites", "sources"])
        members["$defs"] = .object(["reference": reference])
        return ConfigurationJSON.object(members).text
    }

    /// `${NAME}` and `{ file: path }` may stand for any value.
    private static let reference = ConfigurationJSON.object([
        "anyOf": .array([
            .object(["type": .string("string"), "pattern": .string("\\$\\{")]),
            .object([
                "type": .string("object"), "required": .strings(["file"]), "additionalProperties": .boolean(false),
                "properties": .object(["file": .object(["type": .string("string")])]),
            ]),
        ])
    ])

    private struct Node {
        var key: ConfigurationKey?
        var children: [String: Node] = [:]

        mutating func add(_ key: ConfigurationKey, path: ArraySlice<Substring>) {
            guard let first = path.first else { return self.key = key }
            children[String(first), default: Node()].add(key, path: path.dropFirst())
        }

        var schema: [String: ConfigurationJSON] {
            guard !children.isEmpty else { return leaf }
            var members: [String: ConfigurationJSON] = ["type": .strings(["object", "null"])]
            var properties = children
            if let named = properties.removeValue(forKey: "<name>") {
                members["additionalProperties"] = .object(named.schema)
            } else {
                members["additionalProperties"] = .boolean(false)
            }
            let required = properties.filter { $0.value.key?.isRequired ?? false }.keys.sorted()
            if !required.isEmpty { members["required"] = .strings(required) }
            if !properties.isEmpty { members["properties"] = .object(properties.mapValues { .object($0.schema) }) }
            guard case .either(_, let word)? = key?.kind else { return members }
            return ["anyOf": .array([.object(members), .object(["const": .string(word)])])]
        }

        private var leaf: [String: ConfigurationJSON] {
            guard let key else { return [:] }
            if case .mapping = key.kind { return ["type": .strings(["object", "null"])] }
            return ["anyOf": .array([.object(key.kind.schema), .object(["$ref": .string("#/$defs/reference")])])]
        }
    }
}

extension ConfigurationKey.Kind {
    fileprivate var schema: [String: ConfigurationJSON] {
        switch self {
        case .text, .path: return ["type": .strings(["string", "number"])]
        case .boolean: return ["type": .string("boolean")]
        case .integer(let range):
            return [
                "type": .string("integer"), "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .duration: return ["type": .string("string"), "pattern": .string("^[0-9]+(ms|s|m|h|d)$")]
        case .size:
            return [
                "anyOf": .array([
                    .object(["type": .string("integer")]),
                    .object(["type": .string("string"), "pattern": .string("^[0-9]+(B|[KMG]iB|[kMG]B)?$")]),
                ])
            ]
        case .words(let words): return ["enum": .array(words.flatMap(Self.spellings))]
        case .list(let kind):
            let one = ConfigurationJSON.object(kind.schema)
            let reference = ConfigurationJSON.object(["$ref": .string("#/$defs/reference")])
            let element = ConfigurationJSON.object(["anyOf": .array([one, reference])])
            return ["anyOf": .array([one, .object(["type": .string("array"), "items": element])])]
        case .mapping: return ["type": .string("object")]
        case .either(let kind, let word):
            return ["anyOf": .array([.object(kind.schema), .object(["const": .string(word)])])]
        }
    }

    /// A word that YAML reads as a number counts as itself too.
    private static func spellings(_ word: String) -> [ConfigurationJSON] {
        Double(word) == nil ? [.string(word)] : [.string(word), .number(word)]
    }
}
