internal import Foundation

/// Where the built programs are. The C parts are built by `make plugins`.
///
/// | variable | instead of |
/// |---|---|
/// | `RELAIS_BINARY` | `relais` beside the test bundle |
/// | `RELAIS_DIST` | `dist` in the repository |
/// | `RELAIS_PLUGIN_HOST` | `bin/relais-plugin-host` in it |
package struct Installation: Sendable {
    package let binary: String
    package let plugins: String
    package let pluginHost: String

    /// The repository, seen from a file of a test target.
    package static func repository(_ file: String = #filePath) -> String {
        var path = (file as NSString).standardizingPath
        while path.count > 1 {
            if FileManager.default.fileExists(atPath: "\(path)/Package.swift") { return path }
            path = (path as NSString).deletingLastPathComponent
        }
        return FileManager.default.currentDirectoryPath
    }

    package static func find(repository: String) throws -> Installation {
        let environment = ProcessInfo.processInfo.environment
        let distribution = environment["RELAIS_DIST"] ?? "\(repository)/dist"
        let bundle = (CommandLine.arguments[0] as NSString).deletingLastPathComponent
        let installation = Installation(
            binary: environment["RELAIS_BINARY"] ?? "\(bundle)/relais",
            plugins: "\(distribution)/plugins",
            pluginHost: environment["RELAIS_PLUGIN_HOST"] ?? "\(distribution)/bin/relais-plugin-host"
        )
        for path in [installation.binary, installation.plugins, installation.pluginHost]
        where !FileManager.default.fileExists(atPath: path) {
            throw TestFailure("\(path) is missing: run `make plugins` and `swift build` first, or use `make test`")
        }
        return installation
    }

    /// Runs the command to its end.
    package func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "/dev/null",
        within timeout: Duration = .seconds(60)
    ) async throws -> CommandResult {
        try await CommandResult.of(
            binary,
            arguments,
            environment: self.environment.merging(environment) { $1 },
            input: input,
            within: timeout
        )
    }

    package var environment: [String: String] { ["RELAIS_PLUGIN_HOST": pluginHost] }
}

/// What a command wrote and how it ended.
package struct CommandResult: Sendable {
    package var ending: ChildProcess.Ending
    package var output: String
    package var errors: String

    package var status: Int32? {
        guard case .exited(let status) = ending else { return nil }
        return status
    }

    package func json() throws -> JSONValue { try JSONValue.parse(output) }

    /// Runs a program to its end.
    package static func of(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "/dev/null",
        within timeout: Duration = .seconds(60)
    ) async throws -> CommandResult {
        let directory = try TemporaryDirectory("command")
        let process = try ChildProcess(
            program,
            arguments,
            environment: environment,
            output: directory.file("out"),
            errors: directory.file("err"),
            input: input
        )
        let ending = try await process.wait(within: timeout)
        return CommandResult(
            ending: ending,
            output: TemporaryDirectory.text(of: directory.file("out")),
            errors: TemporaryDirectory.text(of: directory.file("err"))
        )
    }
}
