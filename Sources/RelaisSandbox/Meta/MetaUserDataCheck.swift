/// The rules for `user_data`.
///
/// Source: developers.facebook.com, Conversions API, "Customer information parameters" and "Best practices" (identity
/// combinations), read in 2026.
struct MetaUserDataCheck {
    private static let hashed: Set<String> = [
        "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "f5first", "f5last", "fi", "dobd", "dobm",
        "doby",
    ]
    private static let texts: Set<String> = [
        "client_user_agent", "fbc", "fbp", "subscription_id", "anon_id", "madid", "page_id", "page_scoped_user_id",
        "ctwa_clid", "ig_account_id", "ig_sid", "whatsapp_business_account_id", "partner_id", "partner_name",
    ]
    private static let integers: Set<String> = ["fb_login_id", "lead_id"]
    /// An event whose keys all lie within one of these sets cannot be matched and is refused.
    private static let weakIdentities: [Set<String>] = [
        ["ct", "country", "st", "zp", "ge", "client_user_agent"], ["db", "client_user_agent"], ["fn", "ge"],
        ["ln", "ge"],
    ]

    let data: JSONObject
    let index: Int

    /// Refuses what Meta refuses; malformed browser ids are returned as problems.
    func objections() throws(MetaError) -> [Objection] {
        for member in data.members { try check(member) }
        let keys = Set(data.members.map(\.name))
        if Self.weakIdentities.contains(where: { keys.isSubset(of: $0) }) {
            throw .event(
                .weakIdentity,
                index,
                "user_data with only \(keys.sorted()) cannot be matched; add em, ph, external_id, fbp, fbc or "
                    + "client_ip_address with client_user_agent"
            )
        }
        return ["fbc", "fbp"].filter { data[$0] != nil && !isBrowserID(data[$0]?.string ?? "") }.map {
            Objection(MetaCheck.browserId, "user_data.\($0) is not fb.<index>.<milliseconds>.<id>")
        } + data.repeatedNames.map { Objection(MetaCheck.repeatedKey, "user_data.\($0) occurs twice") }
    }

    private func check(_ member: JSONObject.Member) throws(MetaError) {
        let values = member.value.array ?? [member.value]
        guard !values.isEmpty else { throw wrong(.emptyList, member.name, "must not be an empty list") }
        switch member.name {
        case let name where Self.hashed.contains(name):
            for value in values { try hash(value, name) }
        case "external_id":
            guard values.allSatisfy({ !($0.string ?? "").isEmpty }) else {
                throw wrong(.externalId, member.name, "must be a string or a list of strings")
            }
        case "client_ip_address":
            guard IPAddressText.isValid(member.value.string ?? "") else {
                throw wrong(.clientIpAddress, member.name, "must be one IPv4 or IPv6 address")
            }
        case let name where Self.texts.contains(name):
            guard !(member.value.string ?? "").isEmpty else {
                throw wrong(.userText, name, "must be a string that is not empty")
            }
        case let name where Self.integers.contains(name):
            guard Int64(member.value.scalarText ?? "") != nil else {
                throw wrong(.userInteger, name, "must be an integer")
            }
        default:
            throw wrong(.unknownUserKey, member.name, "is not a customer information parameter")
        }
    }

    private func wrong(_ check: MetaCheck, _ key: String, _ reason: String) -> MetaError {
        .parameter(check, "data[\(index)]['user_data']['\(key)']", reason)
    }

    private func hash(_ value: JSONValue, _ name: String) throws(MetaError) {
        let text = value.string ?? ""
        let reason: String
        if !HashText.isDigest(text) {
            reason = "user_data.\(name) must be hashed: SHA-256 in 64 lower-case hex digits"
        } else if text == HashText.ofEmptyText {
            reason = "user_data.\(name) is the hash of an empty text; leave the parameter out"
        } else {
            return
        }
        throw .event(.hashed, index, reason)
    }

    /// Four segments, or five with the suffix of Meta's own library ("fbp and fbc parameters").
    private func isBrowserID(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return (4...5).contains(parts.count) && parts[0] == "fb" && GA4Rules.isDigits(parts[1])
            && GA4Rules.isDigits(parts[2]) && parts[3...].allSatisfy { !$0.isEmpty }
    }
}
