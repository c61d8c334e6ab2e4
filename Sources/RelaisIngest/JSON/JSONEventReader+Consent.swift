internal import RelaisEvent

extension JSONEventReader {
    /// `{"ad_storage": "granted", …, "vendors": {"meta": "denied"}}`, or the purposes in an object `purposes`. An
    /// unknown purpose is an error: a misspelt refusal must not pass for none.
    mutating func readConsent() throws(JSONError) {
        try readConsentObject { (reader, key) throws(JSONError) in
            let bytes = reader.scanner.bytes.slice(key.range)
            if bytes.isEqual(to: "vendors") {
                try reader.readConsentObject { (reader, key) throws(JSONError) in try reader.readVendor(key) }
            } else if bytes.isEqual(to: "purposes") {
                try reader.readConsentObject { (reader, key) throws(JSONError) in try reader.readPurpose(key) }
            } else if bytes.isEqual(to: "origin") {
                _ = try reader.scanner.skipValue()
            } else {
                try reader.readPurpose(key)
            }
        }
        if !event.consent.isUnset { event.set(.consentOrigin, "event") }
    }

    private mutating func readConsentObject(
        _ member: (inout JSONEventReader, JSONText) throws(JSONError) -> Void
    ) throws(JSONError) {
        switch try scanner.kind() {
        case .null: return try scanner.null()
        case .object: try scanner.beginObject()
        default: throw try unexpected("an object such as {\"ad_storage\": \"granted\"}")
        }
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) { try member(&self, key) } catch { throw error.inside(string(key)) }
        }
    }

    private mutating func readPurpose(_ key: JSONText) throws(JSONError) {
        guard let (_, purpose) = lookup(key, in: ConsentNames.purposes) else {
            throw .value(
                "this is no purpose; the purposes are ad_storage, analytics_storage, ad_user_data, ad_personalization, "
                    + "functionality_storage, personalization_storage and security_storage; vendors go under \"vendors\""
            )
        }
        let state = try consentState()
        guard event.consent[purpose] == .unset else { throw .value(Self.repeated) }
        event.consent[purpose] = state
    }

    private mutating func readVendor(_ key: JSONText) throws(JSONError) {
        let name = string(key)
        guard !name.isEmpty, key.range.count <= 64 else { throw .value("a vendor's name has 1 to 64 bytes") }
        guard event.consent.vendors.count < 64 else { throw .value("more than 64 vendors") }
        guard !event.consent.vendors.contains(where: { $0.name == name }) else { throw .value(Self.repeated) }
        let state = try consentState()
        if state != .unset { event.consent.vendors.append(Consent.Vendor(name: name, state: state)) }
    }

    private mutating func consentState() throws(JSONError) -> ConsentState {
        if try scanner.kind() == .null {
            try scanner.null()
            return .unset
        }
        let expected = "\"granted\" or \"denied\" (or \"pending\", \"unset\")"
        guard try scanner.kind() == .string else { throw try unexpected(expected) }
        let text = try scanner.string()
        guard let (_, state) = lookup(text, in: ConsentNames.states) else {
            throw .value("\(expected) is expected here")
        }
        return state
    }
}

enum ConsentNames {
    static let purposes = KeyTable<ConsentPurpose>(ConsentPurpose.allCases.map { ($0.name, $0) })
    /// In lower case, and as the Measurement Protocol writes them.
    static let states = KeyTable<ConsentState>(
        ConsentState.allCases.flatMap { [($0.name, $0), ($0.name.uppercased(), $0)] }
    )
}
