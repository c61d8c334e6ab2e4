extension MeasurementProtocolValidator {
    private typealias Rules = MeasurementProtocolRules

    mutating func checkUserProperties(_ value: JSONPlace?) {
        guard let value else { return }
        guard value.kind == .object else {
            return object("user_properties", .valueInvalid, "It is \(value.kind.name), not an object.")
        }
        let properties = value.members
        checkRepeats(properties, at: "user_properties")
        if properties.count > Rules.userProperties {
            let text = "\(properties.count) properties; at most \(Rules.userProperties) are allowed."
            object("user_properties", .exceededMaxEntities, text)
        }
        for property in properties { check(property) }
    }

    private mutating func check(_ property: JSONPlace.Member) {
        let path = "user_properties.\(property.name.prefix(64))"
        if Rules.isReserved(userProperty: property.name) {
            object(path, .nameReserved, "The name is reserved.")
        } else if !Rules.isName(property.name, atMost: Rules.propertyNameLength) {
            object(path, .nameInvalid, "This is not \(Self.form(Rules.propertyNameLength)).")
        }
        let members = property.value.members
        checkTime(members["timestamp_micros"], at: "\(path).timestamp_micros")
        guard let value = members["value"] else {
            return object(path, .valueRequired, "It must be an object with a value.")
        }
        switch value.kind {
        case .string:
            let length = value.string?.count ?? 0
            guard length > Rules.propertyTextLength else { break }
            object(path, .valueOutOfBounds, "\(length) characters; at most \(Rules.propertyTextLength) are allowed.")
        case .number, .bool: break
        case .null, .array, .object:
            object("\(path).value", .valueInvalid, "It must be a string, a number or a boolean.")
        }
    }

    mutating func checkConsent(_ value: JSONPlace?) {
        guard let value else { return }
        guard value.kind == .object else {
            return object("consent", .valueInvalid, "It is \(value.kind.name), not an object.")
        }
        for member in value.members {
            let path = "consent.\(member.name.prefix(64))"
            if !["ad_user_data", "ad_personalization"].contains(member.name) {
                object(path, .nameInvalid, "This is no consent setting of the protocol.")
            } else if member.value.string != "GRANTED", member.value.string != "DENIED" {
                object(path, .valueInvalid, "It is neither GRANTED nor DENIED.")
            }
        }
    }

    // MARK: User data (Google, "Send user-provided data", 2026)

    mutating func checkUserData(_ value: JSONPlace?, hasUserID: Bool) {
        guard let value else { return }
        guard value.kind == .object else {
            return object("user_data", .valueInvalid, "It is \(value.kind.name), not an object.")
        }
        if !hasUserID { object("user_id", .valueRequired, "It is required with user_data.") }
        let members = value.members
        checkRepeats(members, at: "user_data")
        for member in members {
            switch member.name {
            case "sha256_email_address", "sha256_phone_number":
                let values = member.value.kind == .array ? member.value.elements : [member.value]
                checkCount(values.count, Rules.userDataValues, at: "user_data.\(member.name)")
                for value in values { checkHash(value, at: "user_data.\(member.name)") }
            case "address": checkAddresses(member.value)
            default: object("user_data.\(member.name.prefix(64))", .nameInvalid, "This is not a field of user_data.")
            }
        }
    }

    private mutating func checkAddresses(_ value: JSONPlace) {
        let addresses = value.kind == .array ? value.elements : [value]
        checkCount(addresses.count, Rules.addresses, at: "user_data.address")
        for address in addresses {
            guard address.kind == .object else {
                object("user_data.address", .valueInvalid, "It is \(address.kind.name), not an object.")
                continue
            }
            for member in address.members { checkAddressMember(member) }
        }
    }

    private mutating func checkAddressMember(_ member: JSONPlace.Member) {
        let path = "user_data.address.\(member.name.prefix(64))"
        switch member.name {
        case "sha256_first_name", "sha256_last_name", "sha256_street": checkHash(member.value, at: path)
        case "city", "region", "postal_code", "country":
            guard member.value.kind != .string else { break }
            object(path, .valueInvalid, "It is \(member.value.kind.name), not a string.")
        default: object(path, .nameInvalid, "This is not a field of an address.")
        }
    }

    private mutating func checkCount(_ count: Int, _ limit: Int, at path: String) {
        guard count > limit else { return }
        object(path, .exceededMaxEntities, "\(count) values; at most \(limit) are allowed.")
    }

    private mutating func checkHash(_ value: JSONPlace, at path: String) {
        let isHash = value.string.map { $0.utf8.count == 64 && $0.utf8.allSatisfy(\.isHexDigit) } ?? false
        if !isHash { object(path, .valueInvalid, "It must be a SHA-256 in 64 hexadecimal digits.") }
    }
}
