internal import RelaisEvent

/// Ids that ad platforms append to landing pages.
enum ClickIdentifier {
    private static let names = KeyTable<Void>(
        [
            "gclid", "gbraid", "wbraid", "dclid", "fbclid", "ttclid", "msclkid", "li_fat_id", "twclid", "yclid",
            "rdt_cid", "epik", "ScCid",
        ].map { ($0, ()) }
    )
    private static let maximumBytes = 2048

    /// Adds the click ids of an address's query that the event does not have; of one given twice the first counts.
    static func harvest(_ query: Bytes, into event: inout Event) {
        for pair in query.split(separator: UInt8(ascii: "&"), maxSplits: 199) {
            let pair = Bytes(rebasing: pair)
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = pair.slice(0..<equals)
            let value = pair.dropPrefix(equals + 1)
            guard names[key] != nil, value.count <= maximumBytes else { continue }
            let decoded = PercentText.decode(value)
            guard decoded.withUnsafeBufferPointer({ !$0.isPlaceholder && UTF8Check.isValid($0) }) else { continue }
            let name = key.string
            guard event.parameter(name, in: .clickIDs) == nil else { continue }
            let text = event.store(decoded)
            event.append(Parameter(key: event.store(name), type: .string, number: 0, text: text), to: .clickIDs)
        }
    }
}
