import ArgumentParser
import Foundation
import RelaisServer

/// `relais serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the relay: collect events, store them, deliver them.",
        discussion: """
            Runs in the foreground and logs to standard error. SIGTERM and SIGINT end it: it takes no more events, lets \
            what is in flight finish for some seconds, and keeps the rest for the next start. SIGHUP has it read its \
            configuration again (see relais reload). GET /readyz at the \
            collector's address answers 200 once it accepts events.

            Examples:
              relais serve --config relais.yaml
              relais serve --config /etc/relais/relais.yaml 2>>relais.log

            Exit codes: 0 ended by a signal, 1 it cannot run (the address is taken, the state is damaged), 2 wrong usage or \
            configuration.
            """
    )

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    func run() async throws {
        try await Relay.run(configurationPath: config, environment: ProcessInfo.processInfo.environment)
    }
}
