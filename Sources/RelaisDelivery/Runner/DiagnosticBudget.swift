/// How many messages of one kind reach the log: a plugin has something to say of nearly every event, and an error may
/// repeat, but an operator has no time to read it. Up to twenty in ten seconds; how many were left out is said afterwards.
package struct DiagnosticBudget: Sendable {
    static let messages = 20
    static let windowMilliseconds: Int64 = 10_000

    private var windowStart: Int64 = 0
    private var used = 0
    private var left = 0

    package init() {}

    /// Whether the message may be logged, and how many were left out in the window that just ended.
    package mutating func take(now: Int64) -> (isAllowed: Bool, leftOut: Int) {
        var leftOut = 0
        if now - windowStart >= Self.windowMilliseconds || now < windowStart {
            leftOut = left
            windowStart = now
            used = 0
            left = 0
        }
        guard used < Self.messages else {
            left += 1
            return (false, leftOut)
        }
        used += 1
        return (true, leftOut)
    }
}
