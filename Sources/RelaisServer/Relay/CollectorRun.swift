internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RelaisConfig
internal import ServiceLifecycle

/// The collector as a service: opens its port, and at shutdown stops accepting and lets requests under way finish.
struct CollectorRun: Service {
    private static let quiescence = TimeAmount.seconds(5)

    let server: CollectorServer
    let listen: ListenAddress
    let readiness: ReadinessState
    let logger: Logger

    func run() async throws {
        let channel: any Channel
        do {
            channel = try await server.start(host: listen.host, port: listen.port)
        } catch {
            throw RelayError.cannotListen(address: listen.description, key: "listen", reason: "\(error)")
        }
        readiness.started()
        logger.notice("collecting", metadata: ["listen": "\(channel.localAddress?.description ?? listen.description)"])
        try await gracefulShutdown()
        readiness.draining()
        logger.notice("no longer accepting requests")
        try await channel.close().get()
        await server.quiesce(within: Self.quiescence)
    }
}
