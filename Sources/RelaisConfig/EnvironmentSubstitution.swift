/// Replaces `${NAME}` in scalar values by variables of the environment; `$${` stands for a literal `${`.
struct EnvironmentSubstitution {
    let environment: [String: String]
    let collector: DiagnosticCollector

    /// The node with every reference in its values resolved; what cannot be resolved is reported.
    func apply(to node: SourceNode, path: String = "") -> SourceNode {
        var node = node
        switch node.content {
        case .scalar(let scalar):
            node.content = .scalar(substitute(scalar, path, node.location))
        case .sequence(let elements):
            node.content = .sequence(
                elements.enumerated().map { index, element in apply(to: element, path: "\(path)[\(index)]") }
            )
        case .mapping(let entries):
            node.content = .mapping(
                entries.map { entry in
                    var entry = entry
                    entry.value = apply(to: entry.value, path: KeyPathText.join(path, entry.key))
                    return entry
                }
            )
        }
        return node
    }

    /// The names of the variables that a text refers to.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let isEscaped = rest[..<start.lowerBound].hasSuffix("$")
            rest = rest[start.upperBound...]
            if !isEscaped, let end = rest.firstIndex(of: "}") { names.append(String(rest[..<end])) }
        }
        return names
    }

    private func substitute(_ scalar: SourceScalar, _ path: String, _ location: SourceLocation) -> SourceScalar {
        guard scalar.text.contains("${") else { return scalar }
        var result = ""
        var rest = scalar.text[...]
        var isSubstituted = false
        var isUnresolved = false
        while let start = rest.firstRange(of: "${") {
            if rest[..<start.lowerBound].hasSuffix("$") {
                result += rest[..<start.lowerBound].dropLast() + "${"
                rest = rest[start.upperBound...]
                continue
            }
            result += rest[..<start.lowerBound]
            isSubstituted = true
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                collector.error(
                    location,
                    path,
                    "`${` without a closing `}`",
                    fix: "write ${NAME}, or $${ for a literal ${"
                )
                return SourceScalar(text: "", isPlain: false, placeholder: scalar.text, isUnresolved: true)
            }
            let value = value(of: String(rest[start.upperBound..<end]), path, location)
            if let value { result += value } else { isUnresolved = true }
            rest = rest[rest.index(after: end)...]
        }
        result += rest
        return SourceScalar(
            text: result,
            isPlain: isSubstituted ? false : scalar.isPlain,
            placeholder: isSubstituted ? scalar.text : nil,
            isUnresolved: isUnresolved
        )
    }

    private func value(of name: String, _ path: String, _ location: SourceLocation) -> String? {
        guard isName(name) else {
            collector.error(
                location,
                path,
                "`${\(name)}` does not name an environment variable",
                fix: "use letters, digits and `_`, as in ${META_TOKEN}; $${ is a literal ${"
            )
            return nil
        }
        if let value = environment[name] { return value }
        let near =
            Suggestion.nearest(to: name, among: environment.keys.sorted()).map { "did you mean `\($0)`? Else " } ?? ""
        collector.error(
            location,
            path,
            "the environment variable `\(name)` is not set",
            fix: "\(near)set \(name) before starting relais, or write { file: path }"
        )
        return nil
    }

    private func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
