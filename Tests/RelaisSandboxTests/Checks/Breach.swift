import Testing

@testable import RelaisSandbox

/// A request that breaks one rule on purpose.
struct Breach<Check: VendorCheck> {
    let check: Check
    let request: SimulatedRequest
    /// How many calls the account has made, this one included.
    var calls = 1

    func reply(of simulator: some VendorSimulator) -> VendorReply {
        var usage = QuotaUsage()
        for _ in 0..<calls { usage.count(at: Clock.seconds * 1_000) }
        return simulator.receive(
            request,
            at: Circumstances(nowMilliseconds: Clock.seconds * 1_000, requestNumber: 7, usage: usage)
        )
    }
}

/// Holds the table of a vendor's checks to requests that break each of them.
func expectEachCheckToBite<Check: VendorCheck>(
    _ breaches: [Breach<Check>],
    _ simulator: some VendorSimulator,
    isOnlyNoted: (Check) -> Bool
) {
    for breach in breaches {
        let reply = breach.reply(of: simulator)
        let id = breach.check.id
        #expect(reply.objections.map(\.check).contains(id), "\(id): \(reply.objections)")
        #expect(reply.accepted == isOnlyNoted(breach.check), "\(id): \(reply.problems)")
        let statuses = breach.check.answer.matches(of: /\b[2-5][0-9]{2}\b/).map { Int($0.output) }
        let status = reply.answer.status == 200 && statuses.first == 201 ? 201 : reply.answer.status
        #expect(statuses.contains(status), "\(id) was answered \(reply.answer.status)")
    }
    let missed = Set(Check.allCases).subtracting(breaches.map(\.check))
    #expect(missed.isEmpty, "no request breaks \(missed.map(\.id).sorted())")
}
