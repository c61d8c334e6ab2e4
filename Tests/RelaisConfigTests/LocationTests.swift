import RelaisConfig
import Testing

struct LocationTests {
    private func place(_ path: String) throws -> String {
        try FixtureLoader.load(fixture: "full.good.yaml").location(of: path).description
    }

    @Test func aValueIsFoundByItsKeyPath() throws {
        #expect(try place("listen") == "relais.yaml:1:9")
        #expect(try place("destinations.meta_fr.config.pixel_id") == "relais.yaml:61:17")
        #expect(try place("trusted_proxies[2]") == "relais.yaml:10:42")
    }

    @Test func aMappingIsFoundAtItsKey() throws {
        #expect(try place("destinations.meta_fr.config") == "relais.yaml:60:5")
    }

    @Test func anAbsentPathIsFoundAtItsNearestParent() throws {
        #expect(try place("destinations.meta_fr.config.absent.deeper[3]") == "relais.yaml:60:5")
        #expect(try place("absent") == "relais.yaml:1:1")
        #expect(try place("") == "relais.yaml:1:1")
    }

    @Test func aJSONPointerIntoAPluginConfigurationIsFound() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        let place = { (pointer: String) in
            configuration.location(ofPointer: pointer, inConfigOf: "meta_fr").description
        }
        #expect(place("/numbers/1") == "relais.yaml:64:20")
        #expect(place("/nested/deeper/0/a") == "relais.yaml:66:60")
        #expect(place("/nested/unknown") == "relais.yaml:66:7")
        #expect(place("") == "relais.yaml:60:5")
    }
}
