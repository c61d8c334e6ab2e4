/// `relais serve` as a process of its own, in a folder of its own, which outlives the process so that it can be started
/// again with what it had.
package final class RelaisProcess {
    package let installation: Installation
    package let directory: TemporaryDirectory
    package var configuration: RelayConfiguration
    package private(set) var process: ChildProcess?
    /// What the relay's command is preceded by, for instance that of a `SmallDisk`.
    package var prefix: [String] = []

    package init(_ installation: Installation, _ configuration: RelayConfiguration) throws {
        self.installation = installation
        self.configuration = configuration
        directory = try TemporaryDirectory("relay")
    }

    package var configurationFile: String { directory.file("relais.yaml") }
    package var log: String { TemporaryDirectory.text(of: directory.file("relais.log")) }
    package var stateDirectory: String { directory.file(configuration.state) }

    /// Without a key.
    package var client: HTTPClient { HTTPClient(port: configuration.port) }

    /// With the server source's key.
    package var server: HTTPClient {
        HTTPClient(port: configuration.port, headers: [("authorization", "Bearer \(RelayConfiguration.writeKey)")])
    }

    package var admin: HTTPClient {
        HTTPClient(
            port: configuration.adminPort,
            headers: [("authorization", "Bearer \(RelayConfiguration.adminToken)")]
        )
    }

    /// Starts it and waits until it is ready.
    /// - Parameter fileSizeLimit: in blocks of 512 bytes; writes beyond fail as on a full disk.
    package func start(fileSizeLimit: Int? = nil) async throws {
        try launch(fileSizeLimit: fileSizeLimit)
        try await waitUntilReady()
    }

    package func launch(fileSizeLimit: Int? = nil) throws {
        try directory.write(configuration.yaml, to: "relais.yaml")
        var command = [installation.binary, "serve", "--config", configurationFile]
        if let fileSizeLimit {
            command = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f \(fileSizeLimit); exec \"$@\"", "sh"] + command
        }
        command = prefix + command
        process = try ChildProcess(
            command[0],
            Array(command.dropFirst()),
            environment: installation.environment,
            output: directory.file("relais.log")
        )
    }

    package func waitUntilReady(within timeout: Duration = .seconds(30)) async throws {
        let isReady = try await eventually(within: timeout, every: .milliseconds(10)) {
            if let ending = process?.poll() { throw TestFailure("the relay ended (\(ending)): \(log)") }
            return (try? client.get("/readyz"))?.status == 200 && (try? admin.get("/healthz"))?.status == 200
        }
        guard isReady else { throw TestFailure("the relay is not ready after \(timeout): \(log)") }
    }

    /// As a power failure would.
    package func kill() async throws {
        process?.kill()
        try await process?.wait()
    }

    /// As an operator would; the exit status.
    @discardableResult
    package func terminate(within timeout: Duration = .seconds(30)) async throws -> ChildProcess.Ending? {
        process?.terminate()
        return try await process?.wait(within: timeout)
    }

    /// Sends a signal to one child of the relay, picked by the number; false when it has none.
    @discardableResult
    package func killPluginChild(_ number: Int) -> Bool {
        guard let process else { return false }
        let children = ChildProcess.children(of: process.processID).sorted()
        guard !children.isEmpty else { return false }
        ChildProcess.killProcess(children[number % children.count])
        return true
    }

    package func destinations() throws -> [JSONValue] { try admin.get("/api/v1/destinations").json().array }

    package func destination(_ name: String) throws -> JSONValue {
        try destinations().first { $0["id"].string == name } ?? .null
    }

    /// Waits until no destination has anything left to do; throws when one still has after the time given.
    package func waitUntilDelivered(_ names: [String]? = nil, within timeout: Duration = .seconds(60)) async throws {
        var last: [JSONValue] = []
        let isDone = try await eventually(within: timeout, every: .milliseconds(50)) {
            last = try destinations().filter { names?.contains($0["id"].string ?? "") ?? true }
            return !last.isEmpty
                && last.allSatisfy { $0["lag"].int == 0 && $0["in_flight"].int == 0 && $0["retrying"].int == 0 }
        }
        guard isDone else { throw TestFailure("not delivered after \(timeout): \(last)\n\(log.suffix(4_000))") }
    }

    /// Runs a subcommand of the command that talks to this relay's admin API.
    package func command(_ arguments: [String]) async throws -> CommandResult {
        try await installation.run(
            arguments + [
                "--admin", "http://127.0.0.1:\(configuration.adminPort)", "--token", RelayConfiguration.adminToken,
            ]
        )
    }
}
