/// What became of an event at a destination. Raw values of `Code` are those of `RELAIS_DELIVERED` and its like.
package struct Verdict: Sendable, Equatable {
    package enum Code: Int32, CaseIterable, Sendable {
        case delivered = 1
        case retry = 2
        case split = 3
        case drop = 4
        case reject = 5
        case park = 6
        case throttle = 7
        case authStop = 8

        package var name: String {
            switch self {
            case .delivered: "delivered"
            case .retry: "retry"
            case .split: "split"
            case .drop: "drop"
            case .reject: "reject"
            case .park: "park"
            case .throttle: "throttle"
            case .authStop: "auth_stop"
            }
        }
    }

    package var code: Code
    /// Milliseconds from now, for retry and throttle; 0: the engine decides.
    package var retryAfter: Int64
    /// A stable word, `[a-z0-9_]{1,64}`.
    package var reason: String
    /// For people: the vendor's own text, at most 1 KiB.
    package var detail: String
    /// What is parked, for `park`.
    package var key: String

    package init(_ code: Code, retryAfter: Int64 = 0, reason: String = "", detail: String = "", key: String = "") {
        self.code = code
        self.retryAfter = retryAfter
        self.reason = reason
        self.detail = detail
        self.key = key
    }
}
