/// The page about the sandbox, from what its simulators say of themselves.
enum SandboxReference {
    static var markdown: String {
        let parts = [introduction] + SandboxServer.simulators.map(section) + [common]
        return parts.joined(separator: "\n")
    }

    private static let introduction = """
        # The sandbox

        <!-- Made from Sources/RelaisSandbox: RELAIS_UPDATE_FIXTURES=1 swift test --filter SandboxReferenceTests -->

        `relais sandbox` simulates the vendors' APIs on one port, by default `127.0.0.1:9191`. A destination's `endpoint`
        leads there: `http://127.0.0.1:9191/graph.facebook.com` and so on. Nothing that is sent to it leaves the machine.

        It is strict: what a vendor refuses is refused, with the vendor's status, headers and body. What a vendor takes
        although it should not be sent is taken and noted. `relais sandbox --no-strict` refuses nothing that holds an event
        and comes to the right path; it notes what it would have refused.

        | call | answer |
        |---|---|
        | `GET /` | the hosts and paths that are simulated |
        | `GET /_received` | the requests, oldest first; `?vendor=meta`, `&accepted=true`, `&since=INDEX`, `&fields=events` |
        | `GET /_received/count` | how many requests, events and duplicates; `?vendor=meta` |
        | `GET /_received/count?by=event_id` | how often each event was received, accepted and recognised as a duplicate |
        | `DELETE /_received` | forgets; `?vendor=meta` |
        | `PUT /_faults` | makes a vendor fail: `vendor`, `status`, `body`, `headers`, `rate`, `latency_ms`, `outage`, `reset`, `malformed`, `match`, `count` |
        | `GET /_faults`, `DELETE /_faults` | the faults in force; lifts them |

        Each record has `problems`, and with the same indexes `checks`: the ids of the tables below. Every rule in them is
        broken on purpose by a test. The sources are the vendors' pages, read in 2026, and answers that others recorded.

        """

    private static func section(_ simulator: any VendorSimulator) -> String {
        let portrait = simulator.portrait
        var text = "## \(portrait.title)\n\n\(portrait.introduction)\n\n"
        text += "Hosts: " + simulator.hosts.map { "`\($0)`" }.joined(separator: ", ") + ". Paths: "
        text += simulator.paths.map { "`\($0)`" }.joined(separator: ", ") + ".\n\n"
        text += table(portrait.checks)
        if !portrait.provocations.isEmpty {
            text += "\nWhat a request can ask for:\n\n| with | the answer is |\n|---|---|\n"
            text += portrait.provocations.map { "| \($0.words) | \($0.answer) |\n" }.joined()
        }
        text += "\nA second copy is recognised by: \(portrait.duplicates)\n"
        text += "\nWhat it cannot know:\n\n" + portrait.unknown.map { "- \($0)\n" }.joined()
        return text
    }

    private static var common: String {
        "## All of them\n\n" + table(ListedCheck.all(of: SandboxCheck.self))
    }

    private static func table(_ checks: [ListedCheck]) -> String {
        let rows = checks.map { "| `\($0.id)` | \($0.sentence) | \($0.answer) | \($0.source) |\n" }
        return "| check | rule | answer to a breach | source |\n|---|---|---|---|\n" + rows.joined()
    }
}
