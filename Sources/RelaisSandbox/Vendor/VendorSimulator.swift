/// The strict model of one vendor's HTTP API.
///
/// A simulator is pure: the same request and circumstances give the same reply.
protocol VendorSimulator: Sendable {
    /// The vendor's short name, as in `?vendor=` and in faults.
    var vendor: String { get }
    /// The host names whose requests it answers; each is a first path segment of the sandbox.
    var hosts: [String] { get }
    /// The vendor's paths, for the landing page.
    var paths: [String] { get }

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply
}

/// What a simulator may know beside the request.
struct Circumstances: Equatable, Sendable {
    /// Unix time in milliseconds.
    let nowMilliseconds: Int64
    /// A number that no other request of this run has; vendors make trace ids of it.
    let requestNumber: UInt64
}

/// A simulator's answer together with what it saw.
struct VendorReply: Equatable, Sendable {
    var answer: VendorAnswer
    /// The events of the request in order, also of one that was refused.
    var events: [SeenEvent] = []
    /// What a strict reader objects to although the vendor answers success.
    var problems: [String] = []
    /// Whether the vendor took the events.
    var accepted: Bool
}
