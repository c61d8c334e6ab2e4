/// What verdicts came to, since it was last taken; counted in events.
package struct DeliveryTally: Sendable, Equatable {
    /// From each delivered event's arrival to its verdict, in milliseconds.
    package var delivered: [Int64] = []
    package var throttled = 0
    /// By reason, as the three below.
    package var dropped: [String: Int] = [:]
    package var retried: [String: Int] = [:]
    package var parked: [String: Int] = [:]
    package var dead: [String: Int] = [:]

    package init() {}

    package var isEmpty: Bool { self == DeliveryTally() }
}
