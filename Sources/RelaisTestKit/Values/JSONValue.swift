/// JSON as tests look at it.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    package static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        var reader = JSONTextReader(bytes)
        do {
            return try reader.document()
        } catch {
            throw TestFailure("\(error): \(String(decoding: bytes.prefix(2_000), as: UTF8.self))")
        }
    }

    package static func parse(_ text: String) throws -> JSONValue { try parse(Array(text.utf8)) }

    /// A member; null when there is none.
    package subscript(key: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members[key] ?? .null
    }

    /// An element; null when there is none.
    package subscript(index: Int) -> JSONValue {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return .null }
        return elements[index]
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var number: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    package var int: Int? { number.flatMap { Int(exactly: $0) } }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements; none when it is no array.
    package var array: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The members; none when it is no object.
    package var object: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// A string as it is, a number as digits: what a query or body holds under a name.
    package var text: String? {
        switch self {
        case .string(let value): value
        case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
        default: nil
        }
    }
}
