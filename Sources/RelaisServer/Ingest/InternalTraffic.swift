internal import RelaisConfig
internal import RelaisEvent

/// Marks events of one's own people as GA4 knows them: the parameter `traffic_type`, on gtag's wire `tt`.
enum InternalTraffic {
    static let parameter = "traffic_type"
    static let value = "internal"
    private static let wireName = "tt"

    /// Before the address is shortened. The network outweighs what the sender says.
    static func mark(_ event: inout Event, networks: NetworkRangeSet) {
        guard !networks.ranges.isEmpty, let address = event.string(.ipOverride).flatMap({ NetworkAddress($0) }),
            networks.contains(address)
        else { return }
        set(parameter, in: .params, &event)
        if !event[.ga4].isEmpty { set(wireName, in: .ga4, &event) }
    }

    private static func set(_ name: String, in list: ParameterList, _ event: inout Event) {
        let others = event[list].filter { !event.bytes($0.key).elementsEqual(name.utf8) }
        event[list] = others
        event.append(name, value, to: list)
    }
}
