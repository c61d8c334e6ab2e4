internal import Logging
internal import RelaisDelivery
internal import Synchronization

/// Keeps a warning or an error that repeats from filling the disk: of the same message of the same destination so many
/// are written as `DiagnosticBudget` allows; the next one says in `left_out` how many were not.
final class LogRepetition: Sendable {
    /// More different messages than these at the same time do not repeat: they are forgotten.
    private static let capacity = 256

    private let budgets: Mutex<[String: DiagnosticBudget]> = Mutex([:])

    /// `now` in milliseconds.
    func admit(_ line: LogLine, now: Int64) -> (isAllowed: Bool, leftOut: Int) {
        guard line.level >= .warning else { return (true, 0) }
        let key = "\(line.label) \(line.metadata["destination"] ?? "") \(line.message)"
        return budgets.withLock { budgets in
            if budgets.count >= Self.capacity, budgets[key] == nil { budgets.removeAll() }
            return budgets[key, default: DiagnosticBudget()].take(now: now)
        }
    }
}
