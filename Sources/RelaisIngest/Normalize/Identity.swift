internal import RelaisEvent

/// The identities by which copies of one logical event are recognised.
enum Identity {
    /// Where an event's id comes from.
    enum EventIDOrigin {
        case sender
        /// Made from what identifies the transmission: a request that is sent again makes the same.
        case transmission
        /// Made up: it identifies nothing.
        case generated
    }

    static func keys(of incoming: IncomingEvent, site: String, eventIDOrigin: EventIDOrigin) -> [IdentityKey] {
        var keys: [IdentityKey] = []
        if eventIDOrigin != .generated, incoming.event.has(.eventID) {
            let isAgain = incoming.transmission.isConsentCopy && eventIDOrigin == .sender
            let parts = parts("event", site, incoming.event, [.eventName, .eventID])
            keys.append(parts.key(window: .standard, role: isAgain ? .again : .both))
        }
        let hasTransaction = incoming.event.has(.transactionID)
        if hasTransaction, incoming.event.string(.eventName) == "purchase" {
            keys.append(parts("purchase", site, incoming.event, [.transactionID]).key(window: .purchase))
        }
        let isIdentified = eventIDOrigin == .sender || hasTransaction
        if let key = pageLoadKey(incoming, site: site, isIdentified: isIdentified) { keys.append(key) }
        return keys
    }

    private static func parts(_ kind: String, _ site: String, _ event: Event, _ fields: [EventField])
        -> IdentityKey.Builder
    {
        var parts = IdentityKey.Builder()
        parts.add(kind)
        parts.add(site)
        for field in fields { event.text(field).map { parts.add(event.bytes($0)) } ?? parts.add("") }
        return parts
    }

    /// A hit that was sent again after consent and has no id is known by the page load, its name, the page, what was
    /// bought or looked at, and its value; ordinary hits only leave that mark, for a page may well send two alike.
    private static func pageLoadKey(_ incoming: IncomingEvent, site: String, isIdentified: Bool) -> IdentityKey? {
        let transmission = incoming.transmission
        guard !transmission.pageLoad.isEmpty, !isIdentified else { return nil }
        var parts = IdentityKey.Builder()
        for text in ["page", site, transmission.pageLoad] { parts.add(text) }
        for field in [EventField.eventName, .pageLocation, .value] {
            incoming.event.text(field).map { parts.add(incoming.event.bytes($0)) } ?? parts.add("")
        }
        for item in items(of: incoming.event) { parts.add(item) }
        return parts.key(window: .standard, role: transmission.isConsentCopy ? .both : .mark)
    }

    private static func items(of event: Event) -> [String] {
        event.items.flatMap { item in
            item.values.sorted { $0.field.rawValue < $1.field.rawValue }.map {
                "\($0.field.name)=\(event.string($0.text))"
            }
        }
    }
}
