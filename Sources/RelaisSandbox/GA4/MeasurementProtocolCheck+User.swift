extension MeasurementProtocolCheck {
    mutating func userProperties(_ value: JSONValue?) {
        guard let value else { return }
        guard let properties = value.object else {
            return object(.userProperties, "user_properties", "is \(value.typeName), not an object", .valueInvalid)
        }
        repeats(in: properties, at: "user_properties")
        if properties.members.count > GA4Rules.maximumUserProperties {
            object(
                .userPropertyCount,
                "user_properties",
                "\(properties.members.count) properties, at most 25 are allowed",
                .exceededMaxEntities
            )
        }
        for member in properties.members { userProperty(member) }
    }

    private mutating func userProperty(_ member: JSONObject.Member) {
        let path = "user_properties.\(member.name)"
        let name = member.name
        if GA4Rules.reservedUserProperties.contains(name)
            || GA4Rules.reservedUserPropertyPrefixes.contains(where: { name.hasPrefix($0) })
        {
            object(.userPropertyReserved, path, "the name is reserved", .nameReserved)
        } else if !GA4Rules.isName(name) || name.utf8.count > GA4Rules.maximumUserPropertyNameLength {
            object(.userPropertyName, path, "the name is not at most 24 letters, digits and _", .nameInvalid)
        }
        switch member.value.object?["value"] {
        case .string(let text) where text.count > GA4Rules.maximumUserPropertyTextLength:
            object(.userPropertyLength, path, "\(text.count) characters, at most 36 are allowed", .valueOutOfBounds)
        case .string, .number, .bool: break
        case nil: object(.userProperties, path, "must be an object with a value", .valueRequired)
        default: object(.userProperties, "\(path).value", "must be a string, a number or a boolean", .valueInvalid)
        }
    }

    mutating func consent(_ value: JSONValue?) {
        guard let value else { return }
        guard let consent = value.object else {
            return object(.consent, "consent", "is \(value.typeName), not an object", .valueInvalid)
        }
        for member in consent.members {
            let path = "consent.\(member.name)"
            if !["ad_user_data", "ad_personalization"].contains(member.name) {
                object(.consent, path, "is not a consent setting of this protocol", .nameInvalid)
            } else if member.value.string != "GRANTED", member.value.string != "DENIED" {
                object(.consent, path, "is neither GRANTED nor DENIED", .valueInvalid)
            }
        }
    }

    /// Location, device and address of the visitor.
    mutating func context(_ body: JSONObject) {
        strings(
            body["user_location"],
            at: "user_location",
            keys: ["city", "region_id", "country_id", "subcontinent_id", "continent_id"]
        )
        strings(
            body["device"],
            at: "device",
            keys: [
                "category", "language", "screen_resolution", "operating_system", "operating_system_version", "model",
                "brand", "browser", "browser_version",
            ]
        )
        if let address = body["ip_override"], !IPAddressText.isValid(address.string ?? "") {
            object(.ipOverride, "ip_override", "is not an IP address", .valueInvalid)
        }
        if let agent = body["user_agent"], agent.string == nil {
            object(.userAgent, "user_agent", "is \(agent.typeName), not a string", .valueInvalid)
        }
        if let flag = body["non_personalized_ads"], flag.bool == nil {
            object(.nonPersonalizedAds, "non_personalized_ads", "is \(flag.typeName), not a boolean", .valueInvalid)
        }
    }

    private mutating func strings(_ value: JSONValue?, at path: String, keys: Set<String>) {
        guard let value else { return }
        guard let fields = value.object else {
            return object(.visitor, path, "is \(value.typeName), not an object", .valueInvalid)
        }
        for member in fields.members {
            if !keys.contains(member.name) {
                object(.visitor, "\(path).\(member.name)", "is not a field of \(path)", .nameInvalid)
            } else if member.value.string == nil {
                object(.visitor, "\(path).\(member.name)", "is \(member.value.typeName), not a string", .valueInvalid)
            }
        }
    }

    mutating func unknownKeys(_ body: JSONObject) {
        let known: Set<String> = [
            "client_id", "app_instance_id", "user_id", "timestamp_micros", "user_properties", "user_data", "consent",
            "non_personalized_ads", "user_location", "ip_override", "device", "user_agent", "validation_behavior",
            "events",
        ]
        for member in body.members where !known.contains(member.name) {
            object(.unknownField, member.name, "is not a field of the protocol", .nameInvalid)
        }
    }
}
