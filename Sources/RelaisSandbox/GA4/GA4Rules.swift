/// Names and limits of Google Analytics 4.
///
/// Source: "Measurement Protocol reference" and "Validating events",
/// developers.google.com/analytics/devguides/collection/protocol/ga4, read in 2026.
enum GA4Rules {
    static let maximumEvents = 25
    static let maximumParameters = 25
    static let maximumUserProperties = 25
    static let maximumItems = 200
    static let maximumNameLength = 40
    static let maximumTextLength = 100
    static let maximumUserPropertyNameLength = 24
    static let maximumUserPropertyTextLength = 36
    static let maximumBodyBytes = 130_000
    static let maximumAgeMicroseconds: Int64 = 72 * 3_600 * 1_000_000
    /// gtag.js puts at most so many events and bytes in one batch.
    static let maximumHitsPerBatch = 20
    static let maximumBatchBytes = 16_384

    static let reservedEvents: Set<String> = [
        "ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure", "app_clear_data",
        "app_exception", "app_install", "app_remove", "app_store_refund", "app_update", "app_upgrade",
        "dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error", "firebase_campaign",
        "firebase_in_app_message_action", "firebase_in_app_message_dismiss", "firebase_in_app_message_impression",
        "first_open", "first_visit", "notification_dismiss", "notification_foreground", "notification_open",
        "notification_receive", "notification_send", "os_update", "session_start", "user_engagement",
    ]
    static let appOnlyEvents: Set<String> = ["ad_impression", "in_app_purchase", "screen_view"]
    static let reservedParameters: Set<String> = ["firebase_conversion"]
    static let reservedPrefixes = ["_", "firebase_", "ga_", "google_", "gtag."]
    static let reservedUserProperties: Set<String> = [
        "first_open_time", "first_visit_time", "last_deep_link_referrer", "user_id", "first_open_after_install",
    ]
    static let reservedUserPropertyPrefixes = ["_", "firebase_", "ga_", "google_"]
    /// Parameters whose text the general limit does not measure: the reference exempts the session's, and page
    /// addresses and titles are measured by the property, not by the protocol.
    static let unmeasuredParameters: Set<String> = [
        "session_id", "session_number", "page_location", "page_referrer", "page_title",
    ]

    /// A letter, then letters, digits and underscores.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    static func isDigits(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isDigit)
    }

    /// `G-` and the stream's capitals and digits.
    static func isMeasurementID(_ text: String) -> Bool {
        text.hasPrefix("G-") && text.utf8.count > 2
            && text.utf8.dropFirst(2).allSatisfy { isDigit($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
