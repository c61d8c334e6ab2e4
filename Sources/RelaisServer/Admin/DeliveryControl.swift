/// What an operator may tell the running deliveries. Each answers once the destination has acted on it.
protocol DeliveryControl: Sendable {
    /// False when there is no such destination.
    func pause(_ destination: String, reason: String) async -> Bool

    /// Ends any pause and probes at once. False when there is no such destination.
    func resume(_ destination: String) async -> Bool
}
