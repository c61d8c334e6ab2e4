internal import RelaisEvent

extension SegmentEventReader {
    /// `context.consent`: consent as Relais' own events say it, or Segment's `categoryPreferences`, a boolean a category.
    mutating func readConsent() throws(JSONError) {
        guard try json.scanner.kind() == .object else {
            _ = try json.scanner.skipValue()
            return
        }
        let start = json.scanner
        var preferences: Range<Int>?
        try members { (reader, key) throws(JSONError) in
            let isPreferences = reader.json.scanner.bytes.slice(key.range).isEqual(to: "categoryPreferences")
            let value = try reader.json.scanner.skipValue()
            if isPreferences { preferences = value }
        }
        let end = json.scanner
        if let preferences {
            json.scanner.restart(at: preferences.lowerBound)
            try readPreferences()
        } else {
            json.scanner = start
            try json.readConsent()
        }
        json.scanner = end
    }

    private mutating func readPreferences() throws(JSONError) {
        var categories = ConsentCategories()
        try members { (reader, key) throws(JSONError) in
            guard try reader.json.scanner.kind() == .bool else {
                _ = try reader.json.scanner.skipValue()
                return
            }
            categories.add(reader.json.string(key), isGranted: try reader.json.scanner.bool())
        }
        take(categories)
    }

    /// `context.consentManagement` of RudderStack: `allowedConsentIds` and `deniedConsentIds`, arrays of categories.
    mutating func readConsentManagement() throws(JSONError) {
        var categories = ConsentCategories()
        try members { (reader, key) throws(JSONError) in
            let name = reader.json.scanner.bytes.slice(key.range)
            let isAllowed = name.isEqual(to: "allowedConsentIds")
            guard isAllowed || name.isEqual(to: "deniedConsentIds"), try reader.json.scanner.kind() == .array else {
                _ = try reader.json.scanner.skipValue()
                return
            }
            try reader.json.scanner.beginArray()
            var first = true
            while try reader.json.scanner.nextElement(first: &first) {
                guard try reader.json.scanner.kind() == .string else {
                    _ = try reader.json.scanner.skipValue()
                    continue
                }
                let category = reader.json.string(try reader.json.scanner.string())
                categories.add(category, isGranted: isAllowed)
            }
        }
        take(categories)
    }

    private mutating func take(_ categories: ConsentCategories) {
        categories.apply(to: &json.event.consent)
        if !json.event.consent.isUnset { json.event.set(.consentOrigin, "event") }
    }
}
