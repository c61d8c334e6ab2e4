internal import RelaisConfig
internal import RelaisEvent

extension EventCondition {
    /// True when the event meets the condition. A comparison with a value that is absent or of another type fails;
    /// `ne` holds for an absent value.
    func holds(for event: Event) -> Bool {
        let value = event.value(at: path)
        switch test {
        case .exists(let expected): return (value != nil) == expected
        case .equal(let operand): return value.map { $0.equals(operand) } ?? false
        case .notEqual(let operand): return value.map { !$0.equals(operand) } ?? true
        case .oneOf(let operands): return value.map { value in operands.contains { value.equals($0) } } ?? false
        case .greaterThan(let bound): return value?.number.map { $0 > bound } ?? false
        case .atLeast(let bound): return value?.number.map { $0 >= bound } ?? false
        case .lessThan(let bound): return value?.number.map { $0 < bound } ?? false
        case .atMost(let bound): return value?.number.map { $0 <= bound } ?? false
        }
    }

    /// The condition as the configuration writes it, for receipts: `value gt 0`.
    var text: String {
        switch test {
        case .exists(let expected): "\(path) exists \(expected)"
        case .equal(let operand): "\(path) eq \(operand.text)"
        case .notEqual(let operand): "\(path) ne \(operand.text)"
        case .oneOf(let operands): "\(path) in [\(operands.map(\.text).joined(separator: ", "))]"
        case .greaterThan(let bound): "\(path) gt \(bound)"
        case .atLeast(let bound): "\(path) gte \(bound)"
        case .lessThan(let bound): "\(path) lt \(bound)"
        case .atMost(let bound): "\(path) lte \(bound)"
        }
    }
}

extension EventCondition.Operand {
    fileprivate var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        case .boolean(let flag): "\(flag)"
        }
    }
}

/// A value of an event that a condition looks at.
struct ConditionValue {
    var text: String
    var number: Double?

    fileprivate func equals(_ operand: EventCondition.Operand) -> Bool {
        switch operand {
        case .number(let expected): number == expected
        case .text(let expected): text == expected
        case .boolean(let expected): text == (expected ? "true" : "false")
        }
    }
}

extension Event {
    /// The value at a canonical path: a scalar, or a member of a list such as `params.plan`; nil when absent.
    func value(at path: String) -> ConditionValue? {
        if let field = EventField.named(path) { return value(of: field) }
        guard let dot = path.firstIndex(of: "."),
            let list = ParameterList.allCases.first(where: { $0.name == path[..<dot] }),
            let parameter = parameter(String(path[path.index(after: dot)...]), in: list)
        else { return nil }
        return ConditionValue(
            text: string(parameter.text),
            number: parameter.type == .number ? parameter.number : nil
        )
    }

    private func value(of field: EventField) -> ConditionValue? {
        switch field.kind {
        case .integer: integer(field).map { ConditionValue(text: String($0), number: Double($0)) }
        case .number: number(field).map { ConditionValue(text: string(field) ?? "", number: $0) }
        case .text: string(field).map { ConditionValue(text: $0, number: nil) }
        }
    }
}
