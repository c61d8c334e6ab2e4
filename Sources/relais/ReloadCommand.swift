import ArgumentParser
import RelaisConfig
import RelaisEvent
import RelaisServer

/// `relais reload`
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have a running relay read its configuration again.",
        discussion: """
            The relay reads the file it was started with, and plugin files that were replaced, and applies them without \
            dropping a connection or an event. When anything is wrong, nothing changes, all findings go to standard \
            error in the form compilers use, and the exit code is 1. kill -HUP does the same and tells only the relay's \
            log. ${NAME} stands for what the environment was when the relay started; a secret that changes belongs in a \
            file: { file: path }.

            Destinations that nothing changes for go on undisturbed; others finish what is in flight, up to 10 seconds, \
            and start anew from where they stand.

            Examples:
              relais reload --config relais.yaml
              relais reload --admin http://127.0.0.1:9090 --json | jq .destinations

            Exit codes: 0 applied, 1 nothing has changed, or the relay does not answer, 2 wrong usage or configuration.
            """
    )

    @OptionGroup var options: AdminOptions

    private static let patience: Int64 = 300_000

    func run() async throws {
        let client = try options.client(timeoutMilliseconds: Self.patience)
        let response = try await client.post("/api/v1/reload", refusals: [422])
        if options.json {
            print(String(decoding: response.body, as: UTF8.self), terminator: "")
            if response.status != 200 { throw CommandFailure("") }
            return
        }
        let result = try client.decode(response.body, as: ReloadResult.self)
        for line in result.complaints { StandardError.print(TerminalText.sanitized(line)) }
        guard result.applied else { throw CommandFailure("nothing has changed: the relay runs as before") }
        print(TerminalText.sanitized(result.summary))
    }
}

/// The admin API's answer to a reload.
struct ReloadResult: Decodable {
    struct Destinations: Decodable {
        var added: [String]
        var restarted: [String]
        var removed: [String]
        var unchanged: [String]
    }

    struct Finding: Decodable {
        var severity: ConfigurationDiagnostic.Severity
        var file: String
        var line: Int
        var column: Int
        var path: String?
        var message: String
        var fix: String?
    }

    var applied: Bool
    var destinations: Destinations
    var findings: [Finding]
    var problems: [String]

    var complaints: [String] {
        let findings = findings.map { finding in
            ConfigurationDiagnostic(
                finding.severity,
                at: SourceLocation(file: finding.file, line: finding.line, column: finding.column),
                path: finding.path ?? "",
                message: finding.message,
                fix: finding.fix
            ).description
        }
        return findings + problems.map { "\(applied ? "warning" : "error"): \($0)" }
    }

    var summary: String {
        let parts = [
            ("added", destinations.added), ("restarted", destinations.restarted), ("removed", destinations.removed),
        ]
        let changed = parts.filter { !$0.1.isEmpty }.map { "\($0): \($1.joined(separator: ", "))" }
        return "applied; destinations "
            + (changed + ["unchanged: \(destinations.unchanged.count)"]).joined(separator: "; ")
    }
}
