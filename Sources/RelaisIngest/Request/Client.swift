package import RelaisEvent

/// The decoder of one wire protocol.
package protocol Client: Sendable {
    /// The protocol's name in configuration and in the event's `client`.
    static var name: String { get }

    /// Whether the request speaks this protocol, judged by method, path and query alone.
    func claims(_ request: IncomingRequest) -> Bool

    /// The key that a request of this protocol shows elsewhere than in `Authorization`; nil when it shows none.
    func writeKey(in request: IncomingRequest) -> String?

    /// The request's events in order, each on its own: one that is refused spoils no other.
    func decode(_ request: IncomingRequest, limits: DecodingLimits) throws(RequestRejection)
        -> [Result<IncomingEvent, EventRejection>]

    /// For which measurement id an event was sent; nil for protocols without such ids.
    func measurementID(of incoming: IncomingEvent, in request: IncomingRequest) -> MeasurementIDClaim?

    /// What is wrong with a request that asks just that, and not that its events be kept; nil for every other request.
    func validate(_ request: IncomingRequest, limits: DecodingLimits) -> [ValidationMessage]?
}

extension Client {
    package func writeKey(in request: IncomingRequest) -> String? { nil }

    package func measurementID(of incoming: IncomingEvent, in request: IncomingRequest) -> MeasurementIDClaim? { nil }

    package func validate(_ request: IncomingRequest, limits: DecodingLimits) -> [ValidationMessage]? { nil }
}

/// The measurement id that an event was sent for, and where the request says so; empty when it should and does not.
package struct MeasurementIDClaim: Sendable, Equatable {
    package var id: String
    package var pointer: String

    package init(id: String, pointer: String) {
        self.id = id
        self.pointer = pointer
    }
}

/// Why a request could not be taken apart at all.
package struct RequestRejection: Error, Sendable, Equatable {
    /// The HTTP status to answer with; below 300 when the request is no fault, only nothing to keep (a side ping).
    package var status: Int
    package var reason: String
    /// JSON pointer or wire parameter that the reason is about.
    package var pointer: String?

    package init(status: Int, reason: String, pointer: String? = nil) {
        self.status = status
        self.reason = reason
        self.pointer = pointer
    }

    /// A request that is answered politely and kept nowhere.
    package static func dropped(_ reason: String) -> RequestRejection { RequestRejection(status: 204, reason: reason) }

    package var isDropped: Bool { status < 300 }
}
