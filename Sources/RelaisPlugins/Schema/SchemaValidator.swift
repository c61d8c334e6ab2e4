/// A configuration after validation.
package struct ValidatedConfiguration: Sendable {
    /// The value with defaults filled in.
    package var value: JSONValue
    /// Everything that is wrong, in the order of the value.
    package var problems: [ConfigurationProblem]
    /// What works but should not be used any more.
    package var warnings: [ConfigurationProblem]
    /// Pointers of the secret strings in `value`.
    package var secretPointers: [String]
    /// The secret strings.
    package var secrets: [String]
}

extension ConfigurationSchema {
    /// Checks a value and fills defaults; never stops at the first error. Messages contain no values, which may be
    /// secret.
    package func validate(_ value: JSONValue) -> ValidatedConfiguration {
        var validator = SchemaValidator()
        let filled = validator.check(value, by: self, at: "")
        return ValidatedConfiguration(
            value: filled,
            problems: validator.problems,
            warnings: validator.warnings,
            secretPointers: validator.secretPointers,
            secrets: validator.secrets
        )
    }
}

/// Walks a value and its schema together.
struct SchemaValidator {
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []
    private(set) var secretPointers: [String] = []
    private(set) var secrets: [String] = []

    mutating func check(_ value: JSONValue, by schema: ConfigurationSchema, at pointer: String) -> JSONValue {
        if schema.isDeprecated {
            warnings.append(ConfigurationProblem(pointer: pointer, message: "is deprecated\(note(schema))"))
        }
        if schema.isSecret { collectSecrets(value, at: pointer) }
        guard hasType(value, schema, pointer) else { return value }
        checkChoices(value, schema, pointer)
        var result = value
        switch value {
        case .string(let text): checkText(text, schema, pointer)
        case .number: checkNumber(value, schema, pointer)
        case .array(let elements): result = checkArray(elements, schema, pointer)
        case .object(let members): result = checkObject(members, schema, pointer)
        case .null, .bool: break
        }
        result = checkBranches(result, schema.anyOf, exactlyOne: false, pointer)
        return checkBranches(result, schema.oneOf, exactlyOne: true, pointer)
    }

    // MARK: One value

    private mutating func hasType(_ value: JSONValue, _ schema: ConfigurationSchema, _ pointer: String) -> Bool {
        let fits = schema.types.contains { type in
            type == value.typeName || (type == "integer" && value.integer != nil)
        }
        if fits || schema.types.isEmpty { return true }
        let wanted = schema.types.map(Self.article).joined(separator: " or ")
        let quotes = schema.types.contains("string") && value.double != nil ? "; put it in quotes" : ""
        report(pointer, "must be \(wanted), but is \(Self.article(value.typeName))\(quotes)\(note(schema))")
        return false
    }

    private mutating func checkChoices(_ value: JSONValue, _ schema: ConfigurationSchema, _ pointer: String) {
        if let allowed = schema.allowedValues, !allowed.contains(value) {
            let list = allowed.map(\.text).joined(separator: ", ")
            let hint = value.string.map { Spelling.hint(for: $0, among: allowed.compactMap(\.string)) } ?? ""
            report(pointer, "must be one of \(list)\(hint)")
        }
        if let constant = schema.constant, constant != value { report(pointer, "must be \(constant.text)") }
    }

    private mutating func checkText(_ text: String, _ schema: ConfigurationSchema, _ pointer: String) {
        let length = text.unicodeScalars.count
        if length < schema.length.lowerBound {
            let minimum = schema.length.lowerBound
            report(pointer, minimum == 1 ? "must not be empty" : "must have at least \(minimum) characters")
        }
        if length > schema.length.upperBound {
            report(pointer, "must have at most \(schema.length.upperBound) characters")
        }
        if let pattern = schema.pattern, let expression = try? Regex(pattern),
            !Self.matches(expression, text)
        {
            report(pointer, "does not have the form \(pattern)\(note(schema))")
        }
        if schema.format == "uri", !Self.isURI(text) {
            report(pointer, "must be a URL such as https://example.com/path")
        }
    }

    private mutating func checkNumber(_ value: JSONValue, _ schema: ConfigurationSchema, _ pointer: String) {
        guard let number = value.double else { return report(pointer, "is too large a number") }
        if let minimum = schema.minimum, number < minimum { report(pointer, "must be at least \(Self.text(minimum))") }
        if let maximum = schema.maximum, number > maximum { report(pointer, "must be at most \(Self.text(maximum))") }
    }

    // MARK: Composites

    private mutating func checkArray(
        _ elements: [JSONValue],
        _ schema: ConfigurationSchema,
        _ pointer: String
    ) -> JSONValue {
        if elements.count < schema.itemCount.lowerBound {
            report(pointer, "must have at least \(schema.itemCount.lowerBound) elements")
        }
        if elements.count > schema.itemCount.upperBound {
            report(pointer, "must have at most \(schema.itemCount.upperBound) elements")
        }
        if schema.requiresUniqueItems {
            for (index, element) in elements.enumerated() where elements[..<index].contains(element) {
                report(JSONPointer.append(index, to: pointer), "is there twice")
            }
        }
        guard let item = schema.items.first else { return .array(elements) }
        return .array(elements.enumerated().map { check($1, by: item, at: JSONPointer.append($0, to: pointer)) })
    }

    private mutating func checkObject(
        _ members: [JSONValue.Member],
        _ schema: ConfigurationSchema,
        _ pointer: String
    ) -> JSONValue {
        var result = members.map { member in
            JSONValue.Member(member.name, checkMember(member, schema, JSONPointer.append(member.name, to: pointer)))
        }
        for property in schema.properties where !members.contains(where: { $0.name == property.name }) {
            guard let value = property.schema.defaultValue else { continue }
            let below = JSONPointer.append(property.name, to: pointer)
            result.append(JSONValue.Member(property.name, check(value, by: property.schema, at: below)))
        }
        for name in schema.required where !result.contains(where: { $0.name == name }) {
            let about = schema.property(name).map { note($0) + environment($0) } ?? ""
            report(JSONPointer.append(name, to: pointer), "is required\(about)")
        }
        return .object(result)
    }

    private mutating func checkMember(
        _ member: JSONValue.Member,
        _ schema: ConfigurationSchema,
        _ pointer: String
    ) -> JSONValue {
        if let property = schema.property(member.name) { return check(member.value, by: property, at: pointer) }
        switch schema.additional {
        case .allowed: break
        case .matching(let schemas):
            if let schema = schemas.first { return check(member.value, by: schema, at: pointer) }
        case .forbidden:
            report(pointer, "unknown key\(Spelling.hint(for: member.name, among: schema.properties.map(\.name)))")
        }
        return member.value
    }

    private mutating func checkBranches(
        _ value: JSONValue,
        _ branches: [ConfigurationSchema],
        exactlyOne: Bool,
        _ pointer: String
    ) -> JSONValue {
        guard !branches.isEmpty else { return value }
        let attempts = branches.map { branch in
            var validator = SchemaValidator()
            let filled = validator.check(value, by: branch, at: pointer)
            return (validator, filled)
        }
        let fitting = attempts.filter { $0.0.problems.isEmpty }
        secretPointers += attempts.flatMap { $0.0.secretPointers }.filter { !secretPointers.contains($0) }
        secrets += attempts.flatMap { $0.0.secrets }
        guard let best = fitting.first else {
            let reasons = Set(attempts.flatMap { $0.0.problems.map(\.description) }).sorted().joined(separator: "; ")
            report(pointer, "fits none of the \(branches.count) allowed forms (\(reasons))")
            return value
        }
        warnings += best.0.warnings
        if exactlyOne, fitting.count > 1 { report(pointer, "fits \(fitting.count) of the allowed forms; only one may") }
        return best.1
    }

    private mutating func collectSecrets(_ value: JSONValue, at pointer: String) {
        switch value {
        case .string(let text):
            secretPointers.append(pointer)
            if !text.isEmpty { secrets.append(text) }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                collectSecrets(element, at: JSONPointer.append(index, to: pointer))
            }
        case .object(let members):
            for member in members { collectSecrets(member.value, at: JSONPointer.append(member.name, to: pointer)) }
        case .number(let digits):
            secretPointers.append(pointer)
            secrets.append(digits)
        case .null, .bool: break
        }
    }

    // MARK: Words

    private mutating func report(_ pointer: String, _ message: String) {
        problems.append(ConfigurationProblem(pointer: pointer, message: message))
    }

    private func note(_ schema: ConfigurationSchema) -> String { schema.summary.map { " (\($0))" } ?? "" }

    private func environment(_ schema: ConfigurationSchema) -> String {
        schema.environmentVariable.map { "; for instance ${\($0)}" } ?? ""
    }

    private static func article(_ type: String) -> String {
        switch type {
        case "object", "array", "integer": "an \(type)"
        case "null": type
        default: "a \(type)"
        }
    }

    private static func text(_ number: Double) -> String {
        number.rounded() == number && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    /// Whether the expression is found anywhere in the text; true when it cannot be run.
    private static func matches(_ expression: Regex<AnyRegexOutput>, _ text: String) -> Bool {
        do { return try expression.firstMatch(in: text) != nil } catch { return true }
    }

    /// An absolute URI with an authority (RFC 3986, 3): scheme, `://`, a host, no spaces.
    private static func isURI(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s\/?#]+[^\s]*/) != nil
    }
}
