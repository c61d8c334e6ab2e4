import Foundation
import RelaisTestKit
import Testing

/// Input and expected output of a plugin, together in one file of its folder `fixtures`. With `RELAIS_UPDATE_FIXTURES=1`,
/// or with a plugin's id in place of 1, the files are written again with what the plugin says now.
struct PluginFixture: Sendable, CustomTestStringConvertible {
    let plugin: String
    let path: String

    var testDescription: String { "\(plugin)/\((path as NSString).lastPathComponent)" }

    static let all: [PluginFixture] = BuiltPlugins.ids.flatMap { plugin in
        let folder = "\(Toolchain.repository)/Plugins/\(plugin)/fixtures"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map {
            PluginFixture(plugin: plugin, path: "\(folder)/\($0)")
        }
    }

    var isToBeUpdated: Bool { ["1", plugin].contains(ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"]) }
}

@Suite struct PluginFixtureTests {
    @Test func everyPluginHasFixtures() {
        let plugins = Set(PluginFixture.all.map(\.plugin))
        #expect(!BuiltPlugins.ids.isEmpty)
        #expect(plugins == Set(BuiltPlugins.ids))
    }

    @Test(arguments: PluginFixture.all)
    func pluginSaysWhatItsFixtureExpects(_ fixture: PluginFixture) async throws {
        let output = try await BuiltPlugins.shared.drive(fixture.plugin, fixture: fixture.path)
        try #require(output.succeeded, "\(output.complaint)")
        let input = try ExactJSON(TemporaryDirectory.text(of: fixture.path))
        let said = try ExactJSON(output.text)
        if fixture.isToBeUpdated {
            let text = input.setting("expected", to: said).pretty() + "\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: fixture.path))
            return
        }
        let expected = try #require(
            input["expected"],
            "no \"expected\": run with RELAIS_UPDATE_FIXTURES=1, then read it"
        )
        #expect(said == expected, "said \(said.pretty())\nexpected \(expected.pretty())")
    }

    @Test(arguments: PluginFixture.all)
    func pluginBearsShortMemoryAndRefusedOutput(_ fixture: PluginFixture) async throws {
        let output = try await BuiltPlugins.shared.drive(fixture.plugin, fixture: fixture.path, stress: true)
        #expect(output.succeeded, "\(output.complaint)")
    }
}
