/// The rules for `user`.
///
/// Source: business-api.tiktok.com/portal/docs, "Parameters", user, "Send TikTok click ID" and "Send TikTok cookie", read
/// in 2026. Keys that TikTok does not know it takes in silence.
struct TikTokUserCheck {
    private static let hashedLists: Set<String> = ["email", "phone", "external_id"]
    private static let hashedTexts: Set<String> = ["first_name", "last_name", "zip_code"]
    private static let clear: Set<String> = [
        "city", "state", "country", "ttclid", "ttp", "ip", "user_agent", "locale", "idfa", "idfv", "gaid", "att_status",
    ]
    private static let maximumClickIDLength = 1_000

    let user: JSONObject?
    let path: String
    let source: String

    func objections() throws(TikTokError) -> [Objection] {
        guard let user else { return [Objection(TikTokCheck.identified, "no user: nobody can be matched")] }
        var objections: [Objection] = []
        for member in user.members {
            let name = member.name
            if Self.hashedLists.contains(name) {
                let values = member.value.array ?? [member.value]
                guard !values.isEmpty else {
                    throw .parameter(.emptyList, "\(path).\(name)", "Shorter than minimum length 1.")
                }
                for value in values { try hash(value, name) }
            } else if Self.hashedTexts.contains(name) {
                try hash(member.value, name)
            } else if Self.clear.contains(name) {
                objections += try clear(member.value, name)
            } else {
                objections.append(Objection(TikTokCheck.unknownKey, "unknown key 'user.\(name)'"))
            }
        }
        if !isIdentified(user) { objections.append(Objection(TikTokCheck.identified, "user identifies nobody")) }
        if source == "offline", user["external_id"] != nil {
            objections.append(
                Objection(TikTokCheck.wrongSource, "user.external_id is for event_source web and crm")
            )
        }
        return objections
            + user.repeatedNames.map { Objection(TikTokCheck.repeatedKey, "user.\($0) occurs twice") }
    }

    /// A click, a cookie, an identifier, or the browser's address with its agent.
    private func isIdentified(_ user: JSONObject) -> Bool {
        ["email", "phone", "external_id", "ttclid", "ttp", "idfa", "idfv", "gaid"].contains { user[$0] != nil }
            || user["ip"] != nil && user["user_agent"] != nil || source == "crm"
    }

    private func hash(_ value: JSONValue, _ name: String) throws(TikTokError) {
        guard let text = value.string else { throw .parameter(.userText, "\(path).\(name)", "Not a valid string") }
        guard HashText.isDigest(text.lowercased()), text.lowercased() != HashText.ofEmptyText else {
            throw .notHashed("\(path).\(name)")
        }
    }

    private func clear(_ value: JSONValue, _ name: String) throws(TikTokError) -> [Objection] {
        guard let text = value.string else { throw .parameter(.userText, "\(path).\(name)", "Not a valid string") }
        if text.isEmpty { return [Objection(TikTokCheck.clearForm, "user.\(name) is empty")] }
        switch name {
        case "ip":
            guard IPAddressText.isValid(text) else {
                throw .parameter(.ipAddress, "\(path).ip", "Not a valid IP address")
            }
        case "ttclid" where text.utf8.count > Self.maximumClickIDLength:
            let text = "user.ttclid is longer than \(Self.maximumClickIDLength) characters"
            return [Objection(TikTokCheck.clickIdLength, text)]
        case "city", "state", "country":
            if HashText.isDigest(text) {
                return [Objection(TikTokCheck.clearForm, "user.\(name) is hashed; TikTok wants it in clear")]
            }
            if text != text.lowercased() {
                return [Objection(TikTokCheck.clearForm, "user.\(name) is not in lower case")]
            }
        default: break
        }
        return []
    }
}
