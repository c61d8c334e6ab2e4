/// What a client decoded from one request: an event that is not yet normalised, with its raw user data beside it.
package struct IncomingEvent: Sendable {
    package var event: Event
    package var userData: RawUserData
    /// Which logical event this transmission is a copy of, as far as the protocol tells.
    package var transmission: Transmission
    /// The destinations that the sender switched off for this event; they matter to its plan only.
    package var integrations = IntegrationSwitches()

    package init(event: Event, userData: RawUserData = RawUserData(), transmission: Transmission = Transmission()) {
        self.event = event
        self.userData = userData
        self.transmission = transmission
    }
}

/// What the wire says about the transmission itself, for identities of logical events.
package struct Transmission: Sendable {
    /// gtag's page load: `tid`, `cid`, `_p` joined; empty for other protocols.
    package var pageLoad: String
    /// The hit within its page load: `_s` and the line of the batch; empty for other protocols.
    package var hit: String
    /// gtag's `gcu=1` on an event that the site itself sent (not `sst.syn=1`): a copy sent after consent was given.
    package var isConsentCopy: Bool
    /// Microseconds that the sender held the event back before it sent it, as it says itself; 0 for none.
    package var heldMicros: Int64 = 0

    package init(pageLoad: String = "", hit: String = "", isConsentCopy: Bool = false) {
        self.pageLoad = pageLoad
        self.hit = hit
        self.isConsentCopy = isConsentCopy
    }
}

/// Why one event of a request was refused: a JSON pointer to the place, and a sentence for the sender.
package struct EventRejection: Error, Sendable, Equatable {
    /// For instance `/items/0/price`; empty when the whole event is meant.
    package var pointer: String
    package var reason: String

    package init(pointer: String, reason: String) {
        self.pointer = pointer
        self.reason = reason
    }
}
