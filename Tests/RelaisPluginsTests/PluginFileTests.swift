import Foundation
import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct PluginFileTests {
    private func problem(of path: String) -> PluginProblem? {
        do throws(PluginProblem) {
            _ = try PluginDirectory.inspect(path)
            return nil
        } catch {
            return error
        }
    }

    private func place(_ bytes: [UInt8], mode: mode_t = 0o644, in directory: String? = nil) throws -> String {
        let path = try (directory ?? Workshop.shared.freshDirectory()) + "/x.so"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
        return path
    }

    private func library(_ source: String = "good", _ defines: [String] = []) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: Workshop.shared.library(source, defines))))
    }

    private func manifestOnly(_ text: String, entry: String? = "relais_plugin_entry_v1") throws -> [UInt8] {
        let quoted = "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        return try library("manifest_only", ["TEXT=\(quoted)"] + [entry.map { "ENTRY=\($0)" } ?? "NO_ENTRY"])
    }

    private static let manifest =
        #"{"manifest":1,"id":"x","name":"X","version":"1.0","abi":"1.0","hosts":["a.example"],"config_schema":{"type":"object"}}"#

    @Test func goodPluginIsRead() throws {
        let plugin = try PluginDirectory.inspect(place(library()))
        #expect(plugin.manifest.id == "good")
        #expect(plugin.abi == "1.0")
        #expect(plugin.image.exports.contains("relais_plugin_entry_v1"))
        #expect(plugin.image.needed == ["libc.so.6"])
        #expect(plugin.image.sectionNames.contains("plugin_manifest"))
        #expect(plugin.image.imports.contains { $0 == "malloc" || $0.hasPrefix("malloc") })
        #expect(plugin.file.sha256.count == 64)
        #expect(plugin.warnings.isEmpty)
    }

    @Test func textIsNotAPlugin() throws {
        let problem = try problem(of: place(Array("hello".utf8)))
        #expect(problem?.reason == .notAPlugin)
        #expect(problem?.message == "is not a shared library (no ELF file)")
    }

    @Test func otherMachineIsNamed() throws {
        var bytes = try library()
        bytes[18] = bytes[18] == 62 ? 183 : 62
        let problem = try problem(of: place(bytes))
        #expect(problem?.reason == .wrongArchitecture)
        #expect(problem?.message.hasPrefix("is built for ") == true)
        bytes[4] = 1
        #expect(try self.problem(of: place(bytes))?.message.contains("64-bit little-endian") == true)
    }

    @Test func programIsNotALibrary() throws {
        var bytes = try library()
        bytes[16] = 2
        #expect(try problem(of: place(bytes))?.message.contains("link it with -shared") == true)
    }

    @Test func libraryWithoutManifestIsNamed() throws {
        #expect(try problem(of: place(library("no_manifest")))?.reason == .noManifest)
    }

    @Test func missingEntryIsNamed() throws {
        let problem = try problem(of: place(manifestOnly(Self.manifest, entry: nil)))
        #expect(problem?.reason == .missingSymbol)
        #expect(problem?.message.contains("does not export relais_plugin_entry_v1") == true)
    }

    @Test func entryOfAnotherMajorIsNamed() throws {
        let problem = try problem(of: place(manifestOnly(Self.manifest, entry: "relais_plugin_entry_v2")))
        #expect(problem?.reason == .wrongABI)
        #expect(problem?.message.contains("is built for ABI major version 2") == true)
    }

    @Test func manifestOfAnotherMajorIsNamed() throws {
        let text = Self.manifest.replacing("\"abi\":\"1.0\"", with: "\"abi\":\"2.0\"")
        #expect(try problem(of: place(manifestOnly(text)))?.reason == .wrongABI)
    }

    @Test func brokenManifestIsNamedWithItsPlace() throws {
        let problem = try problem(of: place(manifestOnly(#"{"manifest":1,}"#)))
        #expect(problem?.reason == .badManifest)
        #expect(problem?.message.contains("line 1, column 15") == true)
    }

    @Test(arguments: [(0o666, "every user"), (0o664, "its group")])
    func fileThatOthersMayWriteIsRefused(mode: Int, who: String) throws {
        let problem = try problem(of: place(library(), mode: mode_t(mode)))
        #expect(problem?.reason == .writableByOthers)
        #expect(problem?.message.contains("a file that \(who) may write") == true)
    }

    @Test func directoryThatOthersMayWriteIsRefused() throws {
        let directory = try Workshop.shared.freshDirectory()
        let path = try place(library(), in: directory)
        chmod(directory, 0o777)
        #expect(problem(of: path)?.reason == .writableByOthers)
        let inventory = PluginDirectory.discover(directory)
        #expect(inventory.plugins.isEmpty)
        #expect(inventory.problems.map(\.reason) == [.writableByOthers])
    }

    @Test func symbolicLinkIsJudgedByWhatItLeadsTo() throws {
        let directory = try Workshop.shared.freshDirectory()
        let outside = try Workshop.shared.freshDirectory()
        let target = try place(library(), in: outside)
        let link = directory + "/link.so"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(problem(of: link) == nil)
        chmod(outside, 0o777)
        #expect(problem(of: link)?.reason == .writableByOthers)
    }

    @Test func fifoAndDirectoryAreNotRegularFiles() throws {
        let directory = try Workshop.shared.freshDirectory()
        mkfifo(directory + "/f.so", 0o600)
        #expect(problem(of: directory + "/f.so")?.reason == .notARegularFile)
        mkdir(directory + "/d.so", 0o700)
        #expect(problem(of: directory + "/d.so")?.reason == .notARegularFile)
        #expect(problem(of: directory + "/none.so")?.reason == .unreadable)
    }

    @Test func largeFileIsRefusedBeforeItIsRead() throws {
        let path = try place(library())
        truncate(path, PluginFile.largest + 1)
        #expect(problem(of: path)?.reason == .tooLarge)
    }

    @Test func goodPluginsGoOnBesideBadOnes() throws {
        let directory = try Workshop.shared.freshDirectory()
        for (name, bytes) in [
            ("a", try library()), ("b", Array("junk".utf8)), ("c", try library("echo")), ("d", try library()),
        ] {
            let path = "\(directory)/\(name).so"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o644)
        }
        try Data("not a library".utf8).write(to: URL(fileURLWithPath: directory + "/README.md"))
        let inventory = PluginDirectory.discover(directory)
        #expect(inventory.plugins.keys.sorted() == ["echo", "good"])
        #expect(inventory.problems.map(\.reason) == [.notAPlugin, .duplicateID])
    }

    @Test func missingDirectoryIsNamed() {
        #expect(PluginDirectory.discover("/nonexistent").problems.map(\.reason) == [.unreadable])
    }

    @Test func mutatedLibrariesAreReadOrRefused() throws {
        let bytes = try library()
        let table = Int(bytes[40]) | Int(bytes[41]) << 8 | Int(bytes[42]) << 16
        var generator = Generator(seed: 3)
        var refused = 0
        for round in 0..<1500 {
            var copy = bytes
            for _ in 0..<4 {
                let at =
                    round % 2 == 0
                    ? Int(generator.next() % 64) : table + Int(generator.next() % UInt64(copy.count - table))
                copy[at] = UInt8(truncatingIfNeeded: generator.next())
            }
            if round % 10 == 0 { copy.removeLast(Int(generator.next() % UInt64(copy.count))) }
            do throws(PluginProblem) {
                _ = try ELFManifestReader.read(copy, path: "x.so")
            } catch {
                refused += 1
                #expect(!error.message.isEmpty)
            }
        }
        #expect(refused > 100)
    }
}

@Suite struct PluginStoreTests {
    private func file(_ directory: String) throws -> PluginFile {
        let path = directory + "/p.so"
        try Data("content".utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o644)
        return try PluginFile.read(path)
    }

    @Test func copyIsPrivateAndNamedByItsContent() throws {
        let state = try Workshop.shared.freshDirectory()
        let file = try file(state)
        let copy = try PluginStore(state: state).copy(file)
        #expect(copy == "\(state)/plugins/\(file.sha256).so")
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect(attributes[.posixPermissions] as? Int == 0o500)
        let directory = try FileManager.default.attributesOfItem(atPath: state + "/plugins")
        #expect(directory[.posixPermissions] as? Int == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/plugins").count == 1)
    }

    @Test func copyIsOfTheBytesThatWereRead() throws {
        let state = try Workshop.shared.freshDirectory()
        let file = try file(state)
        try Data("changed meanwhile".utf8).write(to: URL(fileURLWithPath: file.path))
        let copy = try PluginStore(state: state).copy(file)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == Data("content".utf8))
    }

    @Test func damagedCopyIsReplaced() throws {
        let state = try Workshop.shared.freshDirectory()
        let file = try file(state)
        let store = PluginStore(state: state)
        let copy = try store.copy(file)
        chmod(copy, 0o700)
        try Data("CONTENT".utf8).write(to: URL(fileURLWithPath: copy))
        #expect(try store.copy(file) == copy)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == Data("content".utf8))
    }

    @Test func missingStateDirectoryIsNamed() throws {
        let file = try file(Workshop.shared.freshDirectory())
        let error = #expect(throws: PluginProblem.self) { try PluginStore(state: "/nonexistent/state").copy(file) }
        #expect(error?.reason == .copyFailed)
    }
}
