/// Reads a `config_schema` and reports everything in it that is not of the subset.
struct SchemaReader {
    private(set) var problems: [ConfigurationProblem] = []
    private static let typeNames = ["object", "array", "string", "number", "integer", "boolean", "null"]
    private static let keywords = [
        "type", "properties", "required", "additionalProperties", "enum", "const", "pattern", "minLength", "maxLength",
        "minimum", "maximum", "items", "minItems", "maxItems", "uniqueItems", "oneOf", "anyOf", "format", "default",
        "title", "description", "examples", "secret", "deprecated", "x-env",
    ]

    mutating func read(_ value: JSONValue, at pointer: String) -> ConfigurationSchema {
        var schema = ConfigurationSchema()
        guard let members = value.members else {
            report(pointer, "a schema must be an object")
            return schema
        }
        for member in members {
            read(member.name, member.value, at: JSONPointer.append(member.name, to: pointer), into: &schema)
        }
        if !schema.properties.isEmpty, value["additionalProperties"] == nil { schema.additional = .forbidden }
        for name in schema.required where !schema.properties.isEmpty && schema.property(name) == nil {
            report(JSONPointer.append("required", to: pointer), "requires \"\(name)\", which is not in properties")
        }
        return schema
    }

    private mutating func read(
        _ keyword: String,
        _ value: JSONValue,
        at pointer: String,
        into schema: inout ConfigurationSchema
    ) {
        switch keyword {
        case "type", "format", "pattern", "enum", "const": readValueRule(keyword, value, pointer, &schema)
        case "properties", "required", "additionalProperties": readObjectRule(keyword, value, pointer, &schema)
        case "items", "minItems", "maxItems", "uniqueItems": readArrayRule(keyword, value, pointer, &schema)
        case "minLength": schema.length = count(value, pointer)...max(schema.length.upperBound, count(value, pointer))
        case "maxLength": schema.length = min(schema.length.lowerBound, count(value, pointer))...count(value, pointer)
        case "minimum": schema.minimum = number(value, pointer)
        case "maximum": schema.maximum = number(value, pointer)
        case "oneOf": schema.oneOf = schemas(value, pointer)
        case "anyOf": schema.anyOf = schemas(value, pointer)
        case "default": schema.defaultValue = value
        case "examples": break
        case "title": schema.title = text(value, pointer)
        case "description": schema.summary = text(value, pointer)
        case "secret": schema.isSecret = flag(value, pointer)
        case "deprecated": schema.isDeprecated = flag(value, pointer)
        case "x-env": schema.environmentVariable = text(value, pointer)
        default:
            let hint = Spelling.hint(for: keyword, among: Self.keywords)
            report(pointer, "the schema keyword \"\(keyword)\" is not supported\(hint)")
        }
    }

    private mutating func readValueRule(
        _ keyword: String,
        _ value: JSONValue,
        _ pointer: String,
        _ schema: inout ConfigurationSchema
    ) {
        switch keyword {
        case "type":
            schema.types = value.array.map { $0.compactMap(\.string) } ?? [text(value, pointer)]
            for type in schema.types where !Self.typeNames.contains(type) {
                report(pointer, "\"\(type)\" is no type\(Spelling.hint(for: type, among: Self.typeNames))")
            }
        case "format":
            schema.format = text(value, pointer)
            if schema.format != "uri" { report(pointer, "only the format \"uri\" is supported") }
        case "pattern":
            schema.pattern = text(value, pointer)
            if (try? Regex(text(value, pointer))) == nil { report(pointer, "is not a regular expression") }
        case "enum":
            schema.allowedValues = value.array
            if value.array?.isEmpty ?? true { report(pointer, "must be an array with at least one value") }
        default: schema.constant = value
        }
    }

    private mutating func readObjectRule(
        _ keyword: String,
        _ value: JSONValue,
        _ pointer: String,
        _ schema: inout ConfigurationSchema
    ) {
        switch keyword {
        case "properties":
            guard let members = value.members else { return report(pointer, "must be an object") }
            schema.properties = members.map { member in
                let below = JSONPointer.append(member.name, to: pointer)
                return ConfigurationSchema.Property(name: member.name, schema: read(member.value, at: below))
            }
        case "required":
            guard let names = value.array?.map(\.string), !names.contains(nil) else {
                return report(pointer, "must be an array of names")
            }
            schema.required = names.compactMap { $0 }
        default:
            schema.additional = value.bool.map { $0 ? .allowed : .forbidden } ?? .matching([read(value, at: pointer)])
        }
    }

    private mutating func readArrayRule(
        _ keyword: String,
        _ value: JSONValue,
        _ pointer: String,
        _ schema: inout ConfigurationSchema
    ) {
        switch keyword {
        case "items": schema.items = [read(value, at: pointer)]
        case "minItems":
            schema.itemCount = count(value, pointer)...max(schema.itemCount.upperBound, count(value, pointer))
        case "maxItems":
            schema.itemCount = min(schema.itemCount.lowerBound, count(value, pointer))...count(value, pointer)
        default: schema.requiresUniqueItems = flag(value, pointer)
        }
    }

    private mutating func schemas(_ value: JSONValue, _ pointer: String) -> [ConfigurationSchema] {
        guard let elements = value.array, !elements.isEmpty else {
            report(pointer, "must be an array with at least one schema")
            return []
        }
        return elements.enumerated().map { read($1, at: JSONPointer.append($0, to: pointer)) }
    }

    private mutating func count(_ value: JSONValue, _ pointer: String) -> Int {
        if let count = value.integer, count >= 0 { return count }
        report(pointer, "must be a whole number, not negative")
        return 0
    }

    private mutating func number(_ value: JSONValue, _ pointer: String) -> Double? {
        if value.double == nil { report(pointer, "must be a number") }
        return value.double
    }

    private mutating func text(_ value: JSONValue, _ pointer: String) -> String {
        if value.string == nil { report(pointer, "must be a string") }
        return value.string ?? ""
    }

    private mutating func flag(_ value: JSONValue, _ pointer: String) -> Bool {
        if value.bool == nil { report(pointer, "must be true or false") }
        return value.bool ?? false
    }

    private mutating func report(_ pointer: String, _ message: String) {
        let problem = ConfigurationProblem(pointer: pointer, message: message)
        if !problems.contains(problem) { problems.append(problem) }
    }
}
