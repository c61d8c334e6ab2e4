import Foundation
import RelaisTestKit

/// As much of JSON Schema (2020-12) as the event's schema uses; a keyword it does not know is an error.
struct SchemaCheck {
    let root: JSONValue

    init(_ text: String) throws { root = try JSONValue.parse(text) }

    /// Where the value breaks the schema; empty when it does not.
    func problems(_ json: String) throws -> [String] { try problems(JSONValue.parse(json), root, "") }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: String) throws -> [String] {
        if let flag = schema.bool { return flag ? [] : ["\(path): not allowed"] }
        return try schema.object.flatMap { keyword, rule in
            try (holds(keyword, rule, value) ? [] : ["\(path): \(keyword)"])
                + inside(keyword, rule, value, schema, path)
        }
    }

    private func holds(_ keyword: String, _ rule: JSONValue, _ value: JSONValue) throws -> Bool {
        let limit = rule.int ?? 0
        switch keyword {
        case "$schema", "title", "description", "$defs", "$ref", "properties", "additionalProperties", "items",
            "propertyNames":
            return true
        case "type": return (rule.array.isEmpty ? [rule] : rule.array).contains { Self.isA($0.string, value) }
        case "required": return rule.array.allSatisfy { value.object[$0.string ?? ""] != nil }
        case "enum": return rule.array.contains(value)
        case "minLength": return value.string.map { $0.unicodeScalars.count >= limit } ?? true
        case "maxLength": return value.string.map { $0.unicodeScalars.count <= limit } ?? true
        case "minimum": return value.number.map { $0 >= Double(limit) } ?? true
        case "maximum": return value.number.map { $0 <= Double(limit) } ?? true
        case "maxItems": return value.array.count <= limit
        case "maxProperties": return value.object.count <= limit
        case "pattern":
            guard let text = value.string, let pattern = rule.string else { return true }
            return text.range(of: pattern, options: .regularExpression) != nil
        case "anyOf": return try rule.array.contains { try problems(value, $0, "").isEmpty }
        default: throw TestFailure("the check does not know \(keyword)")
        }
    }

    private func inside(
        _ keyword: String,
        _ rule: JSONValue,
        _ value: JSONValue,
        _ schema: JSONValue,
        _ path: String
    ) throws -> [String] {
        switch keyword {
        case "$ref":
            let name = (rule.string ?? "").replacing("#/$defs/", with: "")
            guard let definition = root["$defs"].object[name] else { throw TestFailure("there is no \(name)") }
            return try problems(value, definition, path)
        case "properties":
            return try rule.object.flatMap { name, rule in
                try value.object[name].map { try problems($0, rule, "\(path)/\(name)") } ?? []
            }
        case "additionalProperties":
            return try value.object.filter { schema["properties"].object[$0.key] == nil }
                .flatMap { try problems($0.value, rule, "\(path)/\($0.key)") }
        case "propertyNames":
            return try value.object.keys.flatMap { try problems(.string($0), rule, "\(path)/\($0)") }
        case "items":
            return try value.array.enumerated().flatMap { try problems($0.element, rule, "\(path)/\($0.offset)") }
        default: return []
        }
    }

    private static func isA(_ type: String?, _ value: JSONValue) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        case .number(let number): type == "number" || type == "integer" && number.rounded() == number
        }
    }
}
