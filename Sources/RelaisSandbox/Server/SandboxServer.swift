import Foundation
import Hummingbird
import Logging
import NIOCore

/// Simulated vendors on one HTTP port: strict checks, recorded requests, faults on demand.
///
/// Each vendor host is a first path segment, e.g. `/graph.facebook.com/v26.0/1/events`. `GET /` lists the paths.
package struct SandboxServer: Sendable {
    static let simulators: [any VendorSimulator] = [
        GA4Simulator(), MetaSimulator(), LinkedInSimulator(), TikTokSimulator(), WebhookSimulator(),
    ]

    private let configuration: SandboxConfiguration
    private let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// Makes a sandbox; `onServerRunning` is called with the bound port once connections are accepted.
    package init(
        configuration: SandboxConfiguration,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.onServerRunning = onServerRunning
    }

    /// Serves until the task is cancelled or a graceful shutdown begins.
    ///
    /// - Throws: ``SandboxError`` when the address cannot be listened on.
    package func run() async throws {
        let isRunning = Locked(false)
        let application = application { channel in
            isRunning.withLock { $0 = true }
            let port = channel.localAddress?.port ?? configuration.port
            configuration.logger.info("sandbox listens on http://\(configuration.host):\(port)")
            await onServerRunning(port)
        }
        do {
            try await application.run()
        } catch is CancellationError {
            return
        } catch {
            throw isRunning.withLock { $0 } ? error : listenError(error)
        }
    }

    private func application(
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<SandboxResponder> {
        let state = Locked(SandboxState(configuration: configuration))
        var quiet = configuration.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return Application(
            responder: SandboxResponder(
                gate: VendorGate(
                    simulators: Self.simulators,
                    state: state,
                    nowMilliseconds: configuration.nowMilliseconds,
                    isStrict: configuration.isStrict
                ),
                control: ControlAPI(state: state, simulators: Self.simulators),
                maximumRequestBytes: configuration.maximumRequestBytes
            ),
            configuration: .init(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: onServerRunning,
            logger: quiet
        )
    }

    private func listenError(_ error: any Error) -> SandboxError {
        guard let failure = error as? IOError, failure.errnoCode == EADDRINUSE else {
            return .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
        return .addressInUse(host: configuration.host, port: configuration.port)
    }
}
