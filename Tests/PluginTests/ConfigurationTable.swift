/// The options of a plugin as its manifest's `config_schema` has them, as a table in Markdown.
struct ConfigurationTable: Sendable {
    private struct Row: Sendable {
        let key: String
        let takes: String
        let preset: String
        let meaning: String
    }

    private let rows: [Row]

    /// From a whole manifest.
    init(manifest: ExactJSON) {
        rows = Self.rows(of: manifest["config_schema"], under: "")
    }

    /// The meaning of each option, by its key.
    var meanings: [(key: String, text: String)] { rows.map { ($0.key, $0.meaning) } }

    var markdown: String {
        let lines = rows.map { row in
            "| `\(row.key)` | \(row.takes) | \(row.preset) | \(row.meaning.replacing("|", with: "\\|")) |"
        }
        return (["| key | takes | default | meaning |", "|---|---|---|---|"] + lines).joined(separator: "\n") + "\n"
    }

    private static func rows(of object: ExactJSON?, under path: String) -> [Row] {
        guard let properties = object?["properties"] else { return [] }
        let required = Set(object?["required"]?.elements.compactMap(\.string) ?? [])
        return properties.keys.flatMap { name -> [Row] in
            guard let schema = properties[name] else { return [] }
            let row = Row(
                key: path + name,
                takes: takes(schema),
                preset: required.contains(name) ? "required" : schema["default"].map { "`\($0.compact)`" } ?? "",
                meaning: schema["description"]?.string ?? ""
            )
            return [row] + rows(of: schema, under: "\(path)\(name).")
                + rows(of: schema["items"], under: "\(path)\(name)[].")
        }
    }

    private static func takes(_ schema: ExactJSON) -> String {
        if let choices = schema["enum"]?.elements {
            return choices.map { "`\($0.string ?? $0.compact)`" }.joined(separator: ", ")
        }
        let kinds = schema["anyOf"]?.elements ?? schema["oneOf"]?.elements ?? []
        if !kinds.isEmpty { return kinds.map(takes).joined(separator: " or ") }
        switch schema["type"]?.string {
        case "string" where schema["secret"]?.compact == "true": return "text, secret"
        case "string": return "text"
        case "integer": return "whole number"
        case "boolean": return "`true`, `false`"
        case "array": return "list of \(element(schema["items"]))\(bounds(schema))"
        case let type?: return type
        case nil: return "anything"
        }
    }

    private static func element(_ schema: ExactJSON?) -> String {
        guard let schema else { return "anything" }
        return schema["type"]?.string == "object" ? "objects" : takes(schema)
    }

    private static func bounds(_ schema: ExactJSON) -> String {
        switch (schema["minItems"]?.compact, schema["maxItems"]?.compact) {
        case (let least?, let most?): ", \(least) to \(most)"
        case (nil, let most?): ", at most \(most)"
        case (let least?, nil): ", at least \(least)"
        case (nil, nil): ""
        }
    }
}
