/// One disturbance that an operator asked for.
struct Fault: Equatable, Sendable {
    /// What the client gets in place of, or on top of, the vendor's answer.
    enum Effect: Equatable, Sendable {
        /// The vendor's own answer, only later or with more headers.
        case vendorAnswer
        /// This status and body; the vendor never sees the request.
        case answer(status: Int, body: [UInt8], mediaType: String)
        /// The connection closes without an answer; the vendor never sees the request.
        case outage
        /// The vendor takes the request, its answer begins, then the connection closes.
        case reset
        /// The vendor takes the request; a broken 200 reaches the client: this body, or the half of the vendor's own.
        case malformed(body: [UInt8]?)
    }

    var vendor: String?
    var effect: Effect
    var headers: [HeaderLine] = []
    var latencyMilliseconds: Int64 = 0
    /// The share of matching requests that are hit, 0 to 1.
    var rate: Double = 1
    /// Bytes that the raw query or the raw body must contain.
    var match: [UInt8]?
    /// How many matching requests are considered; nil: all.
    var count: Int?
}
