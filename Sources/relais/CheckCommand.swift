import ArgumentParser
import Foundation
import RelaisConfig
import RelaisEvent
import RelaisServer

/// `relais check`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration and the plugins it uses, without serving.",
        discussion: """
            Reads the file, finds the plugins, holds every destination's config against its plugin's schema, and starts \
            each plugin once in a process of its own to see whether it accepts its configuration. Nothing is sent. \
            Findings go to standard error, one a line, in the form compilers use:

              relais.yaml:12:5: error: destinations.meta.config.pixel_id: is required

            --explain also prints every value in effect and where it comes from: its place in the file, with the variable \
            or file behind it, the default, or the plugin's manifest. Secrets are shown as references.

            Examples:
              relais check --config relais.yaml
              relais check --config relais.yaml --json | jq '.findings[].message'
              relais check --config relais.yaml --explain

            Exit codes: 0 no error (warnings do not count), 2 an error in the file, in a plugin or in the usage.
            """
    )

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Flag(help: "Print JSON for machines.")
    var json = false

    @Flag(help: "Print every value in effect and its origin.")
    var explain = false

    func run() async throws {
        let report = ConfigurationCheck.run(path: config, environment: ProcessInfo.processInfo.environment)
        if json {
            print(String(decoding: report.json(explains: explain), as: UTF8.self))
        } else {
            for finding in report.findings { StandardError.print(TerminalText.sanitized(finding.description)) }
            for problem in report.pluginProblems { StandardError.print(TerminalText.sanitized("error: \(problem)")) }
            if explain { printValues(report) }
            if !report.hasErrors { print(report.summary) }
        }
        if report.hasErrors { throw CommandFailure("", code: CommandFailure.usage) }
    }

    private func printValues(_ report: ConfigurationCheck) {
        var table = Table(["KEY", "VALUE", "FROM"])
        for value in report.values { table.add([value.path, value.value, value.origin.description]) }
        for line in table.lines(width: nil) { print(line) }
        print()
    }
}
