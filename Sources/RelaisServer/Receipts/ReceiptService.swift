internal import RelaisEvent

/// What receipts are made from: the log, the deliveries' memory, and the running destinations.
struct ReceiptService: Sendable {
    /// The version of this build, as outcomes record it.
    var version: String
    var log: any EventLog
    var state: any DeliveryState
    /// In the order of the configuration.
    var destinations: @Sendable () -> [DestinationOverview]
    /// Encodes a past batch again with what it was encoded with: its `now`, seed, attempts. `entries[i]` belongs to
    /// `outcome.members[i]`. Throws a ``ReencodeFailure`` that says why it cannot.
    var reencode: @Sendable (_ outcome: BatchOutcome, _ entries: [LogEntry]) throws -> Reencoding
    /// Secret values of a destination's configuration.
    var secrets: @Sendable (_ destination: String) -> [String]
    /// SHA-256 as 64 lower-case hex digits.
    var digest: @Sendable ([UInt8]) -> String
    var clock: any Clock

    /// The destinations' standing, with the deliveries' memory brought up to it: outcomes are committed some time after a
    /// cursor has moved, and an event that the cursor has passed without an outcome would seem forgotten. A disk that
    /// fails leaves the memory as it is.
    func currentDestinations() -> [DestinationOverview] {
        let current = destinations()
        try? state.flush()
        return current
    }
}
