/// A JSON value whose numbers keep their text; used for plugin configuration and for snapshots.
enum ConfigurationJSON: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    /// A string that stands for a secret and may be shown wherever it is.
    case placeholder(String)
    case array([ConfigurationJSON])
    case object([String: ConfigurationJSON])

    static func integer(_ value: Int) -> ConfigurationJSON { .number(String(value)) }

    static func strings(_ values: some Sequence<String>) -> ConfigurationJSON { .array(values.map { .string($0) }) }

    /// Compact JSON with the keys of every object in the order of their bytes.
    var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .number(let digits): output += digits
        case .string(let value), .placeholder(let value): ConfigurationJSON.quote(value, to: &output)
        case .array(let elements):
            output += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { output += "," }
                element.write(to: &output)
            }
            output += "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
                .enumerated()
            {
                if index > 0 { output += "," }
                ConfigurationJSON.quote(member.key, to: &output)
                output += ":"
                member.value.write(to: &output)
            }
            output += "}"
        }
    }

    private static func quote(_ value: String, to output: inout String) {
        output += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
