import Foundation
import RelaisTestKit
import Testing

/// With `RELAIS_UPDATE_FIXTURES=1` the tables of the options are written anew.
@Suite struct PluginReadmeTests {
    private static let begin = "<!-- configuration -->\n"
    private static let end = "<!-- /configuration -->\n"

    private func table(_ plugin: String) throws -> ConfigurationTable {
        let path = "\(Toolchain.repository)/Plugins/\(plugin)/manifest.json"
        return ConfigurationTable(manifest: try ExactJSON(TemporaryDirectory.text(of: path)))
    }

    @Test(arguments: BuiltPlugins.ids)
    func pageListsTheOptionsOfTheManifest(_ plugin: String) throws {
        let path = "\(Toolchain.repository)/Plugins/\(plugin)/README.md"
        let page = TemporaryDirectory.text(of: path)
        let start = try #require(page.range(of: Self.begin)).upperBound
        let end = try #require(page.range(of: Self.end)).lowerBound
        let expected = try table(plugin).markdown
        guard page[start..<end] != expected else { return }
        guard ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1" else {
            Issue.record("the options in \(path) are not those of the manifest: run with RELAIS_UPDATE_FIXTURES=1")
            return
        }
        try String(page[..<start] + expected + page[end...]).write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test(arguments: BuiltPlugins.ids)
    func everyOptionIsExplainedInSentences(_ plugin: String) throws {
        let meanings = try table(plugin).meanings
        #expect(!meanings.isEmpty)
        for (key, text) in meanings {
            #expect(text.count > 20 && text.hasSuffix("."), "\(plugin): \(key) has the description \"\(text)\"")
        }
    }

    @Test func aSchemaBecomesATableOfItsKeys() throws {
        let schema = """
            {"config_schema":{"type":"object","required":["token"],"properties":{
              "token":{"type":"string","secret":true,"description":"A | token."},
              "mode":{"type":"string","enum":["a","b"],"default":"a","description":"Modes."},
              "rules":{"type":"array","minItems":1,"maxItems":9,"description":"Rules.","items":{"type":"object",
                "required":["id"],"properties":{"id":{"anyOf":[{"type":"integer"},{"type":"string"}],
                "description":"An id."}}}}}}}
            """
        let table = ConfigurationTable(manifest: try ExactJSON(schema))
        #expect(
            table.markdown == """
                | key | takes | default | meaning |
                |---|---|---|---|
                | `token` | text, secret | required | A \\| token. |
                | `mode` | `a`, `b` | `"a"` | Modes. |
                | `rules` | list of objects, 1 to 9 |  | Rules. |
                | `rules[].id` | whole number or text | required | An id. |

                """
        )
    }
}
