/// A scalar field of the canonical event. The raw value is its key in the record and never changes; keys below 64 are the
/// event's own, keys from 64 are an item's.
package enum EventField: UInt16, CaseIterable, Sendable {
    case eventName = 1
    case eventID = 2
    case timestampMicros = 3
    case receivedMicros = 4
    case site = 5
    case source = 6
    case client = 7
    case clientID = 8
    case userID = 9
    case sessionID = 10
    case sessionNumber = 11
    case engagementTimeMsec = 12
    case pageLocation = 13
    case pageReferrer = 14
    case pageTitle = 15
    case pageHostname = 16
    case pagePath = 17
    case language = 18
    case screenResolution = 19
    case viewportSize = 20
    case ipOverride = 21
    case userAgent = 22
    case geoCountry = 23
    case geoRegion = 24
    case geoCity = 25
    case currency = 26
    case transactionID = 27
    case coupon = 28
    case value = 29
    case tax = 30
    case shipping = 31
    /// Who said what `consent` holds: `gcd`, `gcs`, `event` or `default`.
    case consentOrigin = 32
    /// The country a phone number without one was read with, when the site's default had to be assumed.
    case assumedCountry = 33
    /// How much speaks for a bot, 0 to 100; every event that the relay normalises has one.
    case botScore = 34
    /// What speaks for it: `BotReason` words with commas between them; absent when nothing does.
    case botReasons = 35

    /// The name in the canonical JSON and in configuration conditions.
    package var name: String { EventField.names[Int(rawValue)] }

    /// How the field's value is kept.
    package var kind: FieldKind {
        switch self {
        case .timestampMicros, .receivedMicros: .integer
        case .sessionNumber, .engagementTimeMsec, .value, .tax, .shipping, .botScore: .number
        default: .text
        }
    }

    /// The field with that canonical name.
    package static func named(_ name: String) -> EventField? { byName[name] }

    package static let slotCount = 36
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
    private static let names = [
        "", "event_name", "event_id", "timestamp_micros", "received_micros", "site", "source", "client", "client_id",
        "user_id", "session_id", "session_number", "engagement_time_msec", "page_location", "page_referrer",
        "page_title", "page_hostname", "page_path", "language", "screen_resolution", "viewport_size", "ip_override",
        "user_agent", "geo_country", "geo_region", "geo_city", "currency", "transaction_id", "coupon", "value", "tax",
        "shipping", "consent_origin", "assumed_country", "bot_score", "bot_reasons",
    ]
}

/// How a scalar is kept: text, a decimal number with its text, or a 64-bit integer.
package enum FieldKind: Sendable {
    case text
    case number
    case integer
}
