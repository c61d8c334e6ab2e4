import RelaisConfig
import Testing

struct SecretTests {
    private func configuration() throws -> RelaisConfiguration { try FixtureLoader.load(fixture: "full.good.yaml") }

    @Test func descriptionsAndDumpsShowNoSecret() throws {
        let configuration = try configuration()
        var dumped = ""
        dump(configuration, to: &dumped)
        for part in [configuration.admin as Any, configuration.sources, configuration.destinations] {
            dump(part, to: &dumped)
            dumped += String(describing: part) + String(reflecting: part)
        }
        dumped += "\(configuration)" + String(reflecting: configuration)
        for secret in FixtureLoader.secretValues { #expect(!dumped.contains(secret)) }
        #expect(!dumped.contains("9191"))
    }

    @Test func snapshotsShowReferencesInPlaceOfSecrets() throws {
        let snapshot = try configuration().snapshot()
        for secret in FixtureLoader.secretValues { #expect(!snapshot.contains(secret)) }
        #expect(snapshot.contains(#""api_secret":"${GA4_SECRET}""#))
        #expect(snapshot.contains(#""endpoint":"http://127.0.0.1:${PORT}/www.google-analytics.com""#))
        #expect(snapshot.contains(#""write_keys":["${WRITE_KEY}","<secret>","sha256:5e884898…"]"#))
        #expect(snapshot.contains(#""private_key":"<secret>""#))
    }

    @Test func propertiesThatASchemaMarksSecretAreMasked() throws {
        let configuration = try configuration()
        let meta = try #require(configuration.destination(named: "meta_fr"))
        #expect(meta.config.maskedJSON().contains(#""pixel_id":"0123""#))
        #expect(meta.config.maskedJSON(secretProperties: ["pixel_id"]).contains(#""pixel_id":"<secret>""#))
        #expect(configuration.snapshot(secretProperties: ["meta_fr": ["a"]]).contains(#""deeper":[{"a":"<secret>"}]"#))
    }

    @Test func valuesFromTheEnvironmentAreMaskedWhereverTheyStand() throws {
        let text = """
            listen: 127.0.0.1:${PORT}
            state: ${META_TOKEN}
            sites: { shop: { domains: ["${WRITE_KEY}.example"] } }
            sources: { web: { clients: [relais], write_keys: ["${WRITE_KEY}", "literal-${PORT}"] } }
            destinations: { meta: { plugin: meta, when: { params.plan: { eq: "${GA4_SECRET}" } } } }
            """
        let configuration = try FixtureLoader.load(text: text)
        #expect(configuration.listen.port == 9191)
        let snapshot = configuration.snapshot()
        #expect(snapshot.contains(#""listen":"127.0.0.1:${PORT}""#))
        #expect(snapshot.contains(#""state":"${META_TOKEN}""#))
        #expect(snapshot.contains(#""eq":"${GA4_SECRET}""#))
        #expect(snapshot.contains(#""write_keys":["${WRITE_KEY}","<secret>"]"#))
        for secret in FixtureLoader.secretValues { #expect(!snapshot.contains(secret)) }
        #expect(!snapshot.contains("literal-"))
    }

    @Test func aRefusedValueFromTheEnvironmentIsNotShown() throws {
        let text = """
            listen: "${META_TOKEN}"
            sites: { shop: { domains: ["${WRITE_KEY}/path"], consent: { default: "${GA4_SECRET}" } } }
            sources: { web: { clients: ["${META_TOKEN}"], site: "${META_TOKEN}" } }
            destinations:
              meta: { plugin: meta, sites: ["${WRITE_KEY}"], enabled: { file: secrets/meta } }
            """
        let errors = try #require(throws: ConfigurationErrors.self) { try FixtureLoader.load(text: text) }
        #expect(errors.diagnostics.count == 7)
        for secret in FixtureLoader.secretValues { #expect(!errors.description.contains(secret)) }
    }

    @Test func equalConfigurationsHaveEqualSnapshots() throws {
        let reordered = """
            sources: { web: { site: shop, clients: [relais] } }
            dedup: { window: 2880m }
            sites: { shop: { domains: [EXAMPLE.com] } }
            """
        let minimal = try FixtureLoader.load(fixture: "minimal.good.yaml")
        #expect(try FixtureLoader.load(text: reordered).snapshot() == minimal.snapshot())
    }
}
