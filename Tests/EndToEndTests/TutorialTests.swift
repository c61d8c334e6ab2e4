import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("The plugin tutorial")
    struct TutorialTests {
        private static let document = "share/doc/relais/plugin-sdk/README.md"

        @Test("leads from an installed tree alone to a delivering destination", .timeLimit(.minutes(3)))
        func tutorial() async throws {
            let tree = try await InstalledTree.install()
            let port = try FreePort.next()
            let places = [
                ("8080", "\(port)"), ("9090", "\(try FreePort.next())"), ("9191", "\(try FreePort.next())"),
                ("/opt/relais", tree.prefix),
            ]
            let markdown = places.reduce(tree.text(Self.document)) { $0.replacing($1.0, with: $1.1) }
            let commands = FencedBlocks.of("sh", in: markdown)
            #expect(commands.count == 10)
            let script = "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\ncd \"$HOME\"\n"
            let file = try tree.folder.write(script + commands.joined(separator: "\n"), to: "tutorial.sh")

            let result = try await tree.run(["bash", file])
            try #require(result.status == 0, "\(result.output)\n\(result.errors)")

            for block in FencedBlocks.of("text", in: markdown) {
                for line in block.split(separator: "\n") where line.hasPrefix("# ") {
                    #expect(result.output.contains("\(line)\n"), "\(line)\nin\n\(result.output)")
                }
            }
            let lines = result.output.split(separator: "\n")
            let request = try #require(lines.first { $0.hasPrefix("curl --globoff -X 'POST' 'http://127.0.0.1:") })
            #expect(request.contains("-H 'Authorization: ***' --data-raw '{\"event_name\":\"purchase\""))
            let row = lines.first { $0.hasPrefix("  1  ") && $0.contains("order-1001") }
            #expect(row?.hasSuffix("delivered") == true, "\(result.output)")
            #expect(result.output.contains(#"[{"event_name":"purchase","event_id":"order-1001","duplicate":false,"#))
            #expect(lines.contains { $0.contains("POST http://127.0.0.1:") && $0.contains("/webhook/orders") })
            #expect(result.output.contains("204"))
            #expect(!(result.output + result.errors).contains("tutorial-token-0123456789"))
            try await builtByOneLine(tree)
        }

        /// The library of the `cc` line, in place of the one of `plugin.mk` that the tutorial has installed.
        private func builtByOneLine(_ tree: InstalledTree) async throws {
            let webhook = tree.folder.file("webhook")
            let installed = try await tree.run([
                "install", "-m", "755", "\(webhook)/webhook.so", tree.file("plugins/webhook.so"),
            ])
            #expect(installed.status == 0)
            let run = try await tree.run([
                "WRITE_KEY=k0123456789abcdef", "HOOK_TOKEN=t0123456789abcdef", tree.file("bin/relais"), "plugin", "run",
                "--config", "\(webhook)/relais.yaml", "--json", "--show-secrets", "\(webhook)/events.json",
            ])
            try #require(run.status == 0, "\(run.errors)")
            let requests = try run.json()["destinations"].array.flatMap { $0["requests"].array }
            #expect(requests.count == 1)
            let body = try #require(requests.first?["body"].string)
            let event = try JSONValue.parse(body)
            #expect(event["event_id"].string == "order-1001")
            #expect(body.contains("13d855ce931073d4924ac377cda0e9a543908b9d6607727c8033d729c65eced6"))
            #expect(!body.lowercased().contains("jane"))
            #expect(requests.first?["headers"].array.last?["value"].string == "Bearer t0123456789abcdef")
        }

        @Test("quotes the example as it is, and the example is small")
        func quotations() throws {
            let sdk = "\(Scene.repository)/plugin-sdk"
            let markdown = TemporaryDirectory.text(of: "\(sdk)/README.md")
            let source = TemporaryDirectory.text(of: "\(sdk)/examples/c/webhook.c")
            let manifest = TemporaryDirectory.text(of: "\(sdk)/examples/c/manifest.json")
            let quoted = FencedBlocks.of("c", in: markdown)
            #expect(quoted.count == 4)
            for block in quoted { #expect(source.contains(block), "\(block)") }
            for block in FencedBlocks.of("json", in: markdown) { #expect(manifest.contains(block), "\(block)") }
            #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
        }
    }

    @Suite("make install")
    struct InstallTests {
        @Test("leaves a tree that runs wherever it is moved", .timeLimit(.minutes(2)))
        func relocatable() async throws {
            let folder = try TemporaryDirectory("staged")
            let stage = InstalledTree(folder: folder, prefix: folder.file("moved"))
            try await stage.make("install", ["PREFIX=/usr/lib/relais-x", "DESTDIR=\(folder.file("stage"))"])
            try FileManager.default.moveItem(
                atPath: folder.file("stage/usr/lib/relais-x"),
                toPath: stage.prefix
            )
            let list = try await stage.run([stage.file("bin/relais"), "plugin", "list", "--json"])
            #expect(list.status == 0, "\(list.errors)")
            let files = try list.json()["plugins"].array.compactMap { $0["file"].string }
            #expect(files.contains(stage.file("plugins/meta.so")))
            let flags = try await stage.run([
                "PKG_CONFIG_PATH=\(stage.file("lib/pkgconfig"))", "pkg-config", "--cflags", "relais-plugin",
            ])
            let include = flags.output.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst(2)
            #expect(FileManager.default.fileExists(atPath: "\(include)/relais/plugin.h"), "\(flags)")
            for path in ["share/doc/relais/LICENSE", "share/relais/demo/relais.yaml", "share/relais/plugin.mk"] {
                #expect(!stage.text(path).isEmpty, "\(path)")
            }
            #expect(stage.text("share/bash-completion/completions/relais").contains("destinations"))
        }

        @Test("make uninstall leaves what it did not put there", .timeLimit(.minutes(2)))
        func uninstall() async throws {
            let tree = try await InstalledTree.install()
            #expect(TemporaryDirectory.files(below: tree.prefix).count > 20)
            try tree.folder.write("mine", to: "relais/plugins/mine.so")
            try await tree.make("uninstall", ["PREFIX=\(tree.prefix)"])
            #expect(TemporaryDirectory.files(below: tree.prefix) == [tree.file("plugins/mine.so")])
        }
    }
}
