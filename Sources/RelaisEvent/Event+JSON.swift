extension Event {
    /// The event in the canonical JSON vocabulary: one object, absent fields left out.
    package func json() -> String {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }

    /// Writes the event as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeScalars(&writer)
        writeItems(&writer)
        writeUserData(&writer)
        writeConsent(&writer)
        for list in ParameterList.allCases where list != .ga4 && !self[list].isEmpty {
            writer.key(list.name)
            writer.beginObject()
            write(self[list], &writer)
            writer.endObject()
        }
        writeWire(&writer)
        writer.endObject()
    }

    private func writeScalars(_ writer: inout JSONWriter) {
        for field in EventField.allCases where has(field) && field != .consentOrigin { write(field, &writer) }
    }

    /// Writes a field that the event has, name and value.
    package func write(_ field: EventField, _ writer: inout JSONWriter) {
        writer.key(field.name)
        switch field.kind {
        case .integer: writer.integer(integer(field) ?? 0)
        case .number: text(field).map { writer.raw(bytes($0)) }
        case .text: text(field).map { writer.string(bytes($0)) }
        }
    }

    package func writeItems(_ writer: inout JSONWriter) {
        guard !items.isEmpty else { return }
        writer.key("items")
        writer.beginArray()
        for item in items {
            writer.beginObject()
            for value in item.values {
                writer.key(value.field.name)
                value.field.kind == .number
                    ? writer.raw(bytes(value.text)) : writer.string(bytes(value.text))
            }
            write(item.params, &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeUserData(_ writer: inout JSONWriter) {
        guard !userData.isEmpty else { return }
        writer.key("user_data")
        writer.beginArray()
        for identifier in userData {
            writer.beginObject()
            writer.key("kind")
            writer.string(identifier.kind.rawValue)
            writer.key("recipe")
            writer.string(identifier.recipe)
            writer.key("value")
            writer.string(identifier.value)
            if identifier.group > 0 {
                writer.key("group")
                writer.integer(identifier.group)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    package func writeConsent(_ writer: inout JSONWriter) {
        guard !consent.isUnset else { return }
        writer.key("consent")
        writer.beginObject()
        for purpose in ConsentPurpose.allCases where consent[purpose] != .unset {
            writer.key(purpose.name)
            writer.string(consent[purpose].name)
        }
        if !consent.vendors.isEmpty {
            writer.key("vendors")
            writer.beginObject()
            for vendor in consent.vendors {
                writer.key(vendor.name)
                writer.string(vendor.state.name)
            }
            writer.endObject()
        }
        if let origin = string(.consentOrigin) {
            writer.key("origin")
            writer.string(origin)
        }
        writer.endObject()
    }

    package func write(_ parameters: [Parameter], _ writer: inout JSONWriter) {
        for parameter in parameters {
            writer.key(bytes(parameter.key))
            switch parameter.type {
            case .string: writer.string(bytes(parameter.text))
            case .number, .bool, .json: writer.raw(bytes(parameter.text))
            }
        }
    }

    /// Pairs, because the wire repeats keys and its order is kept.
    private func writeWire(_ writer: inout JSONWriter) {
        guard !self[.ga4].isEmpty else { return }
        writer.key(ParameterList.ga4.name)
        writer.beginArray()
        for parameter in self[.ga4] {
            writer.beginArray()
            writer.string(bytes(parameter.key))
            writer.string(bytes(parameter.text))
            writer.endArray()
        }
        writer.endArray()
    }
}
