import RelaisTestKit

/// The structs, their fields and the constants that the ABI headers of a folder declare.
struct HeaderLayout: Sendable {
    struct Structure: Sendable {
        let name: String
        let fields: [String]
    }

    let structures: [Structure]
    let constants: [String]

    init(folder: String) throws {
        let text = ["event.h", "plugin.h"].map { TemporaryDirectory.text(of: "\(folder)/relais/\($0)") }.joined()
        let source = text.replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: "")
        structures = source.matches(of: /typedef struct (\w+) \{(.*?)\n\} \w+;/.dotMatchesNewlines()).map {
            Structure(name: String($0.1), fields: Self.fields(of: $0.2))
        }
        constants = source.matches(of: /enum \{(.*?)\}/.dotMatchesNewlines()).flatMap {
            $0.1.split(separator: ",").compactMap { $0.firstMatch(of: /RELAIS_\w+/).map { String($0.0) } }
        }
        guard structures.count >= 15, constants.count >= 30 else {
            throw TestFailure("\(folder): no headers of the ABI")
        }
    }

    private static func fields(of body: Substring) -> [String] {
        body.split(separator: ";").flatMap { declaration -> [String] in
            if let function = declaration.firstMatch(of: /\(\*(\w+)\)/) { return [String(function.1)] }
            return declaration.split(separator: ",").compactMap { $0.firstMatch(of: /(\w+)\s*$/).map { String($0.1) } }
        }
    }

    /// A C program that prints every offset, value and size.
    var program: String {
        var lines = ["#include <stdio.h>", "#include <relais/plugin.h>", "int main(void) {"]
        for structure in structures {
            lines.append("  printf(\"SIZE \(structure.name) %zu\\n\", sizeof(\(structure.name)));")
            lines += structure.fields.map {
                "  printf(\"AT \(structure.name) \($0) %zu\\n\", offsetof(\(structure.name), \($0)));"
            }
        }
        lines += constants.map { "  printf(\"VALUE \($0) %d\\n\", (int)\($0));" }
        return (lines + ["  return 0;", "}"]).joined(separator: "\n") + "\n"
    }
}
