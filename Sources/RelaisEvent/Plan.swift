/// Which destinations are entitled to an event, and why the others are not. Computed once, at ingest, and stored beside
/// the event; destinations appear in the configuration's order.
package struct Plan: Sendable, Equatable {
    package var decisions: [Decision] = []
    /// What the answer has the browser request itself, of the rules whose conditions hold, in the configuration's order.
    package var browserRequests: [BrowserRequest] = []
    /// When this event is a later copy of a logical event: the `seq` of the latest copy before it.
    package var copyOf: UInt64?
    /// The `seq` of another logical event with the same `event_id`: it is of another order or visitor, so this is no copy
    /// of it.
    package var sharesIDWith: UInt64?

    package init(decisions: [Decision] = [], copyOf: UInt64? = nil, sharesIDWith: UInt64? = nil) {
        self.decisions = decisions
        self.copyOf = copyOf
        self.sharesIDWith = sharesIDWith
    }

    /// True when some destination is to get the event.
    package var isEntitledSomewhere: Bool { decisions.contains { $0.isEntitled } }

    /// True when the answer has something to say to the browser.
    package var tellsBrowser: Bool { browserRequests.contains { $0.decision.isEntitled } }

    /// True when destinations are to get the event, but none more of it than a ping.
    package var isForPingsOnly: Bool {
        isEntitledSomewhere && decisions.allSatisfy { !$0.isEntitled || $0.ping != nil }
    }

    /// The decision for a destination, nil when it was not configured then.
    package func decision(for destination: String) -> Decision? {
        decisions.first { $0.destination == destination }
    }
}

/// What the plan says of one destination.
package struct Decision: Sendable, Equatable {
    package enum Outcome: UInt8, Sendable {
        /// The destination gets this copy.
        case entitled = 0
        /// It does not: see `reason`.
        case refused = 1
        /// An earlier copy of the logical event was its.
        case hadEarlierCopy = 2
    }

    package var destination: String
    package var outcome: Outcome
    /// A stable word, for instance `consent_denied` or `not_in_events`; empty when entitled without remark.
    package var reason: String
    /// A sentence for people: which purpose, which condition, which default.
    package var detail: String
    /// The vendor's event name that `events: {…: {as: …}}` asks for.
    package var sendAs: String?
    /// User data is withheld, because a purpose it needs is not granted.
    package var withholdsUserData: Bool
    /// It gets a ping and no more: what counts as granted there. nil: the event itself.
    package var ping: PingConsent?

    package init(
        destination: String,
        outcome: Outcome,
        reason: String = "",
        detail: String = "",
        sendAs: String? = nil,
        withholdsUserData: Bool = false,
        ping: PingConsent? = nil
    ) {
        self.destination = destination
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.sendAs = sendAs
        self.withholdsUserData = withholdsUserData
        self.ping = ping
    }

    package var isEntitled: Bool { outcome == .entitled }
}
