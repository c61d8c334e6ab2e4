import RelaisConfig
import Testing

struct LocationTests {
    private static let fixture = "full.good.yaml"

    private func place(_ path: String) throws -> String {
        try FixtureLoader.load(fixture: Self.fixture).location(of: path).description
    }

    /// The place of a text in the file; with `isBehind`, that of its end.
    private func place(of text: String, isBehind: Bool = false) throws -> String {
        let file = String(decoding: try FixtureLoader.bytes(Self.fixture), as: UTF8.self)
        let found = try #require(file.firstRange(of: text))
        let before = file[..<(isBehind ? found.upperBound : found.lowerBound)]
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        return "relais.yaml:\(lines.count):\((lines.last?.utf8.count ?? 0) + 1)"
    }

    private let destination = "config:\n      pixel_id"

    @Test func aValueIsFoundByItsKeyPath() throws {
        #expect(try place("listen") == "relais.yaml:1:9")
        #expect(try place("destinations.meta_fr.config.pixel_id") == place(of: "\(destination): ", isBehind: true))
        #expect(try place("trusted_proxies[2]") == place(of: "\"2001:db8"))
    }

    @Test func aMappingIsFoundAtItsKey() throws {
        #expect(try place("destinations.meta_fr.config") == place(of: destination))
    }

    @Test func anAbsentPathIsFoundAtItsNearestParent() throws {
        #expect(try place("destinations.meta_fr.config.absent.deeper[3]") == place(of: destination))
        #expect(try place("absent") == "relais.yaml:1:1")
        #expect(try place("") == "relais.yaml:1:1")
    }

    @Test func aJSONPointerIntoAPluginConfigurationIsFound() throws {
        let configuration = try FixtureLoader.load(fixture: Self.fixture)
        let pointed = { (pointer: String) in
            configuration.location(ofPointer: pointer, inConfigOf: "meta_fr").description
        }
        #expect(try pointed("/numbers/1") == place(of: "-2.50"))
        #expect(try pointed("/nested/deeper/0/a") == place(of: "\"line\\nbreak"))
        #expect(try pointed("/nested/unknown") == place(of: "nested: { private_key"))
        #expect(try pointed("") == place(of: destination))
    }
}
