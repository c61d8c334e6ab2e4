import ArgumentParser
import Foundation
import RelaisServer

/// `relais doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine an installation and, from outside, a running relay.",
        discussion: """
            Examines what `relais check` examines, the state folder's permissions, the disk and the certificate. With --url \
            it also asks a running relay, as a page of the site would: does it answer over valid HTTPS, do cookies come \
            back through whatever stands in front, do the clocks agree, and would Safari cut the cookies to seven days, by \
            the names and addresses of relay and page. Nothing is stored there.

            Each line begins with ok, advice (works, but could be better) or problem (must be mended).

            Examples:
              relais doctor --config relais.yaml
              relais doctor --config relais.yaml --url https://t.example.com
              relais doctor --config relais.yaml --url https://t.example.com --page https://www.example.com --json

            Exit codes: 0 nothing must be mended, 1 something must, 2 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("The address that pages send to.", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp("A page of the site; without it, the front page of the site's domain.", valueName: "url")
    )
    var page: String?

    @Option(help: ArgumentHelp("Certificate authorities to trust in place of the system's (PEM).", valueName: "file"))
    var ca: String?

    @Flag(help: "Print JSON for machines.")
    var json = false

    func run() async throws {
        var options = Doctor.Options(
            configurationPath: config,
            environment: ProcessInfo.processInfo.environment
        )
        options.url = try Self.url(url, option: "--url")
        options.page = try Self.url(page, option: "--page")
        let client = try HTTPClient(timeoutMilliseconds: 10_000, certificateAuthorities: ca)
        let report = await Doctor(options) { await client.send($0) }.examine()
        if json { print(report.json) } else { Self.show(report) }
        if report.hasProblems { throw CommandFailure("") }
    }

    private static func url(_ text: String?, option: String) throws -> RelayURL? {
        guard let text else { return nil }
        if let url = RelayURL(text) { return url }
        throw CommandFailure(
            "\(option) must be a URL such as https://t.example.com, not \"\(text)\"",
            code: CommandFailure.usage
        )
    }

    private static func show(_ report: DoctorReport) {
        for finding in report.findings {
            let word = finding.status.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            let check = finding.check.padding(toLength: 14, withPad: " ", startingAt: 0)
            let fix = finding.fix.map { " (fix: \($0))" } ?? ""
            let text = TerminalText.sanitized("\(check)\(finding.message)\(fix)")
            print("\(Terminal.colored(word, color(finding.status)))\(text)")
        }
    }

    private static func color(_ status: DoctorReport.Status) -> Terminal.Color? {
        guard Terminal.hasColors else { return nil }
        return switch status {
        case .ok: .green
        case .advice: .yellow
        case .problem: .red
        }
    }
}
