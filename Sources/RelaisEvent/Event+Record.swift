extension Event {
    /// The event as a record (see `RecordFormat`): one allocation, one copy of what is referred to.
    package func record() -> [UInt8] {
        arena.withUnsafeBytes { texts in
            var writer = RecordWriter(flags: flags.rawValue, arena: texts, capacity: texts.count + 1024)
            writeScalars(&writer)
            if !userData.isEmpty { writer.userData(userData) }
            writeConsent(&writer)
            for list in Self.everyList where !lists[list.index].isEmpty {
                writer.parameters(list.rawValue, lists[list.index])
            }
            if !items.isEmpty { writer.items(items) }
            return writer.finish()
        }
    }

    // `allCases` makes a new array each time.
    private static let everyField = EventField.allCases
    private static let fieldsOfStubs: [EventField] = [
        .eventName, .timestampMicros, .receivedMicros, .site, .source, .client,
    ]
    private static let everyList = ParameterList.allCases
    private static let everyPurpose = ConsentPurpose.allCases

    /// The record of what may be kept of an event that nobody is entitled to: its name, times, site, source and client.
    package func stubRecord() -> [UInt8] {
        arena.withUnsafeBytes { texts in
            var writer = RecordWriter(flags: Flags.stub.rawValue, arena: texts, capacity: 256)
            writeScalars(&writer, Self.fieldsOfStubs)
            return writer.finish()
        }
    }

    private func writeScalars(_ writer: inout RecordWriter, _ fields: [EventField] = Event.everyField) {
        for field in fields where slots[Int(field.rawValue)].present {
            let slot = slots[Int(field.rawValue)]
            switch field.kind {
            case .text: writer.text(field.rawValue, slot.text)
            case .number: writer.number(field.rawValue, slot.number, slot.text)
            case .integer: writer.integer(field.rawValue, slot.integer)
            }
        }
    }

    private func writeConsent(_ writer: inout RecordWriter) {
        guard !consent.isUnset else { return }
        var named: [(String, String)] = []
        for purpose in Self.everyPurpose where consent[purpose] != .unset {
            named.append((purpose.name, consent[purpose].name))
        }
        for vendor in consent.vendors { named.append(("vendors." + vendor.name, vendor.state.name)) }
        writer.texts(RecordKey.consent, named)
    }
}
