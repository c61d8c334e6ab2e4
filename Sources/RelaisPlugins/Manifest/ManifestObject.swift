/// Collects what is found in a manifest.
final class ManifestReport {
    var problems: [ConfigurationProblem] = []
    var warnings: [ConfigurationProblem] = []

    func add(_ pointer: String, _ message: String) {
        problems.append(ConfigurationProblem(pointer: pointer, message: message))
    }
}

/// Reads the members of one object of a manifest, remembering which were asked for.
final class ManifestObject {
    let members: [JSONValue.Member]
    let report: ManifestReport
    private let pointer: String
    private var known: Set<String> = []

    init(_ value: JSONValue, pointer: String, report: ManifestReport) {
        self.pointer = pointer
        self.report = report
        members = value.members ?? []
        if value.members == nil { report.add(pointer, "must be an object") }
    }

    func problem(_ name: String, _ message: String) {
        report.add(JSONPointer.append(name, to: pointer), message)
    }

    /// The member's value; nil when it is absent or null.
    func value(_ name: String) -> JSONValue? {
        known.insert(name)
        let value = members.first { $0.name == name }?.value
        return value == .null ? nil : value
    }

    func required(_ name: String) -> JSONValue? {
        let value = value(name)
        if value == nil { problem(name, "is required") }
        return value
    }

    func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if value.string == nil { problem(name, "must be a string") }
        return value.string
    }

    func requiredText(_ name: String, form: Regex<some Any>, example: String) -> String {
        guard let value = required(name) else { return "" }
        guard let text = value.string, (try? form.wholeMatch(in: text)) != nil else {
            problem(name, "must be a string such as \"\(example)\"")
            return ""
        }
        return text
    }

    func texts(_ name: String) -> [String] {
        guard let value = value(name) else { return [] }
        let texts = value.array?.compactMap(\.string) ?? []
        if texts.count != value.array?.count { problem(name, "must be an array of strings") }
        return texts
    }

    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    func flag(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        if value.bool == nil { problem(name, "must be true or false") }
        return value.bool
    }

    func object(_ name: String) -> ManifestObject? {
        guard let value = value(name) else { return nil }
        return ManifestObject(value, pointer: JSONPointer.append(name, to: pointer), report: report)
    }

    /// Warns of every member that nobody asked for and `known` does not name.
    func finish(known others: Set<String>) {
        let all = known.union(others)
        for member in members where !all.contains(member.name) {
            let hint = Spelling.hint(for: member.name, among: all)
            report.warnings.append(
                ConfigurationProblem(
                    pointer: JSONPointer.append(member.name, to: pointer),
                    message: "this relay does not know this member and ignores it\(hint)"
                )
            )
        }
    }
}
