internal import RelaisEvent

extension JSONEventReader {
    /// A member of a list. E-mail addresses, phones and names that a sender put there by their usual names are user
    /// data, and never become part of the event.
    mutating func readParameter(_ key: JSONText, _ list: ParameterList) throws(JSONError) {
        try checkName(key)
        if list == .params || list == .userProperties,
            let (_, field) = lookup(key, in: UserDataField.personalParameters)
        {
            return try readPersonal(field)
        }
        guard let parameter = try parameter(key) else { return }
        if list == .params {
            try check(parameter, against: params)
            params.append(parameter)
        } else {
            try check(parameter, against: event[list])
            event.append(parameter, to: list)
        }
    }

    /// Any value as a parameter; nil for `null`, which says that there is none.
    mutating func parameter(_ key: JSONText) throws(JSONError) -> Parameter? {
        let kind = try scanner.kind()
        if kind == .null {
            try scanner.null()
            return nil
        }
        let name = store(key)
        switch kind {
        case .string:
            return Parameter(key: name, type: .string, number: 0, text: store(try boundedString(limits.textBytes)))
        case .number:
            let (value, range) = try decimal()
            return Parameter(
                key: name,
                type: .number,
                number: value,
                text: event.store(scanner.bytes.slice(range))
            )
        case .bool:
            let value = try scanner.bool()
            return Parameter(
                key: name,
                type: .bool,
                number: value ? 1 : 0,
                text: event.store(value ? "true" : "false")
            )
        default:
            let json = scanner.bytes.slice(try scanner.skipValue())
            let text = JSONEscape.simplified(json).map { event.store($0) } ?? event.store(json)
            return Parameter(key: name, type: .json, number: 0, text: text)
        }
    }

    func checkName(_ key: JSONText) throws(JSONError) {
        guard !key.range.isEmpty else { throw .value("a parameter needs a name") }
        guard key.range.count <= limits.nameBytes else {
            throw .value("the name has more than \(limits.nameBytes) bytes; shorten it")
        }
    }

    /// A name may occur once in a list, and a list has a limit.
    func check(_ parameter: Parameter, against list: [Parameter]) throws(JSONError) {
        guard list.count < limits.params else {
            throw .value("more than \(limits.params) parameters; send fewer, or nest them in one object")
        }
        guard !list.isEmpty else { return }
        let isRepeated = event.arena.withUnsafeBufferPointer { arena in
            let key = arena.slice(parameter.key.range)
            return list.contains {
                $0.key.length == parameter.key.length && arena.slice($0.key.range).isEqual(to: key)
            }
        }
        if isRepeated { throw .value(Self.repeated) }
    }

    /// A string or strings; anything else is left out, because it can be neither used nor kept.
    mutating func readPersonal(_ field: UserDataField) throws(JSONError) {
        switch try scanner.kind() {
        case .string: add(field, try boundedString(limits.textBytes), group: 0)
        case .array: try readValues(field)
        default: _ = try scanner.skipValue()
        }
    }
}
