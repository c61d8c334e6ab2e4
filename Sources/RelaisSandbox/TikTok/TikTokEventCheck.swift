/// The rules for one event of a request.
///
/// Source: business-api.tiktok.com/portal/docs, "Parameters" (web, app, offline, crm), read in 2026.
struct TikTokEventCheck {
    /// No limit is documented; 28 days is the longest attribution window.
    private static let attributionSeconds: Int64 = 28 * 86_400
    /// Clocks differ; an event this far ahead is not worth a word.
    private static let toleratedFutureSeconds: Int64 = 60
    private static let knownKeys: Set<String> = [
        "event", "event_time", "event_id", "user", "properties", "page", "app", "ad", "limited_data_use", "lead",
        "device",
    ]

    let event: JSONObject
    let index: Int
    let source: String
    let nowSeconds: Int64

    /// Refuses what TikTok refuses; what it takes although it should not be sent is returned.
    func objections() throws(TikTokError) -> [Objection] {
        _ = try text(.event, "event", in: event, path: path, isRequired: true)
        let seconds = try time()
        if let id = event["event_id"], id.string == nil { throw .eventIDIsNoText }
        try place()
        try flag()
        let user = try object("user")
        let properties = try object("properties")
        var objections = try TikTokUserCheck(user: user, path: "\(path).user", source: source).objections()
        objections += try TikTokPropertiesCheck(properties: properties, path: "\(path).properties").objections()
        return objections + unwise(seconds)
    }

    private var path: String { "Batch.\(index)" }

    private func object(_ key: String) throws(TikTokError) -> JSONObject? {
        guard let value = event[key] else { return nil }
        guard let object = value.object else { throw .parameter(.eventObject, "\(path).\(key)", "Not a valid object") }
        return object
    }

    private func text(
        _ check: TikTokCheck,
        _ key: String,
        in object: JSONObject?,
        path: String,
        isRequired: Bool
    ) throws(TikTokError) -> String? {
        guard let value = object?[key] else {
            if isRequired { throw .parameter(check, "\(path).\(key)", "Missing data for required field.") }
            return nil
        }
        guard let text = value.string, !(isRequired && text.isEmpty) else {
            throw .parameter(check, "\(path).\(key)", "Not a valid string")
        }
        return text
    }

    private func time() throws(TikTokError) -> Int64 {
        guard let value = event["event_time"] else {
            throw .parameter(.eventTime, "\(path).event_time", "Missing data for required field.")
        }
        guard let seconds = value.number?.integer else {
            throw .parameter(.eventTime, "\(path).event_time", "Not a valid integer")
        }
        return seconds
    }

    /// Web events need a page, those of a CRM the lead, those of an app the app.
    private func place() throws(TikTokError) {
        let page = try object("page")
        let url = try text(.page, "url", in: page, path: "\(path).page", isRequired: source == "web")
        _ = try text(.page, "referrer", in: page, path: "\(path).page", isRequired: false)
        if let url, !URLText.isWeb(url) { throw .parameter(.page, "\(path).page.url", "Not a valid URL") }
        _ = try text(.lead, "lead_id", in: try object("lead"), path: "\(path).lead", isRequired: source == "crm")
        _ = try text(.app, "app_id", in: try object("app"), path: "\(path).app", isRequired: source == "app")
    }

    private func flag() throws(TikTokError) {
        guard let value = event["limited_data_use"] else { return }
        guard value.bool != nil else {
            throw .parameter(.limitedDataUse, "\(path).limited_data_use", "Not a valid boolean")
        }
    }

    private func unwise(_ seconds: Int64) -> [Objection] {
        var objections: [Objection] = []
        func note(_ check: TikTokCheck, _ text: String) { objections.append(Objection(check, text)) }
        if (event["event_id"]?.string ?? "").isEmpty {
            note(.eventIdMissing, "no event_id: TikTok cannot recognise a second copy for long")
        }
        if seconds < nowSeconds - Self.attributionSeconds {
            note(.eventTimeAge, "event_time \(seconds) is more than 28 days ago: no ad can be credited with it")
        }
        if seconds > nowSeconds + Self.toleratedFutureSeconds {
            note(.eventTimeFuture, "event_time \(seconds) is in the future (is it in seconds?)")
        }
        if source != "web", event["page"] != nil { note(.wrongSource, "page is for event_source web") }
        if source != "web", source != "app", event["limited_data_use"] != nil {
            note(.wrongSource, "limited_data_use is for event_source web and app")
        }
        for member in event.members where !Self.knownKeys.contains(member.name) {
            note(.unknownKey, "unknown key '\(member.name)'")
        }
        for name in event.repeatedNames { note(.repeatedKey, "key '\(name)' occurs twice") }
        return objections
    }
}
