/// What tells a metric's series apart. The values of each are bounded: names of the configuration, or words.
package enum MetricLabel: String, Sendable, CaseIterable {
    case site, source, client, code, reason, destination, state, result, identifier, counter, version

    package var help: String {
        switch self {
        case .site: "A name under `sites`"
        case .source: "A name under `sources`"
        case .client: "The protocol: `gtag`, `relais`"
        case .code: "An HTTP status, or `other`"
        case .reason: "A stable word; beyond 50 of them for one destination the rest are `other`"
        case .destination: "A name under `destinations`"
        case .state: "A destination's state, or what became of an identifier"
        case .result:
            "`2xx` to `5xx`, or why there was no answer: `dns`, `connect`, `tls`, `timeout_before_send`, "
                + "`timeout_after_send`, `reset`, `too_large`"
        case .identifier: "A kind of user data that the plugin's manifest asks for"
        case .counter: "A counter's name and unit, as the plugin registered them; at most 50"
        case .version: "The version of Relais"
        }
    }

    /// Values come from plugins: only so many are told apart.
    var isOpen: Bool { self == .reason || self == .counter }
}
