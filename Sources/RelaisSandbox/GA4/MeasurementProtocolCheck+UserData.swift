/// `user_data`, by "Send user-provided data" of the Measurement Protocol's guide.
extension MeasurementProtocolCheck {
    private static let maximumValues = 3
    private static let maximumAddresses = 2

    mutating func userData(_ value: JSONValue?, hasUserID: Bool) {
        guard let value else { return }
        guard let data = value.object else {
            return object(.userData, "user_data", "is \(value.typeName), not an object", .valueInvalid)
        }
        if !hasUserID { object(.userId, "user_id", "is required with user_data", .valueRequired) }
        repeats(in: data, at: "user_data")
        for member in data.members {
            switch member.name {
            case "sha256_email_address", "sha256_phone_number": hashes(member.value, at: "user_data.\(member.name)")
            case "address": addresses(member.value)
            default: object(.userData, "user_data.\(member.name)", "is not a field of user_data", .nameInvalid)
            }
        }
    }

    private mutating func hashes(_ value: JSONValue, at path: String) {
        let values = value.array ?? [value]
        if values.count > Self.maximumValues {
            object(
                .userDataCount,
                path,
                "\(values.count) values, at most \(Self.maximumValues) are allowed",
                .exceededMaxEntities
            )
        }
        for value in values { hash(value, at: path) }
    }

    private mutating func hash(_ value: JSONValue, at path: String) {
        guard let text = value.string, HashText.isDigest(text) else {
            return object(.userDataHash, path, "must be a SHA-256 in 64 lower-case hex digits", .valueInvalid)
        }
        if text == HashText.ofEmptyText { object(.userDataHash, path, "is the hash of an empty text", .valueInvalid) }
    }

    private mutating func addresses(_ value: JSONValue) {
        let addresses = value.array ?? [value]
        if addresses.count > Self.maximumAddresses {
            object(
                .userDataCount,
                "user_data.address",
                "\(addresses.count) addresses, at most 2 are allowed",
                .exceededMaxEntities
            )
        }
        for address in addresses {
            guard let fields = address.object else {
                object(.userData, "user_data.address", "is \(address.typeName), not an object", .valueInvalid)
                continue
            }
            for member in fields.members { addressField(member) }
        }
    }

    private mutating func addressField(_ member: JSONObject.Member) {
        let path = "user_data.address.\(member.name)"
        switch member.name {
        case "sha256_first_name", "sha256_last_name", "sha256_street": hash(member.value, at: path)
        case "city", "region", "postal_code", "country":
            if member.value.string == nil {
                object(.userData, path, "is \(member.value.typeName), not a string", .valueInvalid)
            }
        default: object(.userData, path, "is not a field of an address", .nameInvalid)
        }
    }
}
