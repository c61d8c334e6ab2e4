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
        let event = incoming.event
        let name = event.string(.eventName) ?? ""
        var keys: [IdentityKey] = []
        if eventIDOrigin != .generated, let id = event.string(.eventID) {
            let isAgain = incoming.transmission.isConsentCopy && eventIDOrigin == .sender
            keys.append(IdentityKey(["event", site, name, id], window: .standard, role: isAgain ? .again : .both))
        }
        let transactionID = event.string(.transactionID)
        if name == "purchase", let transactionID {
            keys.append(IdentityKey(["purchase", site, transactionID], window: .purchase))
        }
        let isIdentified = eventIDOrigin == .sender || transactionID != nil
        if let key = pageLoadKey(incoming, site: site, name: name, isIdentified: isIdentified) { keys.append(key) }
        return keys
    }

    /// A hit that was sent again after consent and has no id is known by the page load, its name, the page, what was
    /// bought or looked at, and its value; ordinary hits only leave that mark, for a page may well send two alike.
    private static func pageLoadKey(_ incoming: IncomingEvent, site: String, name: String, isIdentified: Bool)
        -> IdentityKey?
    {
        let transmission = incoming.transmission
        guard !transmission.pageLoad.isEmpty, !isIdentified else { return nil }
        let event = incoming.event
        return IdentityKey(
            ["page", site, transmission.pageLoad, name, event.string(.pageLocation) ?? "", event.string(.value) ?? ""]
                + items(of: event),
            window: .standard,
            role: transmission.isConsentCopy ? .both : .mark
        )
    }

    private static func items(of event: Event) -> [String] {
        event.items.flatMap { item in
            item.values.sorted { $0.field.rawValue < $1.field.rawValue }.map {
                "\($0.field.name)=\(event.string($0.text))"
            }
        }
    }
}
