import Foundation
import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct CookieRulesTests {
    private struct Scene {
        var rules: CookieRules
        var site: SiteConfiguration

        func place(_ headers: [String: String], isTLS: Bool = true, peer: String = "192.0.2.7") -> CookiePlace? {
            let request = IncomingRequest(
                method: "POST",
                path: "/v1/events",
                headers: headers.map { .init(name: $0.key, value: $0.value) },
                remoteAddress: peer,
                receivedMicros: 1,
                isTLS: isTLS
            )
            return rules.place(of: request, site)
        }
    }

    private func scene(cookies: String = "{}") throws -> Scene {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            trusted_proxies: [127.0.0.1]
            sites:
              shop: { domains: [example.com, shop.example.fr, localhost, 192.0.2.1], cookies: \(cookies) }
            sources:
              web: { clients: [relais], site: shop, origins: ["https://pay.example.net"] }
            """,
            to: "relais.yaml"
        )
        let configuration = try ConfigurationLoader.load(path: path, environment: [:])
        return Scene(
            rules: CookieRules(configuration: configuration, manifests: [:], key: .random()),
            site: try #require(configuration.site(named: "shop"))
        )
    }

    @Test func cookiesBelongToTheSitesDomainThatCoversTheHost() throws {
        let scene = try scene()
        let expected = CookiePlace(domain: "example.com", isSecure: true)
        #expect(scene.place(["host": "t.example.com", "origin": "https://www.example.com"]) == expected)
        #expect(scene.place(["host": "T.Example.com:8443", "referer": "https://example.com/a"]) == expected)
        #expect(scene.place(["host": "t.example.com"]) == expected)
        #expect(scene.place(["host": "t.shop.example.fr"])?.domain == "shop.example.fr")
    }

    @Test(arguments: [
        ["host": "relay.example.net"], ["host": "t.example.com", "origin": "https://shop.example.fr"],
        ["host": "t.example.com", "origin": "https://pay.example.net"],
        ["host": "t.example.com", "referer": "https://other.example/"],
        ["host": "t.example.com", "sec-fetch-site": "cross-site"], ["host": "notexample.com"], [:],
    ])
    func elsewhereTheyWouldBeAThirdPartys(_ headers: [String: String]) throws {
        #expect(try scene().place(headers) == nil)
    }

    @Test func addressesAndNamesOfOneLabelTakeNoDomain() throws {
        let scene = try scene()
        #expect(scene.place(["host": "localhost:8080"], isTLS: false) == CookiePlace(domain: nil, isSecure: false))
        #expect(scene.place(["host": "192.0.2.1"]) == CookiePlace(domain: nil, isSecure: true))
    }

    @Test func onlyTrustedProxiesAreBelievedAboutHostAndHTTPS() throws {
        let scene = try scene()
        let headers = [
            "host": "127.0.0.1:8080", "x-forwarded-host": "x.example.org, t.example.com",
            "x-forwarded-proto": "http, https",
        ]
        #expect(
            scene.place(headers, isTLS: false, peer: "127.0.0.1") == CookiePlace(domain: "example.com", isSecure: true)
        )
        #expect(scene.place(headers, isTLS: false) == nil)
        let direct = ["host": "t.example.com", "x-forwarded-proto": "https"]
        #expect(scene.place(direct, isTLS: false)?.isSecure == false)
    }

    @Test func aConfiguredDomainCountsWhereItCoversTheHost() throws {
        let scene = try scene(cookies: "{ domain: shop.example.com }")
        #expect(scene.place(["host": "t.shop.example.com"])?.domain == "shop.example.com")
        #expect(scene.place(["host": "t.example.com"]) == nil)
    }

    // MARK: The key

    @Test func theKeyIsMadeOnceAndForItsOwnerAlone() throws {
        let directory = try TemporaryDirectory()
        let state = directory.file("state")
        let key = try CookieKeyFile.key(in: state)
        #expect(try CookieKeyFile.key(in: state).bytes == key.bytes)
        #expect(key.bytes.count == 32)
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(state)/identity.key")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.attributesOfItem(atPath: state)[.posixPermissions] as? Int == 0o700)
    }

    @Test func aKeyThatOthersCanReadOrThatIsNoneIsRefused() throws {
        let directory = try TemporaryDirectory()
        let state = directory.file("state")
        _ = try CookieKeyFile.key(in: state)
        let path = "\(state)/identity.key"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: RelayError.self) { try CookieKeyFile.key(in: state) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        #expect(throws: RelayError.self) { try CookieKeyFile.key(in: state) }
    }
}
