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
    /// What the page about the sandbox says of it.
    var portrait: VendorPortrait { get }

    func receive(_ request: SimulatedRequest, at circumstances: Circumstances) -> VendorReply

    /// Whose calls the vendor counts against a quota; nil: it does not count.
    func account(of request: SimulatedRequest) -> String?
}

extension VendorSimulator {
    func account(of request: SimulatedRequest) -> String? { nil }
}

/// What a simulator may know beside the request.
struct Circumstances: Equatable, Sendable {
    /// Unix time in milliseconds.
    let nowMilliseconds: Int64
    /// A number that no other request of this run has; vendors make trace ids of it.
    let requestNumber: UInt64
    /// How much of its quota the account has used, this call included.
    var usage = QuotaUsage()
}

/// A simulator's answer together with what it saw.
struct VendorReply: Equatable, Sendable {
    var answer: VendorAnswer
    /// The events of the request in order, also of one that was refused.
    var events: [SeenEvent] = []
    /// Why it was refused, or what a strict reader objects to although the vendor answers success.
    var objections: [Objection] = []
    /// Whether the vendor took the events.
    var accepted: Bool
    /// For a refused request whose address is right: the answer to one without fault.
    var successAnswer: VendorAnswer?

    /// The texts of the objections.
    var problems: [String] { objections.map(\.text) }

    /// The reply of a sandbox that objects and takes the events all the same.
    var lenient: VendorReply {
        guard !accepted, !events.isEmpty, let successAnswer else { return self }
        return VendorReply(answer: successAnswer, events: events, objections: objections, accepted: true)
    }
}
