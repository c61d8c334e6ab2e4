import Foundation
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@Suite struct GeoDatabaseTests {
    private let directory: TemporaryDirectory
    private let database: GeoDatabase

    init() throws {
        directory = try TemporaryDirectory()
        var file = MaxMindFile(type: "GeoLite2-City")
        file.add("203.0.113.0/24", country: "FR", region: "IDF", city: "Paris")
        file.add("198.51.100.0/25", country: "DE")
        file.add("2001:db8::/32", country: "BR", region: "SP", city: "São Paulo")
        file.add("192.0.2.128/25")
        database = try GeoDatabase(path: try Self.write(file.bytes, directory))
    }

    private static func write(_ bytes: [UInt8], _ directory: TemporaryDirectory) throws -> String {
        let path = "\(directory.path)/places.mmdb"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(
        arguments: [
            ("203.0.113.9", GeoPlace(country: "FR", region: "IDF", city: "Paris")),
            ("::ffff:203.0.113.9", nil),
            ("198.51.100.127", GeoPlace(country: "DE")), ("198.51.100.128", nil),
            ("2001:db8:1::9", GeoPlace(country: "BR", region: "SP", city: "São Paulo")), ("2001:db9::1", nil),
            ("192.0.2.200", nil), ("127.0.0.1", nil), ("", nil), ("no address", nil), ("203.0.113.9:80", nil),
        ] as [(String, GeoPlace?)]
    )
    func addressesHaveTheirPlaces(_ address: String, _ place: GeoPlace?) {
        #expect(database.place(of: address) == place)
    }

    @Test func theDatabaseSaysWhatItIs() {
        #expect(database.type == "GeoLite2-City")
        #expect(database.builtAt == 1_790_000_000)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        var file = MaxMindFile()
        for block in 0..<200 { file.add("10.0.\(block).0/24", country: "FR", city: "Paris \(block)") }
        let good = file.bytes
        for bytes in [[], Array("no database".utf8), Array(good.prefix(good.count / 2))] {
            let path = try Self.write(bytes, directory)
            #expect(throws: GeoDatabase.Problem.self) { try GeoDatabase(path: path) }
        }
        #expect(throws: GeoDatabase.Problem.self) { try GeoDatabase(path: "\(directory.path)/absent.mmdb") }
    }

    private func event(_ members: String, believesSender: Bool, address: String?) throws -> Event {
        var incoming = try decodeEvent("{\"event_name\":\"page_view\"\(members.isEmpty ? "" : ",")\(members)}")
        let context = NormalizationContext(
            site: "shop",
            source: "web",
            client: "relais",
            believesSender: believesSender,
            visitor: nil,
            address: address,
            geo: database,
            receivedMicros: now
        )
        _ = Normalizer().normalize(&incoming, in: context)
        return incoming.event
    }

    private func place(_ event: Event) -> [String?] {
        [event.string(.geoCountry), event.string(.geoRegion), event.string(.geoCity)]
    }

    @Test func aVisitorIsWhereTheAddressIs() throws {
        #expect(try place(event("", believesSender: false, address: "203.0.113.9")) == ["FR", "IDF", "Paris"])
        #expect(try place(event("", believesSender: false, address: "198.51.100.1")) == ["DE", nil, nil])
        #expect(try place(event("", believesSender: false, address: nil)) == [nil, nil, nil])
        let claim = #""geo_country":"US","geo_city":"Reno""#
        #expect(try place(event(claim, believesSender: false, address: "198.51.100.1")) == ["DE", nil, nil])
        #expect(try place(event(claim, believesSender: false, address: "192.0.2.1")) == ["US", nil, "Reno"])
    }

    @Test func aServersWordOutweighsTheDatabase() throws {
        let address = #""ip_override":"203.0.113.9""#
        #expect(try place(event(address, believesSender: true, address: nil)) == ["FR", "IDF", "Paris"])
        let own = try event(address + #","geo_country":"CH""#, believesSender: true, address: nil)
        #expect(place(own) == ["CH", nil, nil])
    }
}
