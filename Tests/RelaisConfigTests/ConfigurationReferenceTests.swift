import Foundation
import RelaisTestKit
import Testing

@testable import RelaisConfig

/// With `RELAIS_UPDATE_FIXTURES=1` the page and the schema are written anew.
struct ConfigurationReferenceTests {
    private static let folder = "\(Installation.repository())/docs"
    private static let isUpdating = ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1"

    private func expectCurrent(_ name: String, _ make: (String) -> String) throws {
        let path = "\(Self.folder)/\(name)"
        let present = TemporaryDirectory.text(of: path)
        let wanted = make(present)
        if Self.isUpdating { try Data(wanted.utf8).write(to: URL(fileURLWithPath: path)) }
        #expect(present == wanted || Self.isUpdating, "docs/\(name) is stale: RELAIS_UPDATE_FIXTURES=1 writes it anew")
    }

    @Test func thePageHasTheTablesOfTheReference() throws {
        try expectCurrent("configuration.md") { ConfigurationReference.renewed($0) }
        let page = TemporaryDirectory.text(of: "\(Self.folder)/configuration.md")
        for section in ConfigurationReference.sections { #expect(page.contains("\n\(section.table)\n<!-- end -->")) }
    }

    @Test func theSchemaIsThatOfTheReference() throws {
        try expectCurrent("relais.schema.json") { _ in ConfigurationReference.schema + "\n" }
        let schema = try JSONValue.parse(ConfigurationReference.schema)
        #expect(schema["additionalProperties"].bool == false)
        let site = schema["properties"]["sites"]["additionalProperties"]
        #expect(site["required"].array.compactMap(\.string) == ["domains"])
        #expect(site["properties"]["consent"]["properties"]["ad_storage"]["anyOf"][0]["enum"].array.count == 2)
    }

    private static let names = ["sites": "shop", "sources": "web", "destinations": "meta"]
    private static let least = [
        "sites.shop.domains": "[example.com]", "sources.web.clients": "[relais]", "destinations.meta.plugin": "meta",
        "tls.certificate": "chain.pem", "tls.key": "key.pem",
    ]

    private static func named(_ path: String) -> String {
        let section = path.prefix { $0 != "." }
        return path.replacing("<name>", with: names[String(section)] ?? "")
    }

    /// A file with the values at their key paths.
    private static func yaml(_ values: [String: String], under prefix: String = "") -> String {
        let inside = values.filter { $0.key.hasPrefix(prefix) }
        let heads = Set(inside.keys.map { String($0.dropFirst(prefix.count).prefix { $0 != "." }) }).sorted()
        let members = heads.map { head in
            let path = prefix + head
            return "\(head): \(inside[path] ?? yaml(inside, under: "\(path)."))"
        }
        return prefix.isEmpty ? members.joined(separator: "\n") : "{ \(members.joined(separator: ", ")) }"
    }

    @Test func itNamesTheKeysThatTheReaderKnowsAndNoOthers() throws {
        var children: [String: Set<String>] = [:]
        for key in ConfigurationReference.keys {
            let parts = Self.named(key.path).split(separator: ".").map(String.init)
            for index in parts.indices {
                children[parts[..<index].joined(separator: "."), default: []].insert(parts[index])
            }
        }
        for (parent, names) in children where !Self.names.keys.contains(parent) {
            let path = parent.isEmpty ? "zzzzqqqqxxxx" : "\(parent).zzzzqqqqxxxx"
            let errors = try #require(throws: ConfigurationErrors.self) {
                try FixtureLoader.load(text: Self.yaml(Self.least.merging([path: "1"]) { $1 }))
            }
            let fix = try #require(errors.diagnostics.first { $0.path == path }?.fix, "\(errors)")
            let known = fix.components(separatedBy: "known keys are ").last?.components(separatedBy: ", ") ?? []
            #expect(Set(known) == names, "\(parent)")
        }
    }

    @Test func itsDefaultsAreTheRealOnes() throws {
        let values = try FixtureLoader.load(text: Self.yaml(Self.least)).explanation()
        let effective = Dictionary(values.map { ($0.path, $0.value) }) { first, _ in first }
        for key in ConfigurationReference.keys where key.path != "destinations.<name>.config" {
            guard let fallback = key.fallback else { continue }
            let value = try #require(effective[Self.named(key.path)], "\(key.path)")
            let text = value.hasPrefix("\"") ? String(value.dropFirst().dropLast()) : value
            switch key.kind {
            case .duration: #expect(DurationText.parse(text) == DurationText.parse(fallback), "\(key.path)")
            case .size: #expect(SizeText.parse(text) == SizeText.parse(fallback), "\(key.path)")
            default: #expect(text == fallback, "\(key.path)")
            }
        }
    }

    @Test func aFileWithEveryKeyLoads() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        for section in ConfigurationReference.sections {
            for key in section.keys {
                let parts = key.path.components(separatedBy: "<name>")
                let names: [String] =
                    switch parts[0] {
                    case "sites.": configuration.sites.map(\.name)
                    case "sources.": configuration.sources.map(\.name)
                    case "destinations.": configuration.destinations.map(\.name)
                    default: [""]
                    }
                let isThere = names.contains { configuration.origin(of: parts.joined(separator: $0)) != .standard }
                #expect(isThere, "\(key.path) is not in full.good.yaml")
            }
        }
    }
}
