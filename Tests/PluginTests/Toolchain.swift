import Foundation
import RelaisTestKit

/// Programs that tests run to their end.
enum Toolchain {
    struct Output: Sendable {
        let status: Int32
        let text: String
        let errors: String

        var succeeded: Bool { status == 0 }
        /// What is shown when a command was to succeed and did not.
        var complaint: String { "status \(status)\n\(errors.suffix(4_000))\n\(text.suffix(2_000))" }
    }

    static let repository = Installation.repository()
    static let sdk = repository + "/plugin-sdk"
    static let compilers = ["gcc", "clang"].filter(isInstalled)

    /// A C source of this target.
    static func source(_ name: String) throws -> String {
        guard let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil) else {
            throw TestFailure("the test bundle has no Fixtures")
        }
        return folder.appendingPathComponent(name).path
    }

    static func run(_ command: [String], environment: [String: String] = [:]) async throws -> Output {
        let folder = try TemporaryDirectory("plugin-tests")
        let process = try ChildProcess(
            "/usr/bin/env",
            command,
            environment: environment,
            output: folder.file("out"),
            errors: folder.file("err")
        )
        let ending = try await process.wait(within: .seconds(300))
        let status: Int32
        switch ending {
        case .exited(let code): status = code
        case .signalled(let signal): status = 128 + signal
        }
        return Output(
            status: status,
            text: TemporaryDirectory.text(of: folder.file("out")),
            errors: TemporaryDirectory.text(of: folder.file("err"))
        )
    }

    /// Compiles a C source with the SDK's headers and jansson.
    static func build(
        _ source: String,
        to executable: String,
        flags: [String] = [],
        headers: String = sdk + "/include"
    ) async throws {
        let command =
            ["gcc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-I\(headers)"] + flags
            + [source, "-ljansson", "-o", executable]
        let output = try await run(command)
        guard output.succeeded else { throw TestFailure(output.complaint) }
    }

    private static func isInstalled(_ compiler: String) -> Bool {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return paths.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(compiler)") }
    }
}
