/// An event as `GET /api/v1/events` lists it.
struct EventRow: Decodable {
    var seq: UInt64
    var eventID: String
    var eventName: String
    var received: String
    var site: String
    var source: String
    var client: String
    var copyOf: UInt64?
    var stub: Bool?
    /// Nothing more will happen to it by itself.
    var settled: Bool
    /// A cell for each destination of its plan.
    var destinations: [String: String]

    private enum CodingKeys: String, CodingKey {
        case seq, received, site, source, client, stub, settled, destinations
        case eventID = "event_id"
        case eventName = "event_name"
        case copyOf = "copy_of"
    }

    /// The time of day, to milliseconds.
    var time: String { String(received.dropFirst(11).prefix(12)) }

    /// The colour of a destination's cell.
    static func color(of cell: String) -> Terminal.Color? {
        switch cell.prefix(while: { $0 != " " }) {
        case "delivered", "sent": .green
        case "failed": .red
        case "waiting", "retrying", "parked": .yellow
        case "not", "dropped", "duplicate", "finished", "-": .dim
        default: nil
        }
    }
}
