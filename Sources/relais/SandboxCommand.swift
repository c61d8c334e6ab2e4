import ArgumentParser
import Dispatch
import Foundation
import Logging
import RelaisConfig
import RelaisSandbox

/// `relais sandbox`
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run simulated vendor APIs that check what they get and remember it.",
        discussion: """
            Give a destination the sandbox's address as its endpoint, and nothing leaves this machine:

              config: { …, endpoint: http://127.0.0.1:9191/graph.facebook.com }

            GET / lists what is simulated. GET /_received tells what came, PUT /_faults makes it fail on demand. \
            Recorded requests hold tokens and hashed personal data: listen on a loopback address.

            What a vendor refuses is refused, with the vendor's status and body. With --no-strict a request that holds \
            events gets the answer to a good one, and GET /_received tells what speaks against it.

            Examples:
              relais sandbox
              relais sandbox --listen 127.0.0.1:9292
              curl '127.0.0.1:9191/_received?vendor=meta&fields=events'

            Exit codes: 0 ended by a signal, 1 it cannot listen, 2 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("Where it listens.", valueName: "host:port"))
    var listen = "127.0.0.1:9191"

    @Flag(inversion: .prefixedNo, help: "Whether what a vendor refuses is refused.")
    var strict = true

    func validate() throws {
        guard ListenAddress(listen) != nil else {
            throw ValidationError("--listen must be host:port, e.g. 127.0.0.1:9191, not \"\(listen)\"")
        }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { return }
        var configuration = SandboxConfiguration(
            host: address.host,
            port: address.port,
            logger: Logger(label: "relais.sandbox") { StreamLogHandler.standardError(label: $0) }
        )
        configuration.isStrict = strict
        let server = SandboxServer(configuration: configuration)
        let task = Task<Void, any Error> {
            do {
                try await server.run()
            } catch let error as SandboxError {
                throw CommandFailure(error.description)
            }
        }
        let signals = [SIGINT, SIGTERM].map { Self.onSignal($0) { task.cancel() } }
        try await task.value
        withExtendedLifetime(signals) {}
    }

    private static func onSignal(_ number: Int32, _ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { body() }
        source.resume()
        return source
    }
}
