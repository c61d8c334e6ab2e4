internal import RelaisEvent

extension GtagEventReader {
    /// `ep.<name>` and `epn.<name>`; user data among them goes beside the event and never onto the kept wire.
    mutating func readEventParameter(_ pair: WirePair, prefix: Int, isNumber: Bool) throws(EventRejection) {
        let name = bytes.slice(pair.key).dropPrefix(prefix)
        let value = bytes.slice(pair.value)
        if name.hasPrefix("user_data.") {
            return readUserData(name.dropPrefix(10), value)
        }
        if let field = UserDataField.personalParameters[name] { return add(field, value, group: 0) }
        // GA4 takes the mere presence of debug_mode for true.
        if name.isEqual(to: "debug_mode"), value.isEmpty || value.isEqual(to: "false") || value.isEqual(to: "0") {
            return
        }
        let stored = keep(pair)
        switch GtagParameter.eventParameters[name] {
        case .identifier(let field)?:
            value.isPlaceholder ? event.remove(field) : event.set(field, text: stored.value)
        case .text(let field)?:
            set(field, stored.value)
        case .currency?:
            if !event.has(.currency) { try readCurrency(value, stored) }
        case .number(let field)?:
            guard let number = DecimalText.value(value) else { fallthrough }
            event.set(field, number: number, text: stored.value)
        default:
            guard !name.isEmpty else { return }
            let isNumber = isNumber || name.isEqual(to: "quantity")
            try append(parameter(stored, prefix: prefix, value, isNumber: isNumber), to: &params)
        }
    }

    /// `up.<name>` and `upn.<name>`.
    mutating func readUserProperty(_ pair: WirePair, prefix: Int, isNumber: Bool) throws(EventRejection) {
        let name = bytes.slice(pair.key).dropPrefix(prefix)
        let value = bytes.slice(pair.value)
        if let field = UserDataField.personalParameters[name] { return add(field, value, group: 0) }
        let stored = keep(pair)
        guard !name.isEmpty else { return }
        var properties = event[.userProperties]
        try append(parameter(stored, prefix: prefix, value, isNumber: isNumber), to: &properties)
        event[.userProperties] = properties
    }

    /// A number only when it is one: pages send `NaN` and empty texts too.
    private func parameter(_ stored: Stored, prefix: Int, _ value: Bytes, isNumber: Bool) -> Parameter {
        let key = TextRange(offset: Int(stored.key.offset) + prefix, length: Int(stored.key.length) - prefix)
        if isNumber, let number = DecimalText.value(value) {
            return Parameter(key: key, type: .number, number: number, text: stored.value)
        }
        return Parameter(key: key, type: .string, number: 0, text: stored.value)
    }

    /// Of a name given twice the last counts.
    func append(_ parameter: Parameter, to list: inout [Parameter]) throws(EventRejection) {
        let known = event.arena.withUnsafeBufferPointer { arena in
            let key = arena.slice(parameter.key.range)
            return list.firstIndex {
                $0.key.length == parameter.key.length && arena.slice($0.key.range).isEqual(to: key)
            }
        }
        if let known {
            list[known] = parameter
            return
        }
        guard list.count < limits.params else {
            throw EventRejection(pointer: "", reason: "more than \(limits.params) parameters of one kind")
        }
        list.append(parameter)
    }

    // MARK: User data

    /// `email`, `email.1`, `address.first_name`, `address.0.first_name`: gtag's flattening of `user_data`.
    private mutating func readUserData(_ path: Bytes, _ value: Bytes) {
        var parts = path.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
            .map { Bytes(rebasing: $0) }
        if parts.first?.isEqual(to: "address") == true { parts.removeFirst() }
        var group = 0
        let indexes = parts.compactMap { DecimalText.integer($0) }
        if let index = indexes.first, index < limits.userDataValues { group = Int(index) }
        guard let name = parts.first(where: { DecimalText.integer($0) == nil }),
            let field = UserDataField.members[name]
        else { return }
        add(field, value, group: group)
    }

    private mutating func add(_ field: UserDataField, _ value: Bytes, group: Int) {
        guard !value.isEmpty, userData.values.count < limits.userDataValues * 12 else { return }
        userData.values.append(
            RawUserData.Value(kind: field.kind, text: value.string, hashed: field.hashed, group: group)
        )
    }
}
