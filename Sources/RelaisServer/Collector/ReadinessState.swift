internal import Synchronization

/// Whether the relay can accept events now.
final class ReadinessState: Sendable {
    private struct State {
        var isStarted = false
        var isDraining = false
        var logFailure: String?
    }

    private let state = Mutex(State())

    /// nil when events are accepted.
    var reasonNotReady: String? {
        state.withLock { state in
            if !state.isStarted { return "starting" }
            if state.isDraining { return "shutting down" }
            return state.logFailure.map { "the event log cannot be written: \($0)" }
        }
    }

    var logHasFailed: Bool { state.withLock { $0.logFailure != nil } }

    func started() { state.withLock { $0.isStarted = true } }
    func draining() { state.withLock { $0.isDraining = true } }
    func logFails(_ reason: String) { state.withLock { $0.logFailure = reason } }
    func logWorks() { state.withLock { $0.logFailure = nil } }
}
