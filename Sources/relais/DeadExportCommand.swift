import ArgumentParser
import Foundation
import RelaisEvent

/// `relais dead export`
struct DeadExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write dead letters as JSON, one a line, each with its event.",
        discussion: """
            A line is {"destination","seq","event_id","event_name","died","attempts","reason","detail","state",\
            "retriable","event"}; event is as POST /v1/events takes it, user data as the hashes that are kept, so that it \
            can be looked at or sent again. Personal data in clear is not in it, but for what plugins want so (cities, \
            postal codes). What only gtag's own wire format holds is left out. Backlogs \
            that were given up as a whole are not in it until they are retried.

            Examples:
              relais dead export --config relais.yaml > dead.ndjson
              relais dead export --destination meta --since 7d --output dead.ndjson --config relais.yaml
              jq -c .event dead.ndjson | relais send --to http://127.0.0.1:8080 --key "$WRITE_KEY" -

            Exit codes: 0 ok, 1 the relay does not answer, or the file cannot be written, 2 wrong usage or configuration.
            """
    )

    @OptionGroup var selection: DeadSelection

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write, which must not exist; default: standard output.", valueName: "file")
    )
    var output: String?

    @OptionGroup var options: AdminOptions

    private static let pageSize = 200

    func run() async throws {
        let client = try options.client()
        let wanted = try selection.body()
        let file = try output.map(Self.create)
        var before: UInt64?
        var done = 0
        let total = try await client.get("/api/v1/dead" + wanted.query(limit: 1), as: DeadPage.self).total
        var progress = ProgressBar(total: file == nil ? 0 : total, noun: "dead letters")
        defer { progress.finish() }
        repeat {
            let page = try await client.page(
                "/api/v1/dead" + wanted.query(before: before, limit: Self.pageSize, events: true),
                accept: "application/x-ndjson"
            )
            try (file ?? FileHandle.standardOutput).write(contentsOf: Data(page.body))
            done += page.body.count { $0 == 0x0A }
            progress.update(done)
            before = page.next
        } while before != nil
        if output != nil, !options.json { print("\(done) dead letters written to \(output ?? "")") }
    }

    private static func create(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
