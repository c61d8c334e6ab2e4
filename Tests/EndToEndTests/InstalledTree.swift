import Foundation
import RelaisTestKit

/// What `make install` leaves below a folder of its own, with the command of this build.
struct InstalledTree {
    let folder: TemporaryDirectory
    let prefix: String

    static func install() async throws -> InstalledTree {
        let folder = try TemporaryDirectory("installed")
        let tree = InstalledTree(folder: folder, prefix: folder.file("relais"))
        try await tree.make("install", ["PREFIX=\(tree.prefix)"])
        return tree
    }

    /// Runs a target of the repository's Makefile.
    func make(_ target: String, _ variables: [String]) async throws {
        let binary = try Installation.find(repository: Scene.repository).binary
        let result = try await CommandResult.of(
            "/usr/bin/env",
            ["make", "-s", "-C", Scene.repository, target, "BINARY=\(binary)"] + variables
        )
        guard result.status == 0 else { throw TestFailure("make \(target): \(result.errors)\(result.output)") }
    }

    func file(_ path: String) -> String { "\(prefix)/\(path)" }

    func text(_ path: String) -> String { TemporaryDirectory.text(of: file(path)) }

    /// Runs a command of the tree, or of the system, with nothing in its environment that points into the repository.
    func run(_ command: [String]) async throws -> CommandResult {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try await CommandResult.of(
            "/usr/bin/env",
            ["-i", "PATH=\(path)", "HOME=\(folder.path)"] + command,
            within: .seconds(120)
        )
    }
}

/// The fenced blocks of a Markdown text, in order.
enum FencedBlocks {
    static func of(_ language: String, in markdown: String) -> [String] {
        var blocks: [String] = []
        var open: [Substring]?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = open {
                if line == "```" {
                    blocks.append(lines.joined(separator: "\n"))
                    open = nil
                } else {
                    open = lines + [line]
                }
            } else if line == "```\(language)" {
                open = []
            }
        }
        return blocks
    }
}
