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
    case synthetic
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
        ("sst.syn", .synthetic), ("_uip", .ipOverride), ("em", .hashedUserData), ("eme", .withheld),
        ("emd", .withheld), ("ecsid", .withheld),
    ])

    /// `ep.` and `epn.` parameters that are fields of the event. gtag chooses the prefix by the value's JavaScript type
    /// alone, so both are read alike.
    static let eventParameters = KeyTable<GtagParameter>([
        ("event_id", .identifier(.eventID)), ("transaction_id", .identifier(.transactionID)),
        ("coupon", .text(.coupon)), ("value", .number(.value)), ("tax", .number(.tax)),
        ("shipping", .number(.shipping)),
    ])
}
