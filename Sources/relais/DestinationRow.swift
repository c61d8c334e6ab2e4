/// A destination as `GET /api/v1/destinations` lists it.
struct DestinationRow: Decodable {
    var id: String
    var plugin: String?
    var pluginVersion: String?
    var pluginSHA256: String?
    var state: String
    var lag: UInt64
    var inFlight: Int
    var delivered: UInt64
    /// The vendor says whether it took an event; where it does not, what is delivered is only known to be sent.
    var confirms: Bool?
    var retrying: Int
    var parked: Int
    var dead: UInt64
    /// Entries given up as ranges, those included that were not for the destination.
    var givenUp: UInt64?
    var reason: String?
    var detail: String?
    var until: String?
    var restarts: Int?

    private enum CodingKeys: String, CodingKey {
        case id, plugin, state, lag, delivered, confirms, retrying, parked, dead, reason, detail, until, restarts
        case inFlight = "in_flight"
        case givenUp = "given_up"
        case pluginVersion = "plugin_version"
        case pluginSHA256 = "plugin_sha256"
    }

    /// How many events arrived at the vendor, as far as that is known.
    var arrived: String { confirms == false ? "\(delivered) sent" : "\(delivered)" }

    /// Why it is in its state, and until when; empty while it is active.
    var why: String {
        let words = [reason, detail].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
        return words + (until.map { " until \($0)" } ?? "")
    }

    static func color(ofState state: String) -> Terminal.Color? {
        guard Terminal.hasColors else { return nil }
        return switch state {
        case "active": .green
        case "failed", "auth_stop": .red
        default: .yellow
        }
    }
}
