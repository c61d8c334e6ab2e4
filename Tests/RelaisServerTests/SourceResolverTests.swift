import Foundation
import NIOHTTP1
import RelaisConfig
import RelaisIngest
import Testing

@testable import RelaisServer

@Suite struct SourceResolverTests {
    private let resolver: SourceResolver
    /// Of `hashed-key`.
    private static let hash = "A4AE87B73FA5645E6AEE415A6F72BE4DCBD99D057A7B40CB1B867C181D179260"

    init() throws {
        let text = """
            sites:
              shop: { domains: [shop.example], measurement_id: G-1 }
              blog: { domains: [blog.example, deep.shop.example], measurement_id: G-2 }
            sources:
              web: { clients: [gtag, relais], site: shop, origins: ["http://localhost:3000"] }
              pages: { clients: [gtag], site: blog }
              server: { clients: [relais], site: shop, write_keys: [key-of-the-server, "sha256:\(Self.hash)"] }
              sdk: { clients: [segment], site: shop, public_keys: [web-1] }
            destinations: {}
            """
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("resolver-\(UUID()).yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        resolver = SourceResolver(configuration: try ConfigurationLoader.load(path: file.path, environment: [:]))
    }

    private func request(_ headers: [String: String]) -> IncomingRequest {
        IncomingRequest(
            method: "POST",
            path: "/v1/events",
            headers: headers.map { .init(name: $0.key, value: $0.value) },
            remoteAddress: "192.0.2.1",
            receivedMicros: 0
        )
    }

    private func source(_ headers: [String: String], page: String? = nil, client: SourceConfiguration.Client = .gtag)
        throws -> String
    {
        let request = request(headers)
        let sender = try resolver.sender(showing: WriteKey.shown(by: request), client: client)
        return try resolver.resolve(request, from: sender, client: client, pageHost: page).source.name
    }

    @Test func originDecidesTheSource() throws {
        #expect(try source(["origin": "https://www.shop.example"]) == "web")
        #expect(try source(["origin": "https://blog.example"]) == "pages")
        #expect(try source(["origin": "https://www.deep.shop.example"]) == "pages")
        #expect(try source(["origin": "http://localhost:3000"]) == "web")
        for origin in ["https://evil.example", "https://shop.example.evil.example", "https://notshop.example", "null"] {
            #expect(throws: SourceResolver.Refusal.self) { try source(["origin": origin]) }
        }
    }

    @Test func aKeyIsKnownHoweverItIsWritten() {
        let basic = "Basic " + Data("key-of-the-server:".utf8).base64EncodedString()
        for shown in ["Bearer key-of-the-server", "bearer   key-of-the-server ", basic] {
            #expect(resolver.knownKey(WriteKey.shown(by: request(["authorization": shown]))) == 0)
        }
        for shown in ["Bearer key-of-the-serve", "Bearer", "", "Basic !", "Digest key-of-the-server"] {
            #expect(resolver.knownKey(WriteKey.shown(by: request(["authorization": shown]))) == nil)
        }
        #expect(resolver.knownKey(WriteKey.shown(by: request([:]))) == nil)
    }

    @Test func keyOutweighsTheOrigin() throws {
        let bearer = ["authorization": "Bearer key-of-the-server", "origin": "https://evil.example"]
        #expect(try source(bearer, client: .relais) == "server")
        let basic = "Basic " + Data("key-of-the-server:".utf8).base64EncodedString()
        #expect(try source(["authorization": basic], client: .relais) == "server")
    }

    @Test func wrongKeyIsRefusedWhateverTheOrigin() throws {
        for value in ["Bearer wrong", "Bearer", "Basic !!", "Digest x", "Bearer key-of-the-serve"] {
            let headers = ["authorization": value, "origin": "https://shop.example"]
            let refusal = try #require(throws: SourceResolver.Refusal.self) { try source(headers, client: .relais) }
            #expect(refusal.status.code == 401)
        }
    }

    @Test func keyOpensOnlyItsClients() throws {
        let refusal = try #require(throws: SourceResolver.Refusal.self) {
            try source(["authorization": "Bearer key-of-the-server"], client: .gtag)
        }
        #expect(refusal.status.code == 403 && refusal.reason.contains("clients"))
    }

    @Test func aHashedKeyIsKnownByItsTextOnly() throws {
        #expect(try source(["authorization": "Bearer hashed-key"], client: .relais) == "server")
        for shown in [Self.hash, "sha256:\(Self.hash)", "hashed-ke", "hashed-keys"] {
            let refusal = try #require(throws: SourceResolver.Refusal.self) {
                try source(["authorization": "Bearer \(shown)"], client: .relais)
            }
            #expect(refusal.status.code == 401)
        }
    }

    @Test func aPublicKeyNamesTheSourceAndThePageMustBelongToIt() throws {
        let key = "Basic " + Data("web-1:".utf8).base64EncodedString()
        let headers = ["authorization": key, "origin": "https://shop.example"]
        #expect(try source(headers, client: .segment) == "sdk")
        for origin in ["https://evil.example", "https://blog.example"] {
            let refusal = try #require(throws: SourceResolver.Refusal.self) {
                try source(["authorization": key, "origin": origin], client: .segment)
            }
            #expect(refusal.status.code == 403)
        }
        #expect(throws: SourceResolver.Refusal.self) { try source(["authorization": key], client: .segment) }
        #expect(throws: SourceResolver.Refusal.self) { try source(headers, client: .relais) }
        let request = request(headers)
        let sender = try resolver.sender(showing: "web-1", client: .segment)
        #expect(try !resolver.resolve(request, from: sender, client: .segment, pageHost: nil).isKeyed)
        #expect(resolver.knownKey("web-1") == nil)
    }

    @Test func withoutOriginTheBrowsersOtherWordsCount() throws {
        #expect(try source(["sec-fetch-site": "same-origin", "host": "shop.example:8080"]) == "web")
        #expect(try source(["referer": "https://blog.example/a?b"]) == "pages")
        #expect(try source([:], page: "www.shop.example") == "web")
        #expect(throws: SourceResolver.Refusal.self) {
            try source(["sec-fetch-site": "cross-site", "referer": "https://shop.example/"])
        }
        #expect(throws: SourceResolver.Refusal.self) { try source([:]) }
    }

    @Test func onlyAllowedOriginsAreEchoed() {
        #expect(resolver.allowedOrigin(request(["origin": "https://shop.example"])) == "https://shop.example")
        #expect(resolver.allowedOrigin(request(["origin": "https://evil.example"])) == nil)
        #expect(resolver.allowedOrigin(request([:])) == nil)
    }

    @Test(arguments: [
        ("https://a.example/x?y", "a.example"), ("http://A.example:81#x", "a.example"),
        ("https://u:p@b.example/", "b.example"),
    ])
    func hostsAreReadFromURLs(url: String, host: String) {
        #expect(HostText.ofURL(url) == host)
    }
}
