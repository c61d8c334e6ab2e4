internal import RelaisEvent

extension SegmentEventReader {
    /// Traits stand at the top of `identify` and `group`, and in `context` of every call. Those of a person are user data
    /// and user properties; those of a group are parameters.
    mutating func readTraits(_ call: SegmentCall, _ message: SegmentMembers) throws(JSONError) {
        let own = message[.traits]
        if call == .group, let own {
            json.scanner.restart(at: own.lowerBound)
            try members { (reader, key) throws(JSONError) in try reader.readGroupTrait(key) }
        }
        let person = (call == .group ? nil : own) ?? traitsOfContext(message)
        guard let person else { return }
        json.scanner.restart(at: person.lowerBound)
        try members { (reader, key) throws(JSONError) in try reader.readTrait(key) }
    }

    private func traitsOfContext(_ message: SegmentMembers) -> Range<Int>? {
        guard let context = message[.context] else { return nil }
        var scanner = json.scanner
        scanner.restart(at: context.lowerBound)
        return (try? SegmentMembers(&scanner))?[.traits]
    }

    /// A company's e-mail address is nobody's user data.
    private mutating func readGroupTrait(_ key: JSONText) throws(JSONError) {
        try json.checkName(key)
        guard json.lookup(key, in: UserDataField.personalParameters) == nil else {
            _ = try json.scanner.skipValue()
            return
        }
        guard let parameter = try json.parameter(key) else { return }
        try json.check(parameter, against: json.params)
        json.params.append(parameter)
    }

    private mutating func readTrait(_ key: JSONText) throws(JSONError) {
        guard let (_, trait) = json.lookup(key, in: SegmentTrait.table) else {
            return try json.readParameter(key, .userProperties)
        }
        switch trait {
        case .userData(let field): try readUserData(field)
        case .fullName: try readFullName()
        case .address: try members { (reader, key) throws(JSONError) in try reader.readAddressMember(key) }
        case .leftOut: _ = try json.scanner.skipValue()
        }
    }

    private mutating func readAddressMember(_ key: JSONText) throws(JSONError) {
        let field = json.lookup(key, in: SegmentTrait.addressTable) ?? json.lookup(key, in: UserDataField.members)
        if let field { return try readUserData(field.value) }
        _ = try json.scanner.skipValue()
    }

    private mutating func readUserData(_ field: UserDataField) throws(JSONError) {
        if try json.scanner.kind() == .number, field.mayBeInteger {
            let digits = json.scanner.bytes.slice(try json.scanner.number()).string
            return json.userData.values.append(RawUserData.Value(kind: field.kind, text: digits))
        }
        try json.readPersonal(field)
    }

    /// Only a name of two words says which is which.
    private mutating func readFullName() throws(JSONError) {
        guard try json.scanner.kind() == .string else {
            _ = try json.scanner.skipValue()
            return
        }
        let words = json.string(try json.boundedString(json.limits.textBytes)).split(separator: " ")
        guard words.count == 2 else { return }
        for (kind, word) in [(UserDataKind.firstName, words[0]), (.lastName, words[1])]
        where !json.userData.values.contains(where: { $0.kind == kind }) {
            json.userData.values.append(RawUserData.Value(kind: kind, text: String(word)))
        }
    }
}

/// What a trait is read as; every other trait is a user property.
enum SegmentTrait: Sendable {
    case userData(UserDataField)
    case fullName
    case address
    /// Personal, and of no use to a destination.
    case leftOut

    static let all: [(name: String, trait: SegmentTrait)] = [
        ("email", .userData(UserDataField(kind: .email))), ("phone", .userData(UserDataField(kind: .phone))),
        ("firstName", .userData(UserDataField(kind: .firstName))),
        ("first_name", .userData(UserDataField(kind: .firstName))),
        ("lastName", .userData(UserDataField(kind: .lastName))),
        ("last_name", .userData(UserDataField(kind: .lastName))),
        ("birthday", .userData(UserDataField(kind: .dateOfBirth))),
        ("gender", .userData(UserDataField(kind: .gender))), ("name", .fullName), ("address", .address),
        ("avatar", .leftOut), ("id", .leftOut), ("username", .leftOut),
    ]
    static let table = KeyTable<SegmentTrait>(all)

    /// Beside GA4's names of the parts of an address.
    static let addressTable = KeyTable<UserDataField>([
        ("postalCode", UserDataField(kind: .postalCode)), ("zip", UserDataField(kind: .postalCode)),
        ("state", UserDataField(kind: .region)),
    ])
}
