internal import Foundation
internal import Glibc
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import RelaisConfig
internal import ServiceLifecycle
internal import Synchronization

/// The admin API on its own address: health, destinations, events, receipts, rejections.
struct AdminServer: Service {
    private let resources: [any AdminResource]
    private let address: ListenAddress
    private let guardian: @Sendable () -> AdminGuard
    private let logger: Logger
    private let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// `more`: resources beside those of the service. `guardian` is asked for each request: the token may change.
    /// `onServerRunning` is called with the bound port once connections are accepted.
    init(
        service: AdminService,
        more: [any AdminResource] = [],
        listen: ListenAddress,
        guardian: @escaping @Sendable () -> AdminGuard,
        logger: Logger = Logger(label: "relais.admin"),
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        resources =
            [
                DestinationsResource(service: service), EventsResource(service: service),
                DeadLettersResource(service: service.deadLetters), RejectionsResource(service: service),
                ReloadResource(service: service), MetricsResource(service: service),
            ] + more
        address = listen
        self.guardian = guardian
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// Serves until a graceful shutdown begins or the task is cancelled.
    ///
    /// - Throws: ``AdminServerError`` when the address cannot be listened on.
    func run() async throws {
        let isRunning = Running()
        do {
            try await application(isRunning).run()
        } catch is CancellationError {
            return
        } catch {
            throw isRunning.flag.load(ordering: .acquiring) ? error : listenError(error)
        }
    }

    private final class Running: Sendable {
        let flag = Atomic<Bool>(false)
    }

    private func application(_ isRunning: Running) -> Application<AdminResponder> {
        var quiet = logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return Application(
            responder: AdminResponder(
                resources: resources,
                guardian: guardian,
                logger: logger
            ),
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { [address, logger, onServerRunning] channel in
                isRunning.flag.store(true, ordering: .releasing)
                let port = channel.localAddress?.port ?? address.port
                logger.info("the admin API listens on http://\(ListenAddress(host: address.host, port: port))")
                await onServerRunning(port)
            },
            logger: quiet
        )
    }

    private func listenError(_ error: any Error) -> AdminServerError {
        let address = address.description
        guard let failure = error as? IOError else { return .cannotListen(address, reason: "\(error)") }
        guard failure.errnoCode == EADDRINUSE else { return .cannotListen(address, reason: failure.description) }
        return .addressInUse(address)
    }
}
