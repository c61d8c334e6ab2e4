/// One request and what became of it.
struct Exchange: Sendable {
    /// What was done to the exchange from outside.
    enum Disturbance: String, Sendable {
        case answer
        case outage
        case reset
        case malformed
    }

    let vendor: String
    /// When the request was complete; Unix milliseconds.
    let atMilliseconds: Int64
    let request: SimulatedRequest
    /// The status that was sent; 0 when the connection was closed instead.
    let status: Int
    let events: [SeenEvent]
    let objections: [Objection]
    /// Whether the vendor took the events, whatever reached the client.
    let accepted: Bool
    let disturbance: Disturbance?
}
