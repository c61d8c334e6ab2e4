internal import RelaisEvent

extension JSONEventReader {
    /// `user_data` as senders give it. Members that nobody knows are left out: they may be personal, so they cannot be
    /// kept as parameters.
    mutating func readUserData() throws(JSONError) {
        guard try scanner.kind() == .object else { throw try unexpected("an object such as {\"email_address\": …}") }
        try scanner.beginObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) { try readUserDataMember(key) } catch { throw error.inside(string(key)) }
        }
    }

    private mutating func readUserDataMember(_ key: JSONText) throws(JSONError) {
        if let (_, field) = lookup(key, in: UserDataField.members) {
            try readValue(field, group: 0, allowsArray: true)
        } else if scanner.bytes.slice(key.range).isEqual(to: "address") {
            try readAddresses()
        } else {
            _ = try scanner.skipValue()
        }
    }

    private mutating func readAddresses() throws(JSONError) {
        guard try scanner.kind() == .array else { return try readAddress(group: 0) }
        try scanner.beginArray()
        var first = true
        var group = 0
        while try scanner.nextElement(first: &first) {
            try checkCount(group)
            do throws(JSONError) { try readAddress(group: group) } catch { throw error.inside(group) }
            group += 1
        }
    }

    private mutating func readAddress(group: Int) throws(JSONError) {
        switch try scanner.kind() {
        case .null: return try scanner.null()
        case .object: try scanner.beginObject()
        default: throw try unexpected("an object such as {\"first_name\": …, \"postal_code\": …}")
        }
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) {
                if let (_, field) = lookup(key, in: UserDataField.members) {
                    try readValue(field, group: group, allowsArray: true)
                } else {
                    _ = try scanner.skipValue()
                }
            } catch {
                throw error.inside(string(key))
            }
        }
    }

    /// An array of values, numbered from 0.
    mutating func readValues(_ field: UserDataField) throws(JSONError) {
        try scanner.beginArray()
        var first = true
        var group = 0
        while try scanner.nextElement(first: &first) {
            try checkCount(group)
            do throws(JSONError) {
                try readValue(field, group: group, allowsArray: false)
            } catch {
                throw error.inside(group)
            }
            group += 1
        }
    }

    private mutating func readValue(_ field: UserDataField, group: Int, allowsArray: Bool) throws(JSONError) {
        switch try scanner.kind() {
        case .null: try scanner.null()
        case .string: add(field, try boundedString(limits.textBytes), group: group)
        case .number where field.mayBeInteger:
            let digits = scanner.bytes.slice(try scanner.number())
            guard DecimalText.integer(digits) != nil else {
                throw .value("a string is expected here; put it in quotes")
            }
            userData.values.append(RawUserData.Value(kind: field.kind, text: digits.string, group: group))
        case .array where allowsArray && group == 0: try readValues(field)
        default: throw try unexpected(allowsArray ? "a string or an array of strings" : "a string")
        }
    }

    mutating func add(_ field: UserDataField, _ text: JSONText, group: Int) {
        guard !text.range.isEmpty else { return }
        userData.values.append(
            RawUserData.Value(kind: field.kind, text: string(text), hashed: field.hashed, group: group)
        )
    }

    private func checkCount(_ count: Int) throws(JSONError) {
        guard count < limits.userDataValues else {
            throw .value("more than \(limits.userDataValues) values; send the visitor's own only")
        }
    }
}
