internal import RelaisEvent

/// The campaign that brought the visitor, under the names that GA4 gives its fields in gtag.js.
enum CampaignParameter {
    private static let names = KeyTable<String>([
        ("utm_source", "campaign_source"), ("utm_medium", "campaign_medium"), ("utm_campaign", "campaign_name"),
        ("utm_term", "campaign_term"), ("utm_content", "campaign_content"), ("utm_id", "campaign_id"),
    ])

    /// gtag's own, sent where the site's code names a campaign.
    private static let wireNames = KeyTable<String>([
        ("cs", "campaign_source"), ("cm", "campaign_medium"), ("cn", "campaign_name"), ("ck", "campaign_term"),
        ("cc", "campaign_content"), ("ci", "campaign_id"),
    ])

    /// Adds the campaign that a gtag hit names.
    static func readWire(of event: inout Event) {
        for parameter in event[.ga4] where parameter.key.length == 2 {
            guard parameter.text.length > 0,
                let field = event.bytes(parameter.key).withUnsafeBufferPointer({ wireNames[$0] })
            else { continue }
            let name = event.store(field)
            event.append(Parameter(key: name, type: .string, number: 0, text: parameter.text), to: .params)
        }
    }

    /// Adds the campaign in an address's query as parameters. An event that names a campaign of its own keeps that alone: a
    /// mixture of two would be a third.
    static func harvest(_ query: AddressQuery, into event: inout Event) {
        var found: [Parameter] = []
        query.forEach(where: { names[$0] != nil }) { name, value in
            guard let field = names[name], !found.contains(where: { event.bytes($0.key).elementsEqual(field.utf8) })
            else {
                return
            }
            let text = event.store(value)
            found.append(Parameter(key: event.store(field), type: .string, number: 0, text: text))
        }
        guard !found.isEmpty, !namesCampaign(event) else { return }
        for parameter in found { event.append(parameter, to: .params) }
    }

    private static func namesCampaign(_ event: Event) -> Bool {
        event[.params].contains { event.bytes($0.key).starts(with: "campaign_".utf8) }
    }
}
