internal import RelaisDelivery
internal import RelaisEvent

/// What an operator may tell the running deliveries. Each answers once the destination has acted on it.
protocol DeliveryControl: Sendable {
    /// False when there is no such destination.
    func pause(_ destination: String, reason: String) async -> Bool

    /// Ends any pause and probes at once. False when there is no such destination.
    func resume(_ destination: String) async -> Bool

    /// Has dead letters sent again; those that were taken. nil when there is no such destination.
    func replay(_ letters: [ReplayRequest], to destination: String) async -> [UInt64]?

    /// Forgets dead letters that are not being sent again; those that were taken. nil when there is no such destination.
    func drop(_ seqs: [UInt64], of destination: String) async -> [UInt64]?

    /// Takes entries out of the dead ranges; these of them become dead letters of their own, in the same change. False
    /// when there is no such destination.
    func reopen(_ seqs: Range<UInt64>, of destination: String, as letters: [DeadLetter]) async -> Bool
}
