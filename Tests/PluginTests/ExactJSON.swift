import RelaisTestKit

/// JSON that keeps the digits of its numbers and the order of its members. Equal by value: the order of members does not
/// count, digits do.
enum ExactJSON: Sendable {
    struct Member: Sendable {
        let key: String
        let value: ExactJSON
    }

    case word(String)
    case number(String)
    case string(String)
    case array([ExactJSON])
    case object([Member])

    init(_ text: String) throws {
        var parser = ExactJSONParser(text)
        self = try parser.document()
    }

    /// The member of that name.
    subscript(key: String) -> ExactJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The element at that place.
    subscript(index: Int) -> ExactJSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    var elements: [ExactJSON] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var keys: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.key)
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The same object with that member last, in place of one of that name.
    func setting(_ key: String, to value: ExactJSON) -> ExactJSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key != key } + [Member(key: key, value: value)])
    }
}

extension ExactJSON: Equatable {
    static func == (left: ExactJSON, right: ExactJSON) -> Bool {
        switch (left, right) {
        case (.word(let a), .word(let b)), (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): Array(a.utf8) == Array(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { member in b.first { $0.key == member.key }?.value == member.value }
        default: false
        }
    }
}

extension ExactJSON {
    /// On one line.
    var compact: String {
        switch self {
        case .word(let text), .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.compact).joined(separator: ", ") + "]"
        case .object(let members) where members.isEmpty: "{}"
        case .object(let members):
            "{ " + members.map { Self.quoted($0.key) + ": " + $0.value.compact }.joined(separator: ", ") + " }"
        }
    }

    /// On several lines where one would be longer than 110 columns.
    func pretty(indentation: String = "", lead: Int = 0) -> String {
        let line = compact
        if indentation.count + lead + line.count <= 110 && !indentation.isEmpty { return line }
        let inner = indentation + "  "
        let parts: [String]
        switch self {
        case .array(let elements):
            parts = elements.map { inner + $0.pretty(indentation: inner) }
            return "[\n" + parts.joined(separator: ",\n") + "\n" + indentation + "]"
        case .object(let members):
            parts = members.map { member in
                let key = Self.quoted(member.key) + ": "
                return inner + key + member.value.pretty(indentation: inner, lead: key.count)
            }
            return "{\n" + parts.joined(separator: ",\n") + "\n" + indentation + "}"
        default:
            return line
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0xFEFF:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
