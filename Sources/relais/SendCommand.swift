import ArgumentParser
import Foundation
import RelaisEvent
import RelaisServer

/// `relais send`
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send JSON events or a recording of requests to a collector.",
        discussion: """
            A file holds either events (an object, an array, or objects one after the other), which go to /v1/events in \
            batches, or a recording: one JSON object a line with method, path, raw_query, headers and body, which is \
            replayed in order with its own methods, queries, headers, cookies and bodies; only Host is that of --to.

            Recorded requests to paths that the relay does not have are counted and do no harm.

            Examples:
              relais send --to http://127.0.0.1:8080 --key $WRITE_KEY events.json
              relais send --to http://127.0.0.1:8080 session.jsonl
              echo '{"event_name":"sign_up"}' | relais send --to http://127.0.0.1:8080 --origin https://shop.example -

            Exit codes: 0 all was taken, 1 something was rejected or refused, 2 wrong usage, or a file cannot be read.
            """
    )

    @Option(help: ArgumentHelp("The collector's URL.", valueName: "url"))
    var to: String

    @Option(help: ArgumentHelp("A write key, sent as Authorization: Bearer.", valueName: "key"))
    var key: String?

    @Option(help: ArgumentHelp("The Origin header, as a browser on that site would send it.", valueName: "origin"))
    var origin: String?

    @Option(help: ArgumentHelp("Events in one request, 1 to 500.", valueName: "n"))
    var batch = 100

    @Flag(help: "Print JSON for machines.")
    var json = false

    @Argument(help: ArgumentHelp("Files to send; - is standard input.", valueName: "file"))
    var files: [String]

    func validate() throws {
        guard (1...500).contains(batch) else { throw ValidationError("--batch must be from 1 to 500") }
        for (name, value) in [("--key", key), ("--origin", origin)] {
            guard value?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ?? true else {
                throw ValidationError("\(name) must hold no spaces or control characters")
            }
        }
    }

    func run() async throws {
        let base = try HTTPClient.baseURL(to, option: "--to")
        let inputs = try files.map { (file: $0, input: try SendInput(SendInput.read($0), file: $0)) }
        let sender = EventSender(base: base, extraHeaders: headers, batchSize: batch, http: try HTTPClient())
        let report = try await sender.send(inputs)
        if json {
            print(try report.json())
        } else {
            for problem in report.problems { StandardError.print(TerminalText.sanitized(Self.text(problem))) }
            print(report.summary)
        }
        if report.hasFailed { throw CommandFailure("") }
    }

    private var headers: [HTTPRequest.Header] {
        var headers: [HTTPRequest.Header] = []
        if let key { headers.append(HTTPRequest.Header(name: "Authorization", value: "Bearer \(key)")) }
        if let origin { headers.append(HTTPRequest.Header(name: "Origin", value: origin)) }
        return headers
    }

    private static func text(_ problem: SendReport.Problem) -> String {
        let status = problem.status.map { "refused (\($0))" } ?? "rejected"
        let pointer = problem.pointer.map { $0.isEmpty ? "" : " \($0):" } ?? ""
        return "\(problem.file):\(problem.position): \(status):\(pointer) \(problem.reason)"
    }
}
