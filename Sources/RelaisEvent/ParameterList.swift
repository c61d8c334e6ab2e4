/// A list of named values in the event. The raw value is its key in the record.
package enum ParameterList: UInt16, CaseIterable, Sendable {
    /// What the sender gave and no canonical field holds.
    case params = 128
    case userProperties = 129
    case clickIDs = 130
    case cookies = 131
    /// Client-hint request headers, name in lower case.
    case clientHints = 132
    /// The gtag wire's parameters, in order, repeats kept, personal data removed.
    case ga4 = 133

    /// The name in the canonical JSON.
    package var name: String {
        switch self {
        case .params: "params"
        case .userProperties: "user_properties"
        case .clickIDs: "click_ids"
        case .cookies: "cookies"
        case .clientHints: "client_hints"
        case .ga4: "ga4"
        }
    }

    package static let count = 6
    package var index: Int { Int(rawValue) - 128 }
}

/// Keys of the record that hold neither a scalar nor a parameter list.
package enum RecordKey {
    package static let items: UInt16 = 140
    package static let userData: UInt16 = 141
    package static let consent: UInt16 = 142
}
