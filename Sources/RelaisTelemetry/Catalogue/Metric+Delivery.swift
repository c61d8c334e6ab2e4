extension Metric {
    package static let destinationState = Metric(
        "relais_destination_state",
        .gauge,
        labels: [.destination, .state],
        "1 for the state the destination is in, 0 for the others: active, holding, throttled, auth_stop, paused, failed."
    )

    package static let lag = Metric(
        "relais_destination_lag_events",
        .gauge,
        labels: [.destination],
        "Events of the log that the destination is not done with, those not looked at yet included."
    )

    package static let inFlight = Metric(
        "relais_destination_in_flight_events",
        .gauge,
        labels: [.destination],
        "Events in batches that are being encoded, sent or judged."
    )

    package static let retrying = Metric(
        "relais_destination_retrying_events",
        .gauge,
        labels: [.destination],
        "Single events that wait for another attempt by themselves."
    )

    package static let parked = Metric(
        "relais_destination_parked_events",
        .gauge,
        labels: [.destination],
        "Events that are parked: until the configuration changes or a slow probe succeeds."
    )

    package static let deadLetters = Metric(
        "relais_destination_dead_letters",
        .gauge,
        labels: [.destination],
        "Dead letters of the destination, those of earlier runs included."
    )

    package static let oldestWaiting = Metric(
        "relais_destination_oldest_waiting_seconds",
        .gauge,
        labels: [.destination],
        "Age of the oldest event that waits in order, since the relay accepted it; 0 when none waits. Without those that "
            + "are retried or parked by themselves."
    )

    package static let delivered = Metric(
        "relais_destination_delivered_events_total",
        .counter,
        labels: [.destination],
        "Events that the vendor said it took. Destinations whose vendor does not say have "
            + "relais_destination_sent_events_total in its place."
    )

    package static let sent = Metric(
        "relais_destination_sent_events_total",
        .counter,
        labels: [.destination],
        "Events that were sent and answered by a vendor whose answer does not say whether it took them (GA4)."
    )

    package static let dropped = Metric(
        "relais_destination_dropped_events_total",
        .counter,
        labels: [.destination, .reason],
        "Events in which the plugin found nothing to send."
    )

    package static let retried = Metric(
        "relais_destination_retried_events_total",
        .counter,
        labels: [.destination, .reason],
        "Attempts, counted in events, after which the event waits for another one."
    )

    package static let throttled = Metric(
        "relais_destination_throttled_events_total",
        .counter,
        labels: [.destination],
        "Attempts, counted in events, that the vendor answered with a request to slow down."
    )

    package static let parkedTotal = Metric(
        "relais_destination_parked_events_total",
        .counter,
        labels: [.destination, .reason],
        "Attempts, counted in events, after which the event was parked."
    )

    package static let dead = Metric(
        "relais_destination_dead_events_total",
        .counter,
        labels: [.destination, .reason],
        "Events that became dead letters."
    )

    package static let deliveryDuration = Metric(
        "relais_destination_delivery_duration_seconds",
        .histogram(
            .microseconds([
                10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 60_000_000,
                600_000_000, 3_600_000_000, 21_600_000_000, 86_400_000_000,
            ])
        ),
        labels: [.destination],
        "From the event's arrival at the relay to the answer with which it was delivered, or sent."
    )

    package static let vendorRequests = Metric(
        "relais_vendor_requests_total",
        .counter,
        labels: [.destination, .result],
        "Requests to the vendor, by how they ended."
    )

    package static let vendorRequestDuration = Metric(
        "relais_vendor_request_duration_seconds",
        .histogram(
            .microseconds([
                5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
                30_000_000,
            ])
        ),
        labels: [.destination],
        "Time of one request to the vendor, whatever became of it."
    )

    static let delivery = [
        destinationState, lag, inFlight, retrying, parked, deadLetters, oldestWaiting, delivered, sent, dropped,
        retried,
        throttled, parkedTotal, dead, deliveryDuration, vendorRequests, vendorRequestDuration,
    ]
}
