/// All that changes while a sandbox runs, behind one lock.
struct SandboxState: Sendable {
    var ledger: ReceivedLedger
    var faults = FaultTable()
    var quotas = QuotaTable()
    private var requests: UInt64 = 0

    init(configuration: SandboxConfiguration) {
        ledger = ReceivedLedger(
            maximumRecords: configuration.maximumRecords,
            maximumBytes: configuration.maximumRecordedBytes
        )
    }

    /// The number of a new request and the faults that it meets.
    mutating func begin(_ request: SimulatedRequest, vendor: String) -> (number: UInt64, plan: FaultTable.Plan) {
        requests += 1
        return (requests, faults.plan(for: request, vendor: vendor))
    }
}
