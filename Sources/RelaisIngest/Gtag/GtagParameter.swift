internal import RelaisEvent

/// What a parameter of the gtag wire is read as; every other one is only kept on the wire. Names and meanings were read
/// in gtag.js builds of 2025 and 2026.
enum GtagParameter: Sendable {
    case name
    case text(EventField)
    case identifier(EventField)
    case number(EventField)
    case currency
    case measurementID
    case pageLoad
    case hit
    case consentDigest
    case consentStates
    case consentUpdate
    /// `npa`: whether personalised advertising is off.
    case unpersonalized
    case synthetic
    /// `ur`: country, or country and region.
    case region
    /// `tt`: `internal` and the like; the parameter `traffic_type`.
    case trafficType
    /// A client hint whose value is a text, a flag, or the list of versions; with its header's name.
    case hint(StaticString)
    case flagHint(StaticString)
    case versionsHint(StaticString)
    case ipOverride
    /// `em`: user data that the browser hashed.
    case hashedUserData
    /// `eme`, `emd`, `ecsid`: companions of `em`.
    case withheld

    static let table = KeyTable<GtagParameter>([
        ("en", .name), ("dl", .text(.pageLocation)), ("dr", .text(.pageReferrer)), ("dt", .text(.pageTitle)),
        ("dp", .text(.pagePath)), ("dh", .text(.pageHostname)), ("ul", .text(.language)),
        ("sr", .text(.screenResolution)), ("vp", .text(.viewportSize)), ("cid", .identifier(.clientID)),
        ("uid", .identifier(.userID)), ("sid", .identifier(.sessionID)), ("sct", .number(.sessionNumber)),
        ("_et", .number(.engagementTimeMsec)), ("cu", .currency), ("tid", .measurementID), ("_p", .pageLoad),
        ("_s", .hit), ("gcd", .consentDigest), ("gcs", .consentStates), ("gcu", .consentUpdate),
        ("npa", .unpersonalized), ("sst.syn", .synthetic), ("ur", .region), ("tt", .trafficType),
        ("uaa", .hint("sec-ch-ua-arch")), ("uab", .hint("sec-ch-ua-bitness")), ("uam", .hint("sec-ch-ua-model")),
        ("uap", .hint("sec-ch-ua-platform")), ("uapv", .hint("sec-ch-ua-platform-version")),
        ("uamb", .flagHint("sec-ch-ua-mobile")), ("uaw", .flagHint("sec-ch-ua-wow64")),
        ("uafvl", .versionsHint("sec-ch-ua-full-version-list")), ("_uip", .ipOverride), ("em", .hashedUserData),
        ("eme", .withheld),
        ("emd", .withheld), ("ecsid", .withheld),
    ])

    /// `ep.` and `epn.` parameters that are fields of the event. gtag chooses the prefix by the value's JavaScript type
    /// alone, so both are read alike.
    static let eventParameters = KeyTable<GtagParameter>([
        ("event_id", .identifier(.eventID)), ("transaction_id", .identifier(.transactionID)),
        ("coupon", .text(.coupon)), ("value", .number(.value)), ("tax", .number(.tax)),
        ("shipping", .number(.shipping)), ("currency", .currency),
    ])
}
