/// Where time comes from; tests turn it by hand.
package protocol Clock: Sendable {
    /// Microseconds since 1970-01-01 UTC.
    func nowMicros() -> Int64
}

extension Clock {
    /// Milliseconds since 1970-01-01 UTC.
    package func nowMilliseconds() -> Int64 { nowMicros() / 1000 }
}
