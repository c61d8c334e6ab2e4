import RelaisConfig
import RelaisEvent
import Testing

struct GoodConfigurationTests {
    @Test(arguments: FixtureLoader.names(".good.yaml"))
    func goodFilesLoadWithoutFindings(name: String) throws {
        #expect(try FixtureLoader.load(fixture: "\(name).good.yaml").diagnostics.isEmpty)
    }

    @Test func absentKeysHaveTheirDefaults() throws {
        let configuration = try FixtureLoader.load(fixture: "minimal.good.yaml")
        #expect(configuration.listen == ListenAddress(host: "0.0.0.0", port: 8080))
        #expect(configuration.admin.listen == ListenAddress(host: "127.0.0.1", port: 9090))
        #expect(configuration.admin.token == nil)
        #expect(configuration.state == "/var/lib/relais")
        #expect(configuration.plugins.isolation == .process)
        #expect(configuration.environment == .production)
        #expect(configuration.limits.requestBytes == 1_048_576)
        #expect(configuration.limits.eventBytes == 65_536)
        #expect(configuration.limits.perIP == RateLimit(requestsPerSecond: 100, burst: 1000))
        #expect(configuration.limits.perKey == nil)
        #expect(configuration.tls == nil)
        #expect(configuration.clientIPHeader == "x-forwarded-for")
        #expect(configuration.geo.file == nil)
        #expect(configuration.bots.declared == .noAds && configuration.bots.dropAbove == nil)
        #expect(configuration.dedup.window == .seconds(172_800))
        #expect(configuration.store.keep == .seconds(30 * 86_400) && configuration.store.maxBytes == 20 << 30)
        #expect(configuration.store.keepDead == .seconds(90 * 86_400) && configuration.store.minFree == 256 << 20)
        #expect(configuration.sources.first?.site == "shop")
        #expect(configuration.sites.first?.consent[.adStorage] == .denied)
        #expect(configuration.destinations.isEmpty)
    }

    @Test func rateLimitsCanBeSwitchedOff() throws {
        let text = String(decoding: try FixtureLoader.bytes("minimal.good.yaml"), as: UTF8.self)
        let configuration = try FixtureLoader.load(text: text + "\nlimits: { per_ip: off }\n")
        #expect(configuration.limits.perIP == nil)
    }

    @Test func theDocumentedExampleIsRead() throws {
        let configuration = try FixtureLoader.load(fixture: "design.good.yaml")
        #expect(configuration.admin.token?.value == "admin-secret-1")
        let site = try #require(configuration.site(named: "shop"))
        #expect(site.measurementIDs == .only(["G-ABC123"]))
        #expect(site.defaultCountry == "FR")
        let server = try #require(configuration.source(named: "server"))
        #expect(server.writeKeys.map(\.plainText) == ["write-secret-2"])
        #expect(server.consent?[.adUserData] == .granted)
        #expect(server.consent?.reason == "order flow, consent checked by the shop")
        let ga4 = try #require(configuration.destination(named: "ga4"))
        #expect(ga4.config.json == #"{"api_secret":"ga4-secret-3","measurement_id":"G-ABC123"}"#)
        #expect(ga4.events == nil)
        let meta = try #require(configuration.destination(named: "meta"))
        #expect(meta.browserTag == true)
        #expect(meta.sites == ["shop"])
        #expect(meta.events?.map(\.name) == ["purchase", "add_to_cart", "page_view", "newsletter"])
        #expect(meta.events?[1].conditions == [EventCondition(path: "value", test: .greaterThan(0))])
        #expect(meta.events?[3].sentAs == "Lead")
    }

    @Test func everyKeyIsRead() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        #expect(configuration.listen == ListenAddress(host: "::1", port: 8081))
        #expect(configuration.admin.token?.value == "file-secret-5")
        #expect(configuration.plugins.isolation == .inProcess)
        #expect(configuration.environment == .staging)
        #expect(configuration.privacy.ip == .truncated)
        #expect(configuration.clientIPHeader == "cf-connecting-ip")
        #expect(configuration.geo.file == "GeoLite2-City.mmdb")
        #expect(configuration.bots.declared == .send)
        #expect(configuration.bots.dropAbove == 80)
        #expect(configuration.log.format == .json)
        #expect(configuration.log.level == .debug)
        #expect(configuration.store.keep == .seconds(7 * 86_400))
        #expect(configuration.store.keepDead == .seconds(14 * 86_400))
        #expect(configuration.store.maxBytes == 2 << 30)
        #expect(configuration.store.minFree == 64 << 20)
        #expect(configuration.limits.idleTimeout == .seconds(90))
        #expect(configuration.limits.connections == 1000)
        #expect(configuration.limits.perIP == RateLimit(requestsPerSecond: 50, burst: 70))
        #expect(configuration.limits.perKey == RateLimit(requestsPerSecond: 20, burst: 200))
        #expect(configuration.tls?.certificate == "tls/chain.pem")
        #expect(configuration.tls?.key == "/etc/relais/key.pem")
        #expect(configuration.tls?.minimumVersion == .tls13)
        let site = try #require(configuration.site(named: "shop-fr"))
        #expect(site.domains == ["example.fr", "shop.example.com"])
        #expect(site.internalNetworks.ranges.map(\.description) == ["203.0.113.0/24", "2001:db8:1:0:0:0:0:0/48"])
        #expect(site.consent[.securityStorage] == .granted)
        #expect(site.consent[.adStorage] == .denied)
        #expect(site.cookies.clientID == .fpid)
        #expect(site.cookies.lifetime == .seconds(180 * 86_400))
        #expect(site.cookies.sameSite == .strict)
        #expect(!site.cookies.isSecure)
        #expect(site.cookies.domain == "example.com")
        #expect(site.cookies.path == "/shop")
        #expect(site.cookies.vendors == [.meta, .tiktok])
        #expect(site.cookies.hasKeeper)
        #expect(site.cookies.adoptsFPID)
        let web = try #require(configuration.source(named: "web"))
        #expect(web.origins.map(\.description) == ["https://pay.example.net", "http://localhost:3000"])
        let server = try #require(configuration.source(named: "server"))
        #expect(server.consent?[.adUserData] == .denied)
    }

    @Test func everyKeyOfADestinationIsRead() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        #expect(configuration.destination(named: "ga4")?.onUncertain == .deadLetter)
        #expect(configuration.destination(named: "ga4")?.exclude == ["user_engagement"])
        let meta = try #require(configuration.destination(named: "meta_fr"))
        #expect(!meta.isEnabled)
        #expect(meta.sources == ["web", "server"])
        #expect(meta.maxAge == .seconds(7 * 86_400))
        #expect(meta.batchMaxEvents == 50)
        #expect(meta.batchLinger == .milliseconds(200))
        #expect(meta.concurrency == 2)
        #expect(meta.purchaseID == .transactionID)
        #expect(
            meta.params == [
                FieldMapping(source: "params.loyalty_tier", field: "custom_data.loyalty_tier"),
                FieldMapping(source: "user_properties.plan", field: "custom_data.plan"),
                FieldMapping(source: "tax", field: "custom_data.tax"),
            ]
        )
        #expect(meta.clear == [.firstName, .lastName])
        #expect(meta.rateLimit == RequestRate(requests: 600, period: 60_000, burst: 20))
        #expect(meta.authProbe == .seconds(90))
        #expect(meta.timeout == .milliseconds(1500))
        #expect(meta.consent.purposes == [.adStorage, .adUserData])
        #expect(meta.consent.vendor == "facebook")
        #expect(
            meta.conditions == [
                EventCondition(path: "page_path", test: .notEqual(.text("/internal"))),
                EventCondition(path: "params.count", test: .equal(.number(3))),
                EventCondition(path: "params.beta", test: .equal(.boolean(false))),
            ]
        )
        #expect(
            meta.events?[1].conditions == [
                EventCondition(path: "value", test: .greaterThan(0)),
                EventCondition(path: "value", test: .atMost(1000.5)),
                EventCondition(path: "currency", test: .oneOf([.text("EUR"), .text("USD")])),
            ]
        )
    }

    @Test func pluginConfigurationKeepsTypesAndDigits() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        let json = try #require(configuration.destination(named: "meta_fr")).config.json
        #expect(json.contains(#""pixel_id":"0123""#))
        #expect(json.contains(#""numbers":[1,-2.50,3,31,1e3,0.5,9007199254740993]"#))
        #expect(json.contains(#""words":["yes","true",true,"off"]"#))
        #expect(json.contains(#""test_event_code":null"#))
        #expect(json.contains(#""a":"line\nbreak \"quoted\"""#))
        #expect(json.contains(#""access_token":"file-secret-6""#))
    }

    @Test func anAliasRepeatsItsValueAndAnEscapedReferenceStaysText() throws {
        let configuration = try FixtureLoader.load(fixture: "aliases.good.yaml")
        let two = try #require(configuration.destination(named: "two"))
        #expect(two.events == configuration.destination(named: "one")?.events)
        #expect(two.config.json == #"{"note":"${NOT_A_VARIABLE}","price":"$5"}"#)
    }

    @Test func theLongestDomainDecidesTheSite() throws {
        let configuration = try FixtureLoader.load(fixture: "full.good.yaml")
        #expect(configuration.site(forHost: "WWW.shop.example.com")?.name == "shop-fr")
        #expect(configuration.site(forHost: "shop.example.com")?.name == "shop-fr")
        #expect(configuration.site(forHost: "www.example.com")?.name == "blog")
        #expect(configuration.site(forHost: "notexample.com") == nil)
        #expect(configuration.site(forHost: "") == nil)
    }

    @Test func relativePathsStartAtTheFolderOfTheFile() throws {
        let text = """
            sites: { shop: { domains: [example.com] } }
            sources: { web: { clients: [relais] } }
            state: data
            plugins: { directory: /opt/plugins }
            admin: { token: { file: secrets/admin } }
            """
        let configuration = try FixtureLoader.load(text: text, folder: "/etc/relais/")
        #expect(configuration.state == "/etc/relais/data")
        #expect(configuration.plugins.directory == "/opt/plugins")
        #expect(configuration.admin.token?.value == "file-secret-5")
    }

    @Test func doubtfulButUsableSettingsAreWarnings() throws {
        let text = """
            sites: { shop: { domains: [example.com] } }
            sources: { web: { clients: [relais], consent: { ad_storage: granted } } }
            admin: { token: written-here }
            trusted_proxies: [0.0.0.0/0]
            destinations:
              meta: { plugin: meta, events: {}, consent: { purposes: [] }, config: { token: { file: secrets/open } } }
            """
        let configuration = try FixtureLoader.load(text: text)
        #expect(configuration.diagnostics.map(\.severity) == Array(repeating: .warning, count: 6))
        #expect(configuration.diagnostics.map(\.location.line) == [2, 3, 4, 6, 6, 6])
        #expect(!configuration.diagnostics.description.contains("written-here"))
    }
}
