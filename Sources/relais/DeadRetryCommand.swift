import ArgumentParser
import RelaisServer

/// `relais dead retry`
struct DeadRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send dead letters again.",
        discussion: """
            They are delivered with the event_id they had, flagged as a replay, and with what was decided of their consent \
            then. max_age does not hold them back; the vendor's own limits do. A letter stays until its event is \
            delivered; one that is rejected again is a dead letter again, with the new reason. A destination takes 5000 at \
            a time, so the command goes on until all are on their way; interrupting it leaves the rest as they are.

            Backlogs that were given up as a whole become letters of their own first, as far as the log still has them; \
            the command says how many entries are gone for good. One event of such a backlog cannot be named: it is sent \
            again with the others.

            With --wait it also waits for the outcome.

            Examples:
              relais dead retry 8f14e45f --config relais.yaml                     one event, everywhere
              relais dead retry --destination meta --config relais.yaml           all of a destination
              relais dead retry --reason expired --since 2d --all --config relais.yaml

            Exit codes: 0 all are on their way (with --wait: delivered), 1 some are not, 2 wrong usage or configuration.
            """
    )

    @Argument(help: ArgumentHelp("One event: its event_id, or seq:N.", valueName: "id"))
    var id: String?

    @OptionGroup var selection: DeadSelection

    @Flag(help: "Needed when neither an event nor a destination is named: those of every destination.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Wait up to so many seconds until the letters are delivered or dead again.",
            valueName: "seconds"
        )
    )
    var wait: Double = 0

    @OptionGroup var options: AdminOptions

    func validate() throws {
        try DeadWork.mustBeNamed(id, selection, all)
        guard (0...86_400).contains(wait) else { throw ValidationError("--wait must be from 0 to 86400 seconds") }
    }

    func run() async throws {
        let client = try options.client()
        let result = try await DeadWork(verb: "retry", client: client).run(selection.body(id: id))
        if wait > 0 { try await settle(client, result) }
        try result.report(options.json, "on their way")
    }

    /// Waits until none of what was named is being sent again; fails when letters have died since.
    private func settle(_ client: AdminClient, _ result: DeadWork.Result) async throws {
        var wanted = try selection.body(id: id)
        (wanted.reason, wanted.since, wanted.until) = (nil, nil, nil)
        let deadline = ContinuousClock.now.advanced(by: .seconds(wait))
        while true {
            let letters = try await Self.letters(wanted, client)
            let open = letters.count { $0.state == "retrying" }
            guard open > 0 else {
                let dead = letters.count { $0.died >= result.until }
                guard dead > 0 else { return }
                throw CommandFailure("\(dead) are dead again: see relais dead list")
            }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure("after \(wait) seconds \(open) are still being sent")
            }
            try await Task.sleep(for: .milliseconds(letters.count < 500 ? 200 : 1000))
        }
    }

    private static func letters(_ wanted: DeadLetterSelection, _ client: AdminClient) async throws -> [DeadPage.Letter]
    {
        var letters: [DeadPage.Letter] = []
        var before: UInt64?
        repeat {
            let page = try await client.get(
                "/api/v1/dead" + wanted.query(before: before, limit: 500),
                as: DeadPage.self
            )
            letters += page.letters
            before = page.next
        } while before != nil
        return letters
    }
}
