/// One JSON value as it was written: members keep their order and repeats, numbers keep their text.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// A number that keeps its spelling, so that `1.0`, `1` and `1e0` stay distinguishable.
struct JSONNumber: Equatable, Sendable {
    let text: String

    /// The value when it is written without fraction and exponent and fits in 64 bits.
    var integer: Int64? { Int64(text) }

    var double: Double? { Double(text) }
}

/// The members of an object in the order of the text.
struct JSONObject: Equatable, Sendable {
    struct Member: Equatable, Sendable {
        let name: String
        let value: JSONValue
    }

    var members: [Member]

    /// The last member of that name, as most readers take it.
    subscript(name: String) -> JSONValue? {
        members.last { $0.name == name }?.value
    }

    /// Names that occur more than once, in order of their second occurrence.
    var repeatedNames: [String] {
        var seen = Set<String>()
        return members.map(\.name).filter { !seen.insert($0).inserted }
    }
}

extension JSONValue {
    var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var object: JSONObject? {
        if case .object(let object) = self { return object }
        return nil
    }

    var array: [JSONValue]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    var number: JSONNumber? {
        if case .number(let number) = self { return number }
        return nil
    }

    var bool: Bool? {
        if case .bool(let value) = self { return value }
        return nil
    }

    /// The text of a string or a number; vendors take ids in either form.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .number(let number): number.text
        default: nil
        }
    }

    /// The type's name as error texts use it.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
