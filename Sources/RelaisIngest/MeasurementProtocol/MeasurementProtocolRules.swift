/// Names and limits of the Measurement Protocol (Google, "Measurement Protocol reference" and "Limitations", 2026).
enum MeasurementProtocolRules {
    static let events = 25
    static let params = 25
    static let userProperties = 25
    static let items = 200
    static let nameLength = 40
    static let textLength = 100
    static let propertyNameLength = 24
    static let propertyTextLength = 36
    static let bodyBytes = 130_000
    static let userDataValues = 3
    static let addresses = 2
    static let ageMicros: Int64 = 72 * 3600 * 1_000_000

    static let bodyMembers: Set<String> = [
        "client_id", "user_id", "timestamp_micros", "user_properties", "user_data", "consent", "non_personalized_ads",
        "user_location", "ip_override", "device", "user_agent", "validation_behavior", "events",
    ]
    static let locationMembers: Set<String> = ["city", "region_id", "country_id", "subcontinent_id", "continent_id"]
    static let deviceMembers: Set<String> = [
        "category", "language", "screen_resolution", "operating_system", "operating_system_version", "model", "brand",
        "browser", "browser_version",
    ]

    /// Events that Google makes itself, and those of app streams.
    static let reservedEvents: Set<String> = [
        "ad_activeview", "ad_click", "ad_exposure", "ad_impression", "ad_query", "ad_reward", "adunit_exposure",
        "app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund", "app_update",
        "app_upgrade", "dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error",
        "firebase_campaign", "firebase_in_app_message_action", "firebase_in_app_message_dismiss",
        "firebase_in_app_message_impression", "first_open", "first_visit", "in_app_purchase", "notification_dismiss",
        "notification_foreground", "notification_open", "notification_receive", "notification_send", "os_update",
        "screen_view", "session_start", "user_engagement",
    ]
    static let reservedPrefixes = ["_", "firebase_", "ga_", "google_", "gtag."]
    static let reservedUserProperties: Set<String> = [
        "first_open_time", "first_visit_time", "last_deep_link_referrer", "user_id", "first_open_after_install",
    ]
    /// Texts that the general limit does not measure: the protocol exempts the session's, and gives page addresses and
    /// titles limits of their own.
    static let unmeasuredParams: Set<String> = [
        "session_id", "session_number", "page_location", "page_referrer", "page_title",
    ]

    /// A letter, then letters, digits and underscores.
    static func isName(_ text: String, atMost length: Int) -> Bool {
        guard let first = text.utf8.first, first.isLetter, text.utf8.count <= length else { return false }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    static func isReserved(event name: String) -> Bool {
        reservedEvents.contains(name) || reservedPrefixes.contains { name.hasPrefix($0) }
    }

    static func isReserved(param name: String) -> Bool {
        name == "firebase_conversion" || reservedPrefixes.contains { name.hasPrefix($0) }
    }

    static func isReserved(userProperty name: String) -> Bool {
        reservedUserProperties.contains(name) || reservedPrefixes.dropLast().contains { name.hasPrefix($0) }
    }
}
