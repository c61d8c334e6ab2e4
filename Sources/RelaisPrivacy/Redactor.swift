package import RelaisEvent

/// Removes raw personal data from what senders put where it does not belong: e-mail addresses in URLs and free texts, and
/// parameters that are personal by their name. Ids that are e-mail addresses become a hash, so that they still tell
/// visitors and orders apart.
package enum Redactor {
    /// What replaces an e-mail address in a text or URL.
    package static let replacement = "redacted"

    package static func redact(_ event: inout Event) {
        dropPersonalParameters(&event)
        event.consent.vendors.removeAll { redact($0.name) != $0.name }
        guard mayHoldEmail(event.arena) else { return }
        for field in EventField.allCases where field.kind == .text { redact(field, &event) }
        for list in ParameterList.allCases where !event[list].isEmpty {
            let parameters = event[list]
            event[list] = parameters.map { list == .ga4 ? redactedWire($0, &event) : redacted($0, &event) }
        }
        for index in event.items.indices { redactItem(index, &event) }
    }

    /// The text without e-mail addresses.
    package static func redact(_ text: String) -> String {
        guard let bytes = redacted(Array(text.utf8)[...]) else { return text }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Personal by name

    private static func dropPersonalParameters(_ event: inout Event) {
        for list in [ParameterList.params, .userProperties] where !event[list].isEmpty {
            event[list] = withoutPersonal(event[list], &event)
        }
        dropFromWire(&event)
        for index in event.items.indices where !event.items[index].params.isEmpty {
            event.items[index].params = withoutPersonal(event.items[index].params, &event)
        }
    }

    private static func withoutPersonal(_ parameters: [Parameter], _ event: inout Event) -> [Parameter] {
        var kept: [Parameter] = []
        kept.reserveCapacity(parameters.count)
        for var parameter in parameters where !PersonalFields.contains(event.bytes(parameter.key)) {
            if parameter.type == .json, let json = JSONRedactor.redact(event.bytes(parameter.text)) {
                parameter.text = event.store(json)
            }
            kept.append(parameter)
        }
        return kept
    }

    /// On gtag's wire a parameter's name follows `ep.`, `epn.`, `up.` or `upn.`.
    private static func dropFromWire(_ event: inout Event) {
        guard !event[.ga4].isEmpty else { return }
        let current = event
        event[.ga4] = current[.ga4].filter { parameter in
            let key = current.bytes(parameter.key)
            guard let dot = key.prefix(4).firstIndex(of: UInt8(ascii: ".")),
                [UInt8(ascii: "e"), UInt8(ascii: "u")].contains(key[key.startIndex])
            else { return true }
            return !PersonalFields.contains(key[(dot + 1)...])
        }
    }

    // MARK: E-mail addresses

    private static let identifiers: Set<EventField> = [.eventID, .transactionID, .clientID, .userID, .sessionID]

    private static func redact(_ field: EventField, _ event: inout Event) {
        guard let range = event.text(field) else { return }
        let text = event.bytes(range)
        guard let redacted = redacted(text) else { return }
        if identifiers.contains(field) {
            event.set(field, UserDataHasher.sha256(String(decoding: text, as: UTF8.self)))
        } else {
            event.set(field, text: event.store(redacted))
        }
    }

    /// Ids of gtag's wire, which is forwarded as it is.
    private static let wireIdentifiers: Set<[UInt8]> = Set(
        [
            "cid", "uid", "sid", "ep.event_id", "epn.event_id", "ep.transaction_id", "epn.transaction_id",
        ].map { Array($0.utf8) }
    )

    private static func redactedWire(_ parameter: Parameter, _ event: inout Event) -> Parameter {
        guard wireIdentifiers.contains(Array(event.bytes(parameter.key))) else { return redacted(parameter, &event) }
        guard redacted(event.bytes(parameter.text)) != nil else { return parameter }
        var result = parameter
        result.text = event.store(UserDataHasher.sha256(event.string(parameter.text)))
        return result
    }

    private static func redacted(_ parameter: Parameter, _ event: inout Event) -> Parameter {
        var result = parameter
        if let key = redacted(event.bytes(parameter.key)) { result.key = event.store(key) }
        if let text = redacted(event.bytes(parameter.text)) { result.text = event.store(text) }
        return result
    }

    private static func redactItem(_ index: Int, _ event: inout Event) {
        var item = event.items[index]
        for position in item.values.indices {
            if let text = redacted(event.bytes(item.values[position].text)) {
                item.values[position].text = event.store(text)
            }
        }
        for position in item.params.indices { item.params[position] = redacted(item.params[position], &event) }
        event.items[index] = item
    }

    private static func redacted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let ranges = EmailFinder.ranges(in: text)
        guard !ranges.isEmpty else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var copied = text.startIndex
        for range in ranges {
            output += text[copied..<range.lowerBound]
            output += replacement.utf8
            copied = range.upperBound
        }
        return output + text[copied...]
    }

    /// One pass over the arena spares nearly every event the search field by field.
    private static func mayHoldEmail(_ arena: [UInt8]) -> Bool {
        arena.withUnsafeBufferPointer { bytes in
            for index in bytes.indices {
                if bytes[index] == UInt8(ascii: "@") { return true }
                if bytes[index] == UInt8(ascii: "4"), index > 0,
                    bytes[index - 1] == UInt8(ascii: "%")
                        || bytes[index - 1] == UInt8(ascii: "0") || bytes[index - 1] == UInt8(ascii: "5")
                {
                    if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "0") { return true }
                }
            }
            return false
        }
    }
}
