/// How much each account has called. Bounded: beyond the capacity all is forgotten.
struct QuotaTable: Sendable {
    private static let capacity = 10_000
    private var usages: [String: QuotaUsage] = [:]

    /// Counts a call; the account's usage with it.
    mutating func count(_ account: String, at milliseconds: Int64) -> QuotaUsage {
        if usages.count >= Self.capacity, usages[account] == nil { usages = [:] }
        usages[account, default: QuotaUsage()].count(at: milliseconds)
        return usages[account] ?? QuotaUsage()
    }
}
