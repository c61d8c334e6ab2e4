internal import Synchronization

/// Whether the relay has been started and does not end.
final class ReadinessState: Sendable {
    private struct State {
        var isStarted = false
        var isDraining = false
    }

    private let state = Mutex(State())

    /// nil while it runs.
    var reasonNotReady: String? {
        state.withLock { state in
            if !state.isStarted { return "starting" }
            return state.isDraining ? "shutting down" : nil
        }
    }

    func started() { state.withLock { $0.isStarted = true } }
    func draining() { state.withLock { $0.isDraining = true } }
}
