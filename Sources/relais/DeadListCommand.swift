import ArgumentParser
import RelaisServer

/// `relais dead list`
struct DeadListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List dead letters, newest first, and count them by reason.",
        discussion: """
            STATE is dead, or retrying while a letter is being sent again. The counts are of all letters that pass the \
            filters, not only of those listed. A second table has the backlogs that were given up as a whole (expired, \
            shed, log_trimmed): it counts log entries, of which the destination's events are some or all. It is left out \
            when a filter names events.

            Examples:
              relais dead list --config relais.yaml
              relais dead list --destination meta --since 2h --config relais.yaml
              relais dead list --config relais.yaml --json | jq '.counts'

            Exit codes: 0 ok, 1 the relay does not answer or refuses, 2 wrong usage or configuration.
            """
    )

    @OptionGroup var selection: DeadSelection

    @Option(help: ArgumentHelp("How many letters to list, 1 to 500.", valueName: "n"))
    var limit = 50

    @OptionGroup var options: AdminOptions

    func validate() throws {
        guard (1...500).contains(limit) else { throw ValidationError("--limit must be from 1 to 500") }
    }

    func run() async throws {
        let client = try options.client()
        let body = try await client.get("/api/v1/dead" + selection.body().query(limit: limit))
        guard !options.json else { return print(String(decoding: body, as: UTF8.self), terminator: "") }
        let page = try client.decode(body, as: DeadPage.self)
        guard page.total > 0 || !page.ranges.isEmpty else { return print("no dead letters") }
        if page.total > 0 { Self.printLetters(page) }
        guard !page.ranges.isEmpty else { return }
        if page.total > 0 { print("") }
        print("Backlogs given up as a whole:")
        for line in Self.table(page.ranges).lines(width: Terminal.width) { print(line) }
    }

    private static func printLetters(_ page: DeadPage) {
        for line in Self.table(page.letters).lines(width: Terminal.width) { print(line) }
        if page.total > page.letters.count { print("… and \(page.total - page.letters.count) more") }
        print("")
        for line in Self.table(page.counts).lines(width: Terminal.width) { print(line) }
    }

    static func table(_ letters: [DeadPage.Letter]) -> Table {
        var table = Table(["SEQ", "DIED", "DESTINATION", "EVENT", "ID", "STATE", "REASON", "DETAIL"], numeric: [0])
        for letter in letters {
            table.add([
                "\(letter.seq)", letter.died, letter.destination, letter.eventName, letter.eventID, letter.state,
                letter.reason, letter.detail ?? "",
            ])
        }
        return table
    }

    static func table(_ ranges: [DeadPage.Range]) -> Table {
        var table = Table(
            ["LOG ENTRIES", "FROM", "TO", "DIED", "DESTINATION", "REASON", "DETAIL"],
            numeric: [0, 1, 2]
        )
        for range in ranges {
            table.add([
                "\(range.count)", "\(range.from)", "\(range.to)", range.died, range.destination, range.reason,
                range.detail ?? "",
            ])
        }
        return table
    }

    static func table(_ counts: [DeadPage.Count]) -> Table {
        var table = Table(["COUNT", "DESTINATION", "REASON"], numeric: [0])
        for count in counts { table.add(["\(count.count)", count.destination, count.reason]) }
        return table
    }
}
