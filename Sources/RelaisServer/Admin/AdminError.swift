internal import HTTPTypes

/// Why a request to the admin API is not done; `reason` is a sentence for people.
struct AdminError: Error, Sendable, Equatable, CustomStringConvertible {
    var status: HTTPResponse.Status
    var reason: String
    /// The methods there are, with 405.
    var allow: String?

    var description: String { reason }

    static func notFound(_ reason: String) -> AdminError { AdminError(status: .notFound, reason: reason) }
    static func badRequest(_ reason: String) -> AdminError { AdminError(status: .badRequest, reason: reason) }
    static func conflict(_ reason: String) -> AdminError { AdminError(status: .conflict, reason: reason) }
}
