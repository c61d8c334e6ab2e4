extension Metric {
    package static let pluginCalls = Metric(
        "relais_plugin_calls_total",
        .counter,
        labels: [.destination],
        "Calls of the plugin's encode and classify."
    )

    package static let pluginFrameDuration = Metric(
        "relais_plugin_frame_duration_seconds",
        .histogram(
            .microseconds([
                50, 100, 250, 500, 1000, 2500, 5000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 10_000_000,
            ])
        ),
        labels: [.destination],
        "Time of one exchange with the plugin's process, which carries one or several calls."
    )

    package static let pluginFailures = Metric(
        "relais_plugin_failures_total",
        .counter,
        labels: [.destination, .reason],
        "Exchanges that ended the plugin's process, or that it could not take: crashed, hung, garbage, …"
    )

    package static let pluginRestarts = Metric(
        "relais_plugin_restarts_total",
        .counter,
        labels: [.destination],
        "How often the plugin's process was started again."
    )

    package static let pluginCounter = Metric(
        "relais_plugin_counter_total",
        .counter,
        labels: [.destination, .counter],
        "What the plugin itself counts."
    )

    static let plugin = [pluginCalls, pluginFrameDuration, pluginFailures, pluginRestarts, pluginCounter]
}
