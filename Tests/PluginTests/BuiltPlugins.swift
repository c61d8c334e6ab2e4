import Foundation
import RelaisTestKit

/// The plugins of the repository and the fixture driver, built once for all tests, with sanitizers.
actor BuiltPlugins {
    static let shared = BuiltPlugins()

    /// Ids: the folders of `Plugins` that hold a manifest.
    static let ids: [String] = {
        let folder = Toolchain.repository + "/Plugins"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/manifest.json") }.sorted()
    }()

    static let sanitizers = "address,undefined"

    private var folder: TemporaryDirectory?
    private var builds: [String: Task<String, any Error>] = [:]

    /// The path of the plugin's library.
    func library(_ id: String, sanitized: Bool = true, compiler: String = "gcc") async throws -> String {
        let name = "\(id)-\(compiler)\(sanitized ? "-sanitized" : "")"
        return try await build(name, in: "Plugins/\(id)", file: "\(id).so", sanitized: sanitized, compiler: compiler)
    }

    /// The path of the driver.
    func driver(sanitized: Bool = true) async throws -> String {
        let name = sanitized ? "driver-sanitized" : "driver"
        return try await build(name, in: "Plugins/driver", file: "driver", sanitized: sanitized, compiler: "gcc")
    }

    private func build(
        _ name: String,
        in source: String,
        file: String,
        sanitized: Bool,
        compiler: String
    ) async throws -> String {
        if let build = builds[name] { return try await build.value }
        let folder = try self.folder ?? TemporaryDirectory("built-plugins")
        self.folder = folder
        let build = Task {
            let command =
                [
                    "make", "-s", "-C", "\(Toolchain.repository)/\(source)", "OUT=\(folder.file(name))",
                    "WERROR=-Werror", "CC=\(compiler)",
                ] + (sanitized ? ["SANITIZE=\(Self.sanitizers)"] : [])
            let output = try await Toolchain.run(command)
            guard output.succeeded else { throw TestFailure("make in \(source): \(output.complaint)") }
            return folder.file("\(name)/\(file)")
        }
        builds[name] = build
        return try await build.value
    }

    /// What the driver prints for a fixture.
    func drive(_ id: String, fixture: String, stress: Bool = false) async throws -> Toolchain.Output {
        let command = [try await driver()] + (stress ? ["--stress"] : []) + [try await library(id), fixture]
        return try await Toolchain.run(command, environment: ["ASAN_OPTIONS": "detect_leaks=1"])
    }
}
