import RelaisConfig
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct TrackerScriptTests {
    private static let configuration = """
        sites:
          shop:
            domains: [shop.example]
            measurement_id: [GT-1, G-TEST123456]
            paths: { tracker: /assets/js/a.js, events: /assets/e }
          blog: { domains: [blog.example] }
        sources:
          web: { clients: [relais], site: shop }
          blog: { clients: [relais], site: blog }
        destinations:
          all: { plugin: all, sites: [shop] }
        """

    private static func get(
        _ path: String,
        host: String = "t.shop.example:8443",
        _ headers: [(String, String)] = [],
        port: Int
    ) throws -> HTTPAnswer {
        try HTTPClient(port: port).get(path, headers: [("host", host)] + headers.map { (name: $0.0, value: $0.1) })
    }

    private static func site(_ paths: (inout SitePaths) -> Void = { _ in }) -> SiteConfiguration {
        var site = SiteConfiguration(name: "shop")
        paths(&site.paths)
        return site
    }

    @Test func itIsAtMostFourKilobytesCompressed() throws {
        var site = Self.site { $0.events = "/a/long/path/of/the/sites/own/choice" }
        site.measurementIDs = .only(["G-ABCDEF1234"])
        for path in ["/relais.js", "/assets/static/vendor/a.js"] {
            let bytes = TrackerScript(site: site, path: path).script.bytes
            let compressed = try #require(Gzip.compress(bytes))
            #expect(compressed.count <= 4096, "\(compressed.count) bytes")
            #expect(bytes.count > 5000)
        }
    }

    @Test(arguments: [
        ("/relais.js", nil, "v1/events"), ("/a/b/c.js", nil, "../../v1/events"), ("/a/b.js", "/a/e", "../a/e"),
    ])
    func itFindsWhereEventsGoFromWhereItIsItself(path: String, events: String?, expected: String) {
        let script = TrackerScript(site: Self.site { $0.events = events }, path: path)
        let text = String(decoding: script.script.bytes, as: UTF8.self)
        #expect(text.contains("data.events ?? \"\(expected)\""))
        #expect(!text.contains("%events%") && !text.contains("%id%"), "a place was left open")
    }

    @Test func eachSiteHasItsOwnByTheHost() async throws {
        try await CollectorScene.run(Self.configuration) { port, _ in
            let shop = try Self.get("/relais.js", port: port)
            #expect(shop.status == 200)
            #expect(shop.header("content-type") == "text/javascript; charset=utf-8")
            #expect(shop.header("x-content-type-options") == "nosniff")
            #expect(shop.header("cross-origin-resource-policy") == "cross-origin")
            #expect(shop.text.contains("\"assets/e\"") && shop.text.contains("\"G-TEST123456\""))
            try #expect(Self.get("/assets/js/a.js", port: port).text.contains("\"../../assets/e\""))
            let blog = try Self.get("/relais.js", host: "blog.example", port: port)
            #expect(blog.text.contains("\"v1/events\"") && !blog.text.contains("G-TEST123456"))
            try #expect(Self.get("/assets/js/a.js", host: "blog.example", port: port).status == 404)
            try #expect(Self.get("/relais.js", host: "elsewhere.test", port: port).text.contains("\"v1/events\""))
        }
    }

    @Test func itIsKeptShortlyUnderItsNameAndForEverUnderItsRevision() async throws {
        try await CollectorScene.run(Self.configuration) { port, _ in
            let plain = try Self.get("/assets/js/a.js", port: port)
            #expect(plain.header("cache-control") == TrackerScript.shortly)
            let tag = try #require(plain.header("etag"))
            let revision = String(tag.dropFirst(3).dropLast())
            #expect(revision.count == 16)

            let pinned = try Self.get("/assets/js/a.\(revision).js", port: port)
            #expect(pinned.header("cache-control") == TrackerScript.forever)
            #expect(pinned.body == plain.body)
            let old = try Self.get("/assets/js/a.0123456789abcdef.js", port: port)
            #expect(old.body == plain.body)
            #expect(old.header("cache-control") == TrackerScript.shortly)
            try #expect(Self.get("/assets/js/a.0123456789abcdeg.js", port: port).status == 404)

            let known = try Self.get("/assets/js/a.js", [("if-none-match", tag)], port: port)
            #expect(known.status == 304 && known.body.isEmpty && known.header("etag") == tag)
            try #expect(Self.get("/assets/js/a.js", [("if-none-match", "W/\"x\"")], port: port).status == 200)
        }
    }

    @Test func itIsCompressedForWhoTakesIt() async throws {
        try await CollectorScene.run(Self.configuration) { port, _ in
            let plain = try Self.get("/relais.js", [("accept-encoding", "br, gzip;q=0")], port: port)
            #expect(plain.header("content-encoding") == nil)
            let packed = try Self.get("/relais.js", [("accept-encoding", "gzip, deflate, br")], port: port)
            #expect(packed.header("content-encoding") == "gzip")
            #expect(packed.body.prefix(3) == [0x1F, 0x8B, 8] && packed.body.count <= 4096)
            #expect(packed.headers.filter { $0.name == "vary" }.map(\.value) == ["origin", "accept-encoding"])
            let head = try HTTPClient(port: port).request("HEAD", "/relais.js", headers: [("host", "shop.example")])
            #expect(head.status == 200 && head.header("content-length") == "\(plain.body.count)")
        }
    }

    @Test func eventsAreTakenUnderTheSitesOwnPath() async throws {
        try await CollectorScene.run(Self.configuration) { port, log in
            let page = [(name: "origin", value: "https://shop.example")]
            let event = "{\"event_name\":\"page_view\",\"event_id\":\"one\"}"
            try #expect(HTTPClient(port: port).post("/assets/e", event, headers: page).status == 202)
            try #expect(HTTPClient(port: port).post("/assets/f", event, headers: page).status == 404)
            #expect(log.submissions.count == 1)
        }
    }
}
