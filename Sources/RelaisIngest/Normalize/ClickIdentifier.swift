internal import RelaisEvent

/// Ids that ad platforms append to landing pages.
enum ClickIdentifier {
    private static let names = KeyTable<Void>(
        [
            "gclid", "gbraid", "wbraid", "dclid", "gclsrc", "gad_source", "gad_campaignid", "fbclid", "ttclid",
            "msclkid",
            "li_fat_id", "twclid", "yclid", "rdt_cid", "epik", "ScCid",
        ].map { ($0, ()) }
    )

    /// Adds the click ids of an address's query that the event does not have; of one given twice the first counts.
    static func harvest(_ query: AddressQuery, into event: inout Event) {
        query.forEach(where: { names[$0] != nil }) { name, value in
            let name = name.string
            guard event.parameter(name, in: .clickIDs) == nil else { return }
            let text = event.store(value)
            event.append(Parameter(key: event.store(name), type: .string, number: 0, text: text), to: .clickIDs)
        }
    }
}
