internal import RelaisEvent

/// The parts of a Measurement Protocol body.
extension JSONEventReader {
    /// `{"name", "params", "timestamp_micros"}`; a time here outweighs the body's.
    mutating func readMeasurementEvent() throws(JSONError) -> IncomingEvent {
        try readObject("an event, which is an object,") { (reader, key) throws(JSONError) in
            let name = reader.scanner.bytes.slice(key.range)
            if name.isEqual(to: "name") {
                try reader.readMeasurementName()
            } else if name.isEqual(to: "params") {
                try reader.readObject("an object of names and values") { (reader, key) throws(JSONError) in
                    try reader.readMeasurementParam(key)
                }
            } else if name.isEqual(to: "timestamp_micros") {
                try reader.readTimestamp()
            } else {
                _ = try reader.scanner.skipValue()
            }
        }
        guard event.has(.eventName) else {
            throw JSONError.value("an event needs a name, such as \"purchase\"").inside("name")
        }
        return try finish()
    }

    private mutating func readMeasurementName() throws(JSONError) {
        try readName()
        guard let name = event.string(.eventName), MeasurementProtocolRules.isReserved(event: name) else { return }
        throw .value("Google keeps this name for itself; the tag in the browser makes such events")
    }

    /// What is a field of the event by its name, else a parameter.
    private mutating func readMeasurementParam(_ key: JSONText) throws(JSONError) {
        if lookup(key, in: MeasurementProtocolParams.fields) != nil { return try readMember(key) }
        // GA4 takes the mere presence of debug_mode for true.
        if string(key) == "debug_mode", try isOff() { return }
        try readParameter(key, .params)
    }

    /// Consumes the value only when it says no.
    private mutating func isOff() throws(JSONError) -> Bool {
        var ahead = scanner
        let value = ahead.bytes.slice(try ahead.skipValue())
        let isOff = value.isEqual(to: "false") || value.isEqual(to: "0") || value.isEqual(to: "\"false\"")
        if isOff { scanner = ahead }
        return isOff
    }

    // MARK: What is said once

    /// `{"plan": {"value": "gold", "timestamp_micros": …}}`. A property with a time of its own is kept as that object, with
    /// these two members alone.
    mutating func readMeasurementProperties() throws(JSONError) {
        try readObject("an object such as {\"plan\": {\"value\": \"gold\"}}") { (reader, key) throws(JSONError) in
            guard try reader.scanner.kind() == .object else { return try reader.readParameter(key, .userProperties) }
            var ahead = reader.scanner
            let property = reader.scanner.bytes.slice(try ahead.skipValue())
            let members = try JSONPlace(checking: property, maximumDepth: reader.limits.depth).members
            guard let value = members["value"], [.string, .number, .bool].contains(value.kind) else {
                throw .value("a user property is an object with a value: {\"value\": \"gold\"}")
            }
            if let time = members["timestamp_micros"], value.range.count <= reader.limits.textBytes {
                try reader.keepProperty(key, property.slice(value.range), time)
            } else {
                var inside = reader
                inside.scanner.restart(at: ahead.position - property.count + value.range.lowerBound)
                try inside.readParameter(key, .userProperties)
                reader = inside
            }
            reader.scanner = ahead
        }
    }

    private mutating func keepProperty(_ key: JSONText, _ value: Bytes, _ time: JSONPlace) throws(JSONError) {
        try checkName(key)
        guard lookup(key, in: UserDataField.personalParameters) == nil else { return }
        guard let digits = time.scalar, digits.utf8.count == 16, digits.utf8.allSatisfy(\.isDigit) else {
            throw JSONError.value("microseconds since 1970 are expected here (16 digits)").inside("timestamp_micros")
        }
        let text = JSONEscape.simplified(value) ?? Array(value)
        let json = Array("{\"value\":".utf8) + text + Array(",\"timestamp_micros\":\(digits)}".utf8)
        let property = Parameter(key: store(key), type: .json, number: 0, text: event.store(json))
        try check(property, against: event[.userProperties])
        event.append(property, to: .userProperties)
    }

    mutating func readFlag() throws(JSONError) -> Bool {
        guard try scanner.kind() == .bool else { throw try unexpected("true or false") }
        return try scanner.bool()
    }

    /// Country, region and city; continents follow from the country.
    mutating func readLocation() throws(JSONError) {
        try readObject("an object such as {\"country_id\": \"FR\"}") { (reader, key) throws(JSONError) in
            let name = reader.scanner.bytes.slice(key.range)
            guard ["country_id", "region_id", "city"].contains(where: name.string.elementsEqual) else {
                return _ = try reader.scanner.skipValue()
            }
            let text = reader.string(try reader.boundedString(reader.limits.identifierBytes))
            switch name.string {
            case "city": reader.event.set(.geoCity, text)
            case "country_id": try reader.setCountry(text)
            default:
                let parts = text.split(separator: "-", maxSplits: 1)
                guard parts.count == 2 else { throw .value("a region is its ISO 3166-2 code, such as \"FR-IDF\"") }
                reader.event.set(.geoRegion, parts[1].uppercased())
                if !reader.event.has(.geoCountry) { try reader.setCountry(String(parts[0])) }
            }
        }
    }

    private mutating func setCountry(_ text: String) throws(JSONError) {
        guard text.utf8.count == 2, text.utf8.allSatisfy(\.isLetter) else {
            throw .value("a country is its ISO 3166-1 code of two letters, such as \"FR\"")
        }
        event.set(.geoCountry, text.uppercased())
    }

    /// Kept whole as the parameter `device`; language and screen are fields of the event as well.
    mutating func readDevice() throws(JSONError) {
        let start = scanner
        try readObject("an object such as {\"category\": \"mobile\"}") { (reader, key) throws(JSONError) in
            let text = try reader.boundedString(reader.limits.identifierBytes)
            guard !text.range.isEmpty else { return }
            let name = reader.scanner.bytes.slice(key.range)
            if name.isEqual(to: "language") { reader.event.set(.language, text: reader.store(text)) }
            if name.isEqual(to: "screen_resolution") { reader.event.set(.screenResolution, text: reader.store(text)) }
        }
        var whole = start
        let json = whole.bytes.slice(try whole.skipValue())
        let text = JSONEscape.simplified(json).map { event.store($0) } ?? event.store(json)
        params.append(Parameter(key: event.store("device"), type: .json, number: 0, text: text))
    }

    private mutating func readObject(
        _ expected: String,
        _ member: (inout JSONEventReader, JSONText) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try scanner.kind() == .object else { throw try unexpected(expected) }
        try scanner.beginObject()
        var first = true
        while let key = try scanner.nextKey(first: &first) {
            do throws(JSONError) { try member(&self, key) } catch { throw error.inside(string(key)) }
        }
    }
}

/// Parameters of Measurement Protocol events that are fields of the event.
enum MeasurementProtocolParams {
    static let names = [
        "event_id", "session_id", "session_number", "engagement_time_msec", "page_location", "page_referrer",
        "page_title", "page_hostname", "page_path", "language", "screen_resolution", "viewport_size", "currency",
        "value", "tax", "shipping", "coupon", "transaction_id", "items", "ga_session_id", "ga_session_number",
        "user_data", "click_ids", "cookies", "client_hints",
    ]
    static let fields = KeyTable<Void>(names.map { ($0, ()) })
}
