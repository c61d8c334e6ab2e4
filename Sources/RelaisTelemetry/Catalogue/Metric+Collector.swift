extension Metric {
    package static let requests = Metric(
        "relais_collector_requests_total",
        .counter,
        labels: [.code],
        "Requests that the collector answered, by HTTP status; probes and preflights too."
    )

    package static let requestsRefused = Metric(
        "relais_collector_requests_refused_total",
        .counter,
        labels: [.reason],
        "Requests of which no event was looked at: malformed, unauthorized, forbidden, not_found, too_large, "
            + "rate_limited, dropped (pings of Google's tags that carry no event)."
    )

    package static let requestDuration = Metric(
        "relais_collector_request_duration_seconds",
        .histogram(
            .microseconds([
                250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
            ])
        ),
        "From a request's last byte to its answer, for requests that brought events; the wait for the disk included."
    )

    package static let connections = Metric(
        "relais_collector_connections",
        .gauge,
        "Connections to the collector that are open."
    )

    package static let ready = Metric(
        "relais_ready",
        .gauge,
        "1 while /readyz answers 200: events are accepted."
    )

    package static let eventsAccepted = Metric(
        "relais_events_accepted_total",
        .counter,
        labels: [.site, .source, .client],
        "Events answered as accepted: they are on disk. Stubs are among them, duplicates are not."
    )

    package static let eventsStub = Metric(
        "relais_events_stub_total",
        .counter,
        labels: [.site, .source, .client],
        "Accepted events that no destination may have: only name, time, site, source and the reasons are kept."
    )

    package static let eventsDuplicate = Metric(
        "relais_events_duplicate_total",
        .counter,
        labels: [.site, .source, .client],
        "Events of which every entitled destination has had an earlier copy."
    )

    package static let eventsRejected = Metric(
        "relais_events_rejected_total",
        .counter,
        labels: [.reason],
        "Events that were not taken, in requests that were read: malformed, measurement_id (not one of the site's), "
            + "log_unavailable and log_overloaded (answered 503, to be sent again)."
    )

    package static let eventsEntitled = Metric(
        "relais_events_entitled_total",
        .counter,
        labels: [.destination],
        "Stored events whose plan gives them to the destination."
    )

    package static let eventsNotSent = Metric(
        "relais_events_not_sent_total",
        .counter,
        labels: [.destination, .reason],
        "Stored events whose plan keeps them from the destination, by the plan's reason (docs/receipts.md), for instance "
            + "consent_denied, consent_unset, not_mapped, duplicate, consent_update_copy."
    )

    package static let matchEvents = Metric(
        "relais_match_events_total",
        .counter,
        labels: [.destination],
        "Stored events that the destination was entitled to with user data: what the shares of "
            + "relais_match_identifiers_total are of."
    )

    package static let matchWithheld = Metric(
        "relais_match_withheld_events_total",
        .counter,
        labels: [.destination],
        "Stored events that the destination was entitled to without user data: a purpose that it needs is not granted."
    )

    package static let matchIdentifiers = Metric(
        "relais_match_identifiers_total",
        .counter,
        labels: [.destination, .identifier, .state],
        "Of those events, how many had the identifier in a form that the plugin takes (present), or had one that could "
            + "not be used (malformed, no_country, hashed_in_other_form, not_a_hash). The rest had none."
    )

    package static let botEvents = Metric(
        "relais_bot_events_total",
        .counter,
        labels: [.reason],
        "Stored events of which that speaks for a bot (docs/enrichment.md); an event may have several reasons, and is "
            + "delivered unless its plan says otherwise."
    )

    package static let botEventsDropped = Metric(
        "relais_bot_events_dropped_total",
        .counter,
        "Stored stubs of events whose bot score is above bots.drop_above."
    )

    static let collector = [
        requests, requestsRefused, requestDuration, connections, ready, eventsAccepted, eventsStub, eventsDuplicate,
        eventsRejected, eventsEntitled, eventsNotSent, matchEvents, matchWithheld, matchIdentifiers, botEvents,
        botEventsDropped,
    ]
}
