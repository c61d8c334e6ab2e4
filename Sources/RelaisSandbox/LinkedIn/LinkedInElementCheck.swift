import Foundation

/// The schema of one conversion event, as Rest.li validates it: every error, not only the first.
///
/// Source: learn.microsoft.com, "Conversions API schema"; texts as measured in August 2026.
struct LinkedInElementCheck {
    private static let maximumAgeMilliseconds: Int64 = 90 * 86_400_000
    private static let identifierTypes: Set<String> = [
        "SHA256_EMAIL", "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "ACXIOM_ID", "ORACLE_MOAT_ID",
        "PLAINTEXT_IP_ADDRESS", "GOOGLE_AID",
    ]

    /// `<path> :: <reason>` each.
    private(set) var errors: [Objection] = []
    /// What LinkedIn takes and can make nothing of.
    private(set) var problems: [Objection] = []
    private(set) var rule = LinkedInRule.good
    private var happenedAt: Int64 = 0

    init(_ element: JSONValue) {
        guard let event = element.object else {
            fail(.type, "/", "\(element.typeName) cannot be coerced to a record")
            return
        }
        forbidUnknown(event, "", ["conversion", "conversionHappenedAt", "conversionValue", "user", "eventId"])
        readConversion(event)
        readTime(event)
        readValue(event)
        readUser(event)
        readID(event)
    }

    /// The vendor's words: within 90 days, and not of the future.
    func isWithinWindow(_ nowMilliseconds: Int64) -> Bool {
        happenedAt <= nowMilliseconds && happenedAt >= nowMilliseconds - Self.maximumAgeMilliseconds
    }

    // MARK: Members

    private mutating func readConversion(_ event: JSONObject) {
        guard let urn = text(event, "conversion", at: "") else { return }
        guard let rule = LinkedInRule(urn: urn) else {
            return fail(.urn, "/conversion", "\"\(urn)\" Invalid Urn format. Invalid prefix.")
        }
        self.rule = rule
    }

    private mutating func readTime(_ event: JSONObject) {
        guard let value = event["conversionHappenedAt"] else { return missing("/conversionHappenedAt") }
        guard let time = value.number?.integer else { return coerce(value, "Long", "/conversionHappenedAt") }
        happenedAt = time
    }

    private mutating func readValue(_ event: JSONObject) {
        guard let value = record(event, "conversionValue", at: "") else { return }
        forbidUnknown(value, "/conversionValue", ["currencyCode", "amount"])
        if let code = text(value, "currencyCode", at: "/conversionValue"), !CurrencyCode.isKnown(code) {
            note(.currency, "conversionValue.currencyCode is not in ISO 4217")
        }
        if let amount = text(value, "amount", at: "/conversionValue"), !Self.isDecimal(amount) {
            note(.amount, "conversionValue.amount is no decimal")
        }
    }

    private mutating func readID(_ event: JSONObject) {
        guard let id = text(event, "eventId", at: "", isRequired: false) else {
            note(.eventIdMissing, "no eventId: LinkedIn cannot recognise the Insight Tag's copy")
            return
        }
        if id.count > 64 { note(.eventIdLength, "eventId has more than 64 characters") }
    }

    private mutating func readUser(_ event: JSONObject) {
        guard event["user"] != nil else { return missing("/user") }
        guard let user = record(event, "user", at: "") else { return }
        forbidUnknown(user, "/user", ["userIds", "userInfo", "externalIds", "lead"])
        let identifiers = readIdentifiers(user)
        let hasInfo = readInfo(user)
        let external = readExternalIDs(user)
        let lead = text(user, "lead", at: "/user", isRequired: false)
        if let lead, !lead.hasPrefix("urn:li:leadGenFormResponse:") {
            fail(.urn, "/user/lead", "\"\(lead)\" Invalid Urn format. Invalid prefix.")
        }
        if identifiers == 0, !hasInfo, external == 0, lead == nil, errors.isEmpty {
            fail(.identified, "/user", "at least one of userIds, userInfo, externalIds and lead must be given")
        }
    }

    private mutating func readIdentifiers(_ user: JSONObject) -> Int {
        guard let value = user["userIds"] else {
            missing("/user/userIds")
            return 0
        }
        guard let list = value.array else {
            coerce(value, "an array", "/user/userIds")
            return 0
        }
        for (index, element) in list.enumerated() { readIdentifier(element, at: "/user/userIds/\(index)") }
        return list.count
    }

    private mutating func readIdentifier(_ element: JSONValue, at path: String) {
        guard let identifier = element.object else { return coerce(element, "a record", path) }
        forbidUnknown(identifier, path, ["idType", "idValue"])
        let type = text(identifier, "idType", at: path)
        let value = text(identifier, "idValue", at: path)
        guard let type else { return }
        guard Self.identifierTypes.contains(type) else {
            return fail(.identifierType, "\(path)/idType", "\"\(type)\" is not an enum symbol")
        }
        guard let value else { return }
        if type == "SHA256_EMAIL", !HashText.isDigest(value) || value == HashText.ofEmptyText {
            note(.email, "\(path): no SHA-256 of an address in lower-case hex")
        }
        var address = in_addr()
        if type == "PLAINTEXT_IP_ADDRESS", inet_pton(AF_INET, value, &address) != 1 {
            note(.ipAddress, "\(path): no IPv4 address")
        }
    }

    private mutating func readInfo(_ user: JSONObject) -> Bool {
        guard let info = record(user, "userInfo", at: "/user") else { return false }
        let path = "/user/userInfo"
        forbidUnknown(info, path, ["firstName", "lastName", "title", "companyName", "countryCode"])
        for name in ["firstName", "lastName"] {
            if let text = text(info, name, at: path), text.isEmpty || text.count > 35 {
                note(.names, "\(path)/\(name) has not 1 to 35 characters")
            }
        }
        for name in ["title", "companyName"] { _ = text(info, name, at: path, isRequired: false) }
        if let country = text(info, "countryCode", at: path, isRequired: false),
            country.wholeMatch(of: /[A-Z]{2}/) == nil
        {
            note(.country, "\(path)/countryCode is not two capital letters")
        }
        return true
    }

    private mutating func readExternalIDs(_ user: JSONObject) -> Int {
        guard let value = user["externalIds"] else { return 0 }
        guard let list = value.array else {
            coerce(value, "an array", "/user/externalIds")
            return 0
        }
        for (index, element) in list.enumerated() where element.string == nil {
            coerce(element, "String", "/user/externalIds/\(index)")
        }
        if list.count > 1 { note(.externalIds, "/user/externalIds: only the first is used") }
        return list.count
    }

    // MARK: Rest.li's words

    private mutating func fail(_ check: LinkedInCheck, _ path: String, _ reason: String) {
        errors.append(Objection(check, "\(path) :: \(reason)"))
    }

    private mutating func note(_ check: LinkedInCheck, _ text: String) { problems.append(Objection(check, text)) }

    private mutating func missing(_ path: String) {
        fail(.required, path, "field is required but not found and has no default value")
    }

    private mutating func coerce(_ value: JSONValue, _ type: String, _ path: String) {
        fail(.type, path, "\(value.scalarText ?? value.typeName) cannot be coerced to \(type)")
    }

    private mutating func forbidUnknown(_ object: JSONObject, _ path: String, _ known: Set<String>) {
        for member in object.members where !known.contains(member.name) {
            fail(.unknownField, "\(path)/\(member.name)", "unrecognized field found but not allowed")
        }
        for name in object.repeatedNames { note(.repeatedField, "\(path)/\(name) occurs twice") }
    }

    private mutating func text(
        _ object: JSONObject,
        _ name: String,
        at path: String,
        isRequired: Bool = true
    ) -> String? {
        guard let value = object[name] else {
            if isRequired { missing("\(path)/\(name)") }
            return nil
        }
        if value.string == nil { coerce(value, "String", "\(path)/\(name)") }
        return value.string
    }

    private mutating func record(_ object: JSONObject, _ name: String, at path: String) -> JSONObject? {
        guard let value = object[name] else { return nil }
        if value.object == nil { coerce(value, "a record", "\(path)/\(name)") }
        return value.object
    }

    private static func isDecimal(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.wholeMatch(of: /[0-9]+(\.[0-9]+)?/) != nil
    }
}
