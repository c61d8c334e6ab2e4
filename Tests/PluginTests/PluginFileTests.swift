import Foundation
import RelaisTestKit
import Testing

@Suite struct PluginFileTests {
    @Test(arguments: BuiltPlugins.ids, Toolchain.compilers)
    func libraryExportsTheEntryAlone(_ id: String, _ compiler: String) async throws {
        let library = try await BuiltPlugins.shared.library(id, sanitized: false, compiler: compiler)
        let output = try await Toolchain.run(["nm", "-D", "--defined-only", library])
        let symbols = output.text.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(symbols == ["relais_plugin_entry_v1"])
    }

    @Test(arguments: BuiltPlugins.ids, Toolchain.compilers)
    func sectionHoldsTheManifestByteForByte(_ id: String, _ compiler: String) async throws {
        let library = try await BuiltPlugins.shared.library(id, sanitized: false, compiler: compiler)
        let folder = try TemporaryDirectory("section")
        let output = try await Toolchain.run([
            "objcopy", "--dump-section", "plugin_manifest=\(folder.file("section"))", library, folder.file("copy"),
        ])
        try #require(output.succeeded, "\(output.complaint)")
        let manifest = TemporaryDirectory.bytes(of: "\(Toolchain.repository)/Plugins/\(id)/manifest.json")
        let isSame = TemporaryDirectory.bytes(of: folder.file("section")) == manifest + [0]
        #expect(!manifest.isEmpty)
        #expect(isSame)
    }

    @Test(arguments: BuiltPlugins.ids)
    func libraryNeedsNothingThatReachesTheNetwork(_ id: String) async throws {
        let library = try await BuiltPlugins.shared.library(id, sanitized: false)
        let needed = try await Toolchain.run(["readelf", "-dW", library]).text
            .split(separator: "\n").filter { $0.contains("(NEEDED)") }
        #expect(
            needed.allSatisfy { $0.contains("[libjansson.so") || $0.contains("[libc.so") || $0.contains("[libm.so") }
        )
        let imports = try await Toolchain.run(["nm", "-D", "--undefined-only", library]).text
            .split(separator: "\n").compactMap { $0.split(separator: " ").last?.split(separator: "@").first }
        let forbidden: Set<Substring> = [
            "socket", "connect", "getaddrinfo", "gethostbyname", "fork", "execve", "system", "popen", "signal",
            "sigaction",
            "setlocale", "setenv", "putenv", "chdir", "umask", "dlopen", "abort", "exit", "_exit", "fopen", "open",
            "time",
            "clock_gettime", "gettimeofday", "rand", "random", "json_set_alloc_funcs", "json_object_seed",
        ]
        #expect(forbidden.isDisjoint(with: imports))
    }

    @Test func versionScriptKeepsAWholeNameToItself() throws {
        let script = TemporaryDirectory.text(of: Toolchain.sdk + "/relais_plugin.map")
        #expect(script.contains("global: relais_plugin_entry_v1;"))
        #expect(script.contains("local: *;"))
    }
}
