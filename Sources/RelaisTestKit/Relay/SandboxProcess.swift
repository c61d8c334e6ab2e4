/// `relais sandbox` as a process of its own.
package final class SandboxProcess {
    package let port: Int
    package let client: HTTPClient
    private let installation: Installation
    private let directory: TemporaryDirectory
    private var process: ChildProcess

    package static func start(_ installation: Installation, port: Int? = nil) async throws -> SandboxProcess {
        let port = try port ?? FreePort.next()
        let directory = try TemporaryDirectory("sandbox")
        let process = try launch(installation, port, directory)
        let sandbox = SandboxProcess(installation, port, directory, process)
        try await sandbox.waitUntilReady()
        return sandbox
    }

    private init(_ installation: Installation, _ port: Int, _ directory: TemporaryDirectory, _ process: ChildProcess) {
        self.installation = installation
        self.port = port
        self.directory = directory
        self.process = process
        client = HTTPClient(port: port)
    }

    private static func launch(_ installation: Installation, _ port: Int, _ directory: TemporaryDirectory) throws
        -> ChildProcess
    {
        try ChildProcess(
            installation.binary,
            ["sandbox", "--listen", "127.0.0.1:\(port)"],
            output: directory.file("sandbox.log")
        )
    }

    private func waitUntilReady() async throws {
        let isReady = await eventually(within: .seconds(30)) { (try? client.get("/"))?.status == 200 }
        guard isReady else { throw TestFailure("the sandbox did not start: \(log)") }
    }

    package var log: String { TemporaryDirectory.text(of: directory.file("sandbox.log")) }

    /// Ends the process: whatever is sent now finds nobody.
    package func stop() async throws {
        process.kill()
        try await process.wait()
    }

    /// Ends it as Ctrl-C does; how it ended.
    package func interrupt() async throws -> ChildProcess.Ending {
        process.interrupt()
        return try await process.wait(within: .seconds(15))
    }

    /// Starts it again, at the same port, knowing nothing of what was before.
    package func startAgain() async throws {
        process = try Self.launch(installation, port, directory)
        try await waitUntilReady()
    }

    /// Everything received, oldest first.
    package func received(_ vendor: String, accepted: Bool? = nil) throws -> [JSONValue] {
        try client.get("/_received?vendor=\(vendor)\(accepted.map { "&accepted=\($0)" } ?? "")").json().array
    }

    /// The events of what was accepted, in order of arrival.
    package func events(_ vendor: String) throws -> [JSONValue] {
        try client.get("/_received?vendor=\(vendor)&fields=events&accepted=true").json().array
    }

    package func eventIDs(_ vendor: String) throws -> [String] {
        try events(vendor).compactMap { $0["event_id"].string }
    }

    package func forget() throws { _ = try client.request("DELETE", "/_received") }

    /// Sets faults, as JSON; throws when the sandbox does not take them.
    package func setFaults(_ json: String) throws {
        let answer = try client.request("PUT", "/_faults", body: Array(json.utf8))
        guard answer.status == 200 else { throw TestFailure("faults refused: \(answer.text)") }
    }

    package func liftFaults() throws { _ = try client.request("DELETE", "/_faults") }
}
