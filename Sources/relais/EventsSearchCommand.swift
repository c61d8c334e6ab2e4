import ArgumentParser
import Foundation
import RelaisEvent
import RelaisPrivacy
import RelaisServer

/// `relais events search`
struct EventsSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find events by id, visitor, name and time.",
        discussion: """
            All that is given must hold. An e-mail address or phone number is normalised and hashed here, in every form \
            that plugins know, and only the hashes are sent, never in a URL. Give - to read the value from standard input, \
            so that neither the list of processes nor the shell's history shows it. It is found in events whose \
            destinations asked for that kind of user data.

            Not found are events that no destination was entitled to, but by name, site, source and time: of them only a \
            stub without ids is kept. Nor is what the log's retention has removed. Newest first.

            Examples:
              relais events search --transaction-id 1001 --config relais.yaml
              relais events search --client-id 1747939876.1695445369 --since 2h --config relais.yaml
              printf %s jane@example.org | relais events search --email - --config relais.yaml
              relais events search --event purchase --since 2026-11-25 --until 2026-11-26 --config relais.yaml --json

            Exit codes: 0 something was found, 1 nothing was found, or the relay does not answer, 2 wrong usage or \
            configuration.
            """
    )

    @Option(help: ArgumentHelp("The event's event_id.", valueName: "id"))
    var eventID: String?

    @Option(help: ArgumentHelp("The event's transaction_id.", valueName: "id"))
    var transactionID: String?

    @Option(help: ArgumentHelp("The visitor's client_id.", valueName: "id"))
    var clientID: String?

    @Option(
        help: ArgumentHelp(
            "The visitor's e-mail address in clear; - reads it from standard input.",
            valueName: "address"
        )
    )
    var email: String?

    @Option(
        help: ArgumentHelp("The visitor's phone number in clear; - reads it from standard input.", valueName: "number")
    )
    var phone: String?

    @Option(help: ArgumentHelp("The country of a phone number without +, for instance FR.", valueName: "code"))
    var country: String?

    @Option(help: ArgumentHelp("The SHA-256 of an e-mail address, phone number or external id.", valueName: "hex"))
    var identifier: String?

    @Option(help: ArgumentHelp("The event's name, for instance purchase.", valueName: "name"))
    var event: String?

    @Option(help: ArgumentHelp("The site it belongs to.", valueName: "name"))
    var site: String?

    @Option(
        help: ArgumentHelp(
            "Received since: a time such as 2026-11-26T14:30:00Z, or so long ago: 30m, 2h, 7d.",
            valueName: "time"
        )
    )
    var since: String?

    @Option(help: ArgumentHelp("Received before; default: now.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("At most so many events.", valueName: "n"))
    var limit = 50

    @OptionGroup var options: AdminOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000") }
        let given = [eventID, transactionID, clientID, email, phone, identifier, event, site, since, until]
        guard given.contains(where: { $0 != nil }) else {
            throw ValidationError("say what to look for; relais events table lists the newest events")
        }
        if [email, phone, identifier].count(where: { $0 != nil }) > 1 {
            throw ValidationError("--email, --phone and --identifier exclude each other")
        }
        if eventID != nil, transactionID != nil {
            throw ValidationError("--event-id and --transaction-id exclude each other")
        }
    }

    func run() async throws {
        var body = SearchWords()
        body.eventID = eventID
        body.transactionID = transactionID
        body.clientID = clientID
        body.limit = min(limit, 500)
        body.identifiers = try identifiers()
        body.eventName = event
        body.site = site
        body.since = try TimeOption.absolute(since, option: "--since")
        body.until = try TimeOption.absolute(until, option: "--until")
        let client = try options.client()
        let found = try await search(client, body)
        if options.json { print("[" + found.map(\.json).joined(separator: ",\n") + "]") }
        guard !found.isEmpty else { throw CommandFailure(options.json ? "" : "no such event was found") }
        guard !options.json else { return }
        let order = try await client.get("/api/v1/destinations", as: [DestinationRow].self).map(\.id)
        EventsTableCommand.show(found.map(\.row), order)
    }

    /// Page by page: each looks at a bounded part of the log.
    private func search(_ client: AdminClient, _ body: SearchWords) async throws -> [FetchedEvent] {
        var body = body
        var found: [FetchedEvent] = []
        repeat {
            let page = try await client.page("/api/v1/events", body: body)
            found += try FetchedEvent.read(page.body, client)
            body.before = page.next
        } while body.before != nil && found.count < limit
        return Array(found.prefix(limit))
    }

    private func identifiers() throws -> [String]? {
        if let identifier { return [identifier.lowercased()] }
        let (given, kind, option) = email != nil ? (email, UserDataKind.email, "--email") : (phone, .phone, "--phone")
        guard let given else { return nil }
        let value = given == "-" ? readLine() ?? "" : given
        let hashes = try SearchHashes.of(value, kind: kind, country: country?.uppercased())
        guard !hashes.isEmpty else {
            let hint = kind == .phone && country == nil ? "; a number without + needs --country" : ""
            throw CommandFailure("what \(option) gives cannot be read as one\(hint)", code: CommandFailure.usage)
        }
        return hashes
    }
}
