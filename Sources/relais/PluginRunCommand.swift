import ArgumentParser
import Foundation
import RelaisConfig
import RelaisEvent
import RelaisServer

/// `relais plugin run`
struct PluginRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Show the requests that destinations would make of events; nothing is stored or sent.",
        discussion: """
            Takes events through the relay as they would go: decode, normalise, hash, plan, and encode in the plugin's own \
            process. Prints a shell script: each decision, settlement and message of a plugin is a comment, each request \
            a curl line. Secrets are shown as *** unless --show-secrets is given.

            The file holds what relais send takes: events (an object, an array, or objects one after the other), or a \
            recording of requests. Copies of one event are not recognised.

            Examples:
              relais plugin run --config relais.yaml events.json
              relais plugin run --config relais.yaml --destination meta --json session.jsonl
              echo '{"event_name":"sign_up"}' | relais plugin run --config relais.yaml -

            Exit codes: 0 ok, 1 an event was rejected or a plugin failed, 2 wrong usage or configuration.
            """
    )

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("Only this destination.", valueName: "name"))
    var destination: String?

    @Option(
        help: ArgumentHelp(
            "The source that sends what shows neither a key nor an origin; by default the first with a write key.",
            valueName: "name"
        )
    )
    var source: String?

    @Flag(help: "Leave secrets in the requests.")
    var showSecrets = false

    @Flag(help: "Print JSON for machines.")
    var json = false

    @Argument(help: ArgumentHelp("The file with events; - is standard input.", valueName: "file"))
    var file: String

    private static let batchEvents = 100
    private static let batchBytes = 900 << 10

    func run() async throws {
        let input = try SendInput(SendInput.read(file), file: file)
        let configuration = try ConfigurationLoader.load(
            path: config,
            environment: ProcessInfo.processInfo.environment
        )
        var options = DryRun.Options()
        options.destination = destination
        options.source = source
        options.showsSecrets = showSecrets
        let report: DryRunReport
        do {
            report = try DryRun.run(Self.requests(input), configuration: configuration, options: options)
        } catch let error as DryRunError {
            throw CommandFailure(TerminalText.sanitized(error.description), code: CommandFailure.usage)
        }
        if json {
            print(String(decoding: report.json(), as: UTF8.self))
        } else {
            print(report.script(), terminator: "")
        }
        if report.hasFailed { throw CommandFailure("") }
    }

    private static func requests(_ input: SendInput) -> [HTTPRequest] {
        switch input {
        case .recording(let lines): lines.map { $0.request.request(to: "", extra: []) }
        case .events(let events):
            SendInput.batches(events, count: batchEvents, bytes: batchBytes).map {
                EventSender.request(events[$0], to: "", headers: [])
            }
        }
    }
}
