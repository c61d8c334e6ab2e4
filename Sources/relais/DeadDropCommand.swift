import ArgumentParser
import Foundation
import RelaisServer

/// `relais dead drop`
struct DeadDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Forget dead letters for good.",
        discussion: """
            Their records are removed; what the log still holds of the events stays until its retention ends. Letters that \
            are being sent again are left alone; backlogs that were given up as a whole end too. On a terminal it asks \
            first; elsewhere --yes is needed. Export them before if in doubt.

            Examples:
              relais dead drop seq:12 --destination meta --config relais.yaml
              relais dead drop --reason too_old --all --yes --config relais.yaml

            Exit codes: 0 dropped, 1 not, or not all of them, 2 wrong usage or configuration.
            """
    )

    @Argument(help: ArgumentHelp("One event: its event_id, or seq:N.", valueName: "id"))
    var id: String?

    @OptionGroup var selection: DeadSelection

    @Flag(help: "Needed when neither an event nor a destination is named: those of every destination.")
    var all = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var options: AdminOptions

    func validate() throws { try DeadWork.mustBeNamed(id, selection, all) }

    func run() async throws {
        let client = try options.client()
        let wanted = try selection.body(id: id)
        if !yes { try await ask(client, wanted) }
        try await DeadWork(verb: "drop", client: client).run(wanted).report(options.json, "dropped")
    }

    private func ask(_ client: AdminClient, _ wanted: DeadLetterSelection) async throws {
        let page = try await client.get("/api/v1/dead" + wanted.query(limit: 1), as: DeadPage.self)
        guard page.total > 0 || !page.ranges.isEmpty else { return }
        let entries = page.ranges.reduce(0) { $0 + $1.count }
        let what = "\(page.total) dead letters" + (entries > 0 ? " and ranges of \(entries) log entries" : "")
        guard Terminal.isInput, Terminal.isError else {
            throw CommandFailure(
                "\(what) would be dropped: confirm with --yes, there is no terminal to ask on",
                code: CommandFailure.usage
            )
        }
        StandardError.write("Drop \(what) for good? [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        guard ["y", "yes"].contains(answer) else { throw CommandFailure("nothing was dropped") }
    }
}
