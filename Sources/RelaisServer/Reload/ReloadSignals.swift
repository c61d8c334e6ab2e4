internal import ServiceLifecycle
internal import UnixSignals

/// SIGHUP reads the configuration again.
struct ReloadSignals: Service {
    private let signals: UnixSignalsSequence
    private let reloader: Reloader

    /// From now on the signal does not end the process any more.
    init(_ reloader: Reloader) async {
        self.reloader = reloader
        signals = await UnixSignalsSequence(trapping: .sighup)
    }

    func run() async {
        for await _ in signals.cancelOnGracefulShutdown() { _ = await reloader.reload() }
    }
}
