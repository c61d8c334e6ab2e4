import NIOHTTP1
import RelaisConfig
import Testing

@testable import RelaisServer

@Suite struct GoogleScriptTests {
    private static func site(_ change: (inout GoogleScriptsConfiguration) -> Void = { _ in }) -> SiteConfiguration {
        var site = SiteConfiguration(name: "shop")
        site.measurementIDs = .only(["G-TEST123456"])
        var scripts = GoogleScriptsConfiguration()
        scripts.ids = ["GTM-ABC123", "AW-123456789"]
        change(&scripts)
        site.googleScripts = scripts
        return site
    }

    private static func script(
        _ kind: GoogleScript.Kind,
        _ query: String,
        host: String = "t.shop.example",
        site: SiteConfiguration = site()
    ) throws -> GoogleScript {
        let scripts = try #require(site.googleScripts)
        return try GoogleScript(kind, of: site, scripts, host, query: Array(query.utf8))
    }

    @Test func itIsFetchedWithTheParametersThatAreItsOwn() throws {
        let query = "gtm=45je5&cx=c&l=layer&id=AW-123456789&id=GTM-OTHER&sign=x&gtm_debug=x"
        #expect(
            try Self.script(.destination, query).url
                == "https://www.googletagmanager.com/gtag/destination?id=AW-123456789&l=layer&cx=c"
        )
        #expect(
            try Self.script(.gtm, "id=GTM-ABC123&gtm_auth=a_B-9.c&gtm_preview=env-3&gtm_cookies_win=x").url
                == "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123&gtm_auth=a_B-9.c&gtm_preview=env-3"
                + "&gtm_cookies_win=x"
        )
        try #expect(Self.script(.gtag, "id=G-TEST123456") == Self.script(.gtag, "gtm=9&id=G-TEST123456"))
    }

    @Test func withoutAnIDItIsTheOneThatThereIs() throws {
        try #expect(Self.script(.gtm, "").url.hasSuffix("/gtm.js?id=GTM-ABC123"))
        let two = #expect(throws: GoogleScript.Refusal.self) { try Self.script(.gtag, "l=layer") }
        #expect(two?.status == .badRequest)
        let one = Self.site { $0.ids = [] }
        try #expect(Self.script(.gtag, "", site: one).url.hasSuffix("/gtag/js?id=G-TEST123456"))
    }

    @Test(arguments: ["id=GTM-EVIL", "id=G-OTHER", "id=AW-1", "id="])
    func noOtherContainerIsServed(query: String) throws {
        for kind in GoogleScript.Kind.allCases {
            let refusal = #expect(throws: GoogleScript.Refusal.self) { try Self.script(kind, query) }
            #expect(refusal?.status == .notFound)
        }
        var site = Self.site()
        site.measurementIDs = .any
        #expect(throws: GoogleScript.Refusal.self) { try Self.script(.gtag, "id=G-TEST123456", site: site) }
        #expect(throws: GoogleScript.Refusal.self) { try Self.script(.gtm, "id=G-TEST123456") }
    }

    @Test(arguments: [
        "id=GTM-ABC123%26x", "id=GTM-ABC123/../x", "id=GTM-ABC123&l=a%0d%0ab", "id=GTM-ABC123&gtm_auth=a b",
        "id=GTM-ABC123&l=\u{e9}", "id=GTM-ABC123#",
        "id=GTM-ABC123&l=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ])
    func aQueryThatIsNoneOfGooglesIsRefused(query: String) throws {
        let refusal = #expect(throws: GoogleScript.Refusal.self) { try Self.script(.gtm, query) }
        #expect(refusal?.status == .badRequest)
    }

    @Test(arguments: ["", "a\"b.shop.example", "shop.example/x", "shop.example:80:80", "shop.example:x", "[::1]:80"])
    func aHostThatIsNoneIsNeverWrittenIntoAScript(host: String) {
        #expect(throws: GoogleScript.Refusal.self) { try Self.script(.gtm, "", host: host) }
    }

    @Test func googlesHostAndTheRenamedPathsAreReplaced() throws {
        var site = Self.site {
            $0.gtag = "/m/g.js"
            $0.destination = "/m/d.js"
        }
        site.paths.gtag = "/m/c"
        let script = try Self.script(.gtag, "id=G-TEST123456", host: "t.shop.example:8443", site: site)
        let text = """
            a="https://www.googletagmanager.com";b="/gtag/js?id="+x;c="/gtag/destination?id="+x;d="/gtm.js?id=";\
            e=t+"/g/collect";f="www.google-analytics.com";g="/gtag/jsonp"; www.googletagmanager.co
            """
        let rewritten = String(decoding: script.rewritten(Array(text.utf8)), as: UTF8.self)
        #expect(
            rewritten == """
                a="https://t.shop.example:8443";b="/m/g.js?id="+x;c="/m/d.js?id="+x;d="/gtm.js?id=";\
                e=t+"/m/c";f="www.google-analytics.com";g="/gtag/jsonp"; www.googletagmanager.co
                """
        )
    }
}
