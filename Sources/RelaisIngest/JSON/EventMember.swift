internal import RelaisEvent

/// What a member of the canonical event's JSON is read as; every other member is a parameter.
enum EventMember: Sendable {
    case text(EventField)
    /// Text whose placeholders count as absent; whole numbers are taken as their digits.
    case identifier(EventField)
    case name
    case number(EventField)
    case timestamp
    /// How long a browser held the event back: whole milliseconds.
    case age
    case currency
    case list(ParameterList)
    case items
    case userData
    case consent
    /// Server containers' `ga_session_id` and `ga_session_number`: kept as parameters, and read when they can be.
    case googleSession(EventField)

    static let table = KeyTable<EventMember>(
        [
            ("event_name", .name), ("timestamp_micros", .timestamp), ("age_msec", .age), ("currency", .currency),
            ("items", .items),
            ("user_data", .userData), ("consent", .consent), ("params", .list(.params)),
            ("user_properties", .list(.userProperties)), ("click_ids", .list(.clickIDs)), ("cookies", .list(.cookies)),
            ("client_hints", .list(.clientHints)), ("ga_session_id", .googleSession(.sessionID)),
            ("ga_session_number", .googleSession(.sessionNumber)),
        ]
            + texts.map { ($0.name, .text($0)) } + identifiers.map { ($0.name, .identifier($0)) }
            + numbers.map { ($0.name, .number($0)) }
    )

    private static let texts: [EventField] = [
        .pageLocation, .pageReferrer, .pageTitle, .pageHostname, .pagePath, .language, .screenResolution,
        .viewportSize, .ipOverride, .userAgent, .coupon,
        .geoCountry, .geoRegion, .geoCity,
    ]
    private static let identifiers: [EventField] = [.eventID, .clientID, .userID, .sessionID, .transactionID]
    private static let numbers: [EventField] = [.sessionNumber, .engagementTimeMsec, .value, .tax, .shipping]
}
