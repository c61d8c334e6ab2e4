/// Reads `when`: canonical paths, each with one or more tests that must all hold.
struct EventConditionReader {
    private static let operators = ["gt", "gte", "lt", "lte", "eq", "ne", "in", "exists"]

    private let reader: MappingReader

    init(_ reader: MappingReader) {
        self.reader = reader
    }

    func readConditions() -> [EventCondition] {
        reader.namedEntries().flatMap { entry in
            let path = reader.keyPath(entry.key)
            checkPath(entry, path)
            guard case .mapping = entry.value.content,
                let tests = MappingReader(entry.value, path: path, at: entry.keyLocation, context: reader.context)
            else {
                reader.context.collector.error(
                    entry.value.location,
                    path,
                    "a test is expected here, not \(entry.value.kind)",
                    fix: "write { eq: value }, or one of \(EventConditionReader.operators.joined(separator: ", "))"
                )
                return [EventCondition]()
            }
            let conditions = read(tests, of: entry.key)
            tests.finish()
            if case .mapping(let entries) = entry.value.content, entries.isEmpty {
                reader.context.collector.error(
                    entry.keyLocation,
                    path,
                    "the test is empty",
                    fix: "write { exists: true }"
                )
            }
            return conditions
        }
    }

    private func checkPath(_ entry: SourceEntry, _ path: String) {
        guard !ConditionPath.isKnown(entry.key) else { return }
        let known = ConditionPath.numbers + ConditionPath.texts
        let near = Suggestion.nearest(to: entry.key, among: known).map { "did you mean `\($0)`?" }
        reader.context.collector.error(
            entry.keyLocation,
            path,
            "`\(entry.key.prefix(60))` is not a value of an event",
            fix: near ?? "write params.NAME for a parameter of the sender"
        )
    }

    private func read(_ tests: MappingReader, of path: String) -> [EventCondition] {
        let comparisons: [(String, (Double) -> EventCondition.Test)] = [
            ("gt", { .greaterThan($0) }), ("gte", { .atLeast($0) }), ("lt", { .lessThan($0) }),
            ("lte", { .atMost($0) }),
        ]
        var found: [EventCondition.Test] = []
        for (name, make) in comparisons {
            guard let number = tests.value(name, expecting: "a number", parse: EventConditionReader.number) else {
                continue
            }
            found.append(make(number))
            if ConditionPath.texts.contains(path), let entry = tests.entry(name) {
                reader.context.collector.error(
                    entry.keyLocation,
                    tests.keyPath(name),
                    "`\(path)` is text and has no order",
                    fix: "use eq, ne or in"
                )
            }
        }
        if let value = operand(tests, "eq") { found.append(.equal(value)) }
        if let value = operand(tests, "ne") { found.append(.notEqual(value)) }
        if let values = operands(tests, "in") { found.append(.oneOf(values)) }
        if let isPresent = tests.boolean("exists") { found.append(.exists(isPresent)) }
        return found.map { EventCondition(path: path, test: $0) }
    }

    private func operand(_ tests: MappingReader, _ name: String) -> EventCondition.Operand? {
        tests.entry(name).flatMap { operand($0.value, tests.keyPath(name)) }
    }

    private func operands(_ tests: MappingReader, _ name: String) -> [EventCondition.Operand]? {
        guard let entry = tests.entry(name) else { return nil }
        let elements = tests.elements(of: entry.value, path: tests.keyPath(name))
        if elements.isEmpty {
            reader.context.collector.error(
                entry.keyLocation,
                tests.keyPath(name),
                "the list is empty, so no event meets it",
                fix: "list values"
            )
        }
        return elements.compactMap { operand($0.0, $0.1) }
    }

    private func operand(_ node: SourceNode, _ path: String) -> EventCondition.Operand? {
        guard let scalar = reader.context.scalar(node, path, expecting: "a number, text or boolean") else { return nil }
        guard scalar.isPlain else { return .text(scalar.text) }
        switch CoreScalar(scalar.text) {
        case .boolean(let value): return .boolean(value)
        case .number(let digits): return Double(digits).map { .number($0) }
        case .null, .string, .zeroPadded, .unrepresentable: return .text(scalar.text)
        }
    }

    private static func number(_ text: String) -> Double? {
        guard case .number(let digits) = CoreScalar(text), let value = Double(digits), value.isFinite else {
            return nil
        }
        return value
    }
}
