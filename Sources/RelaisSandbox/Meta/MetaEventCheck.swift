/// The rules for one event of a request.
///
/// Source: developers.facebook.com, Conversions API, "Server event parameters" and "Using the API", read in 2026.
struct MetaEventCheck {
    private static let maximumAgeSeconds: Int64 = 7 * 86_400
    /// Events of `physical_store` may be uploaded later.
    private static let maximumStoreAgeSeconds: Int64 = 62 * 86_400
    /// Clocks differ; an event this far ahead is still taken.
    private static let toleratedFutureSeconds: Int64 = 60
    private static let actionSources: Set<String> = [
        "email", "website", "app", "phone_call", "chat", "physical_store", "system_generated", "business_messaging",
        "other",
    ]
    private static let knownKeys: Set<String> = [
        "event_name", "event_time", "user_data", "action_source", "event_source_url", "event_id", "custom_data",
        "opt_out", "referrer_url", "data_processing_options", "data_processing_options_country",
        "data_processing_options_state", "app_data", "messaging_channel", "original_event_data", "attribution_data",
        "customer_segmentation", "advanced_measurement_table",
    ]

    private static let channels: Set<String> = ["whatsapp", "messenger", "instagram"]
    private static let segments: Set<String> = [
        "new_customer_to_business", "new_customer_to_business_line", "new_customer_to_product_area",
        "new_customer_to_medium", "existing_customer_to_business", "existing_customer_to_business_line",
        "existing_customer_to_product_area", "existing_customer_to_medium", "customer_in_loyalty_program",
    ]

    let event: JSONObject
    let index: Int
    let nowSeconds: Int64

    /// Refuses what Meta refuses; what it takes although it should not be sent is returned.
    func objections() throws(MetaError) -> [Objection] {
        let name = try requiredText(.eventName, "event_name")
        let source = try actionSource()
        try time(source)
        try address(source)
        try identifier()
        try dataProcessing()
        try messaging(source)
        try choice(.customerSegmentation, "customer_segmentation", Self.segments)
        try original(name)
        if let flag = event["opt_out"], flag.bool == nil { throw wrong(.optOut, "opt_out", "must be a boolean") }
        guard let user = event["user_data"]?.object else {
            throw wrong(.userData, "user_data", "is required: an object")
        }
        var objections = try MetaUserDataCheck(data: user, index: index).objections()
        try dataProcessingAddress(user)
        objections += try MetaCustomDataCheck(data: event["custom_data"], eventName: name, index: index).objections()
        objections += unwise(source, user)
        return objections
    }

    private func wrong(_ check: MetaCheck, _ key: String, _ reason: String) -> MetaError {
        .parameter(check, "data[\(index)]['\(key)']", reason)
    }

    private func requiredText(_ check: MetaCheck, _ key: String) throws(MetaError) -> String {
        guard let text = event[key]?.string, !text.isEmpty else {
            throw wrong(check, key, "is required: a string that is not empty")
        }
        return text
    }

    private func actionSource() throws(MetaError) -> String {
        let source = try requiredText(.actionSource, "action_source")
        guard Self.actionSources.contains(source) else {
            throw wrong(
                .actionSource,
                "action_source",
                "must be one of \(Self.actionSources.sorted().joined(separator: ", "))"
            )
        }
        return source
    }

    private func time(_ source: String) throws(MetaError) {
        guard let seconds = event["event_time"]?.number?.integer else {
            throw wrong(.eventTime, "event_time", "must be an integer: Unix time in seconds")
        }
        let maximumAge = source == "physical_store" ? Self.maximumStoreAgeSeconds : Self.maximumAgeSeconds
        if seconds < nowSeconds - maximumAge {
            throw .event(
                .eventTimeAge,
                index,
                "event_time \(seconds) is more than \(maximumAge / 86_400) days ago"
            )
        }
        if seconds > nowSeconds + Self.toleratedFutureSeconds {
            throw wrong(.eventTimeFuture, "event_time", "\(seconds) is in the future (is it in seconds?)")
        }
    }

    private func address(_ source: String) throws(MetaError) {
        guard let value = event["event_source_url"] else {
            if source == "website" {
                throw wrong(.eventSourceUrl, "event_source_url", "is required for action_source website")
            }
            return
        }
        guard URLText.isWeb(value.string ?? "") else {
            throw wrong(.eventSourceUrl, "event_source_url", "must be an http or https URL")
        }
    }

    private func identifier() throws(MetaError) {
        guard let value = event["event_id"] else { return }
        guard let text = value.string, !text.isEmpty else {
            throw wrong(.eventId, "event_id", "must be a string that is not empty")
        }
    }

    /// A country without a state is invalid ("Data processing options for US users").
    private func dataProcessing() throws(MetaError) {
        let options = event["data_processing_options"]
        if let options {
            guard let names = options.array, names.allSatisfy({ $0.string == "LDU" }) else {
                throw wrong(.dataProcessingOptions, "data_processing_options", "must be [] or [\"LDU\"]")
            }
        }
        let place = ["data_processing_options_country", "data_processing_options_state"].map { event[$0] }
        guard place.allSatisfy({ $0 == nil || $0?.number?.integer != nil }), (place[0] == nil) == (place[1] == nil)
        else {
            throw wrong(
                .dataProcessingPlace,
                "data_processing_options_country",
                "and _state must both be integers, or both be absent"
            )
        }
    }

    /// Country 0 and state 0: Meta looks the place up by the address ("Data processing options for US users").
    private func dataProcessingAddress(_ user: JSONObject) throws(MetaError) {
        let place = ["data_processing_options_country", "data_processing_options_state"].map { event[$0] }
        let isLookedUp = place.allSatisfy { $0?.number?.integer == 0 }
        guard isLookedUp, event["data_processing_options"]?.array?.isEmpty == false, user["client_ip_address"] == nil
        else { return }
        throw wrong(.dataProcessingPlace, "data_processing_options_country", "0 needs user_data.client_ip_address")
    }

    private func messaging(_ source: String) throws(MetaError) {
        try choice(.messagingChannel, "messaging_channel", Self.channels)
        guard source == "business_messaging" else { return }
        let user = event["user_data"]?.object
        guard user?["page_id"] != nil || user?["whatsapp_business_account_id"] != nil else {
            throw .event(
                .messagingPage,
                index,
                "business_messaging needs user_data.page_id or user_data.whatsapp_business_account_id"
            )
        }
        guard event["messaging_channel"] != nil else {
            throw wrong(.messagingChannel, "messaging_channel", "is required for action_source business_messaging")
        }
    }

    private func choice(_ check: MetaCheck, _ key: String, _ allowed: Set<String>) throws(MetaError) {
        guard let value = event[key], !allowed.contains(value.string ?? "") else { return }
        throw wrong(check, key, "must be one of \(allowed.sorted().joined(separator: ", "))")
    }

    /// "Server event parameters", original_event_data.
    private func original(_ name: String) throws(MetaError) {
        guard name == "AppendValue" else { return }
        let original = event["original_event_data"]?.object
        guard ["order_id", "event_id"].contains(where: { !(original?[$0]?.string ?? "").isEmpty }) else {
            throw wrong(.originalEvent, "original_event_data", "needs the order_id or event_id of the original event")
        }
    }

    private func unwise(_ source: String, _ user: JSONObject) -> [Objection] {
        var objections: [Objection] = []
        func note(_ check: MetaCheck, _ text: String) { objections.append(Objection(check, text)) }
        if event["event_id"] == nil { note(.eventIdMissing, "no event_id: Meta cannot recognise a second copy") }
        if source == "website", user["client_user_agent"] == nil {
            note(.userAgentMissing, "user_data.client_user_agent is documented as required for action_source website")
        }
        for member in event.members where !Self.knownKeys.contains(member.name) {
            note(.unknownEventKey, "unknown key '\(member.name)'")
        }
        for name in event.repeatedNames { note(.repeatedKey, "key '\(name)' occurs twice") }
        return objections
    }
}
