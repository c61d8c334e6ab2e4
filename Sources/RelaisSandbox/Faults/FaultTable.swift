/// The faults in force and how far each has come. The same requests in the same order meet the same faults.
struct FaultTable: Sendable {
    /// What is to happen to one request.
    struct Plan: Equatable, Sendable {
        var latencyMilliseconds: Int64 = 0
        var headers: [HeaderLine] = []
        var effect = Fault.Effect.vendorAnswer
    }

    private struct Entry: Sendable {
        let fault: Fault
        var remaining: Int?
        var generator: SplitMix64
    }

    private var entries: [Entry] = []

    init(_ faults: [Fault] = []) {
        entries = faults.enumerated().map { index, fault in
            Entry(fault: fault, remaining: fault.count, generator: SplitMix64(seed: UInt64(index)))
        }
    }

    /// The faults as they were set.
    var faults: [Fault] { entries.map(\.fault) }

    /// Delays and headers of all faults that fire add up; the first one with an answer of its own ends the search.
    mutating func plan(for request: SimulatedRequest, vendor: String) -> Plan {
        var plan = Plan()
        for index in entries.indices where fires(index, request, vendor) {
            let fault = entries[index].fault
            plan.latencyMilliseconds += fault.latencyMilliseconds
            plan.headers += fault.headers
            if fault.effect != .vendorAnswer {
                plan.effect = fault.effect
                break
            }
        }
        return plan
    }

    private mutating func fires(_ index: Int, _ request: SimulatedRequest, _ vendor: String) -> Bool {
        let fault = entries[index].fault
        guard fault.vendor == nil || fault.vendor == vendor else { return false }
        if let match = fault.match {
            guard ByteSearch.contains(match, in: request.body) || ByteSearch.contains(match, in: request.rawQuery.utf8)
            else { return false }
        }
        if let remaining = entries[index].remaining {
            guard remaining > 0 else { return false }
            entries[index].remaining = remaining - 1
        }
        guard fault.rate < 1 else { return true }
        return Double.random(in: 0..<1, using: &entries[index].generator) < fault.rate
    }
}
