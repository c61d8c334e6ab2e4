import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct ManifestTests {
    private static let minimal =
        #"{"manifest":1,"id":"x","name":"X","version":"1.0","abi":"1.0","hosts":["a.example"],"config_schema":{"type":"object"}}"#

    private func problems(replacing part: String, with other: String) -> [String] {
        #expect(Self.minimal.contains(part))
        return ManifestReader.read(Self.minimal.replacing(part, with: other)).problems.map(\.description)
    }

    @Test func everyMemberIsRead() throws {
        let text = #"""
            { "manifest": 1, "id": "meta", "name": "Meta Conversions API", "version": "1.0.0", "license": "Apache-2.0",
              "abi": "1.0", "event_schema": "1", "event_view": "json",
              "config_schema": { "type": "object", "properties": { "token": { "type": "string", "secret": true } } },
              "consent": { "purposes": ["ad_storage", "ad_user_data"], "vendor": "meta", "degrade": { "as": "ping", "clients": ["gtag"] },
                           "user_data": ["ad_personalization"] },
              "user_data": { "email": ["lower", "google"], "phone": ["digits"] }, "clear": ["first_name"],
              "batch": { "max_events": 500, "max_bytes": 20000, "linger_ms": 200 }, "on_2xx": "delivered", "dedup": true,
              "events": { "purchase": "Purchase" }, "hosts": ["graph.facebook.com"],
              "api": { "version": "v26.0", "sunset": null }, "max_age": "72h", "examples": [] }
            """#
        let reading = ManifestReader.read(text)
        #expect(reading.problems.isEmpty)
        #expect(reading.warnings.isEmpty)
        let manifest = try #require(reading.manifest)
        #expect(
            manifest
                == PluginManifest(
                    id: "meta",
                    name: "Meta Conversions API",
                    version: "1.0.0",
                    license: "Apache-2.0",
                    events: ["purchase": "Purchase"],
                    consent: .init(
                        purposes: [.adStorage, .adUserData],
                        vendor: "meta",
                        userData: [.adPersonalization],
                        degrade: .init(clients: ["gtag"])
                    ),
                    userData: [.email: ["lower", "google"], .phone: ["digits"]],
                    maxEvents: 500,
                    maxBytes: 20_000,
                    lingerMilliseconds: 200,
                    deliversOn2xx: true,
                    deduplicates: true,
                    hosts: ["graph.facebook.com"],
                    maxAgeMilliseconds: 72 * 3_600_000,
                    wantsJSON: true,
                    configurationSchema: #"{"type":"object","properties":{"token":{"type":"string","secret":true}}}"#,
                    text: text,
                    clear: [.firstName]
                )
        )
    }

    @Test func eventsMayBeListedByTheConfiguration() throws {
        let text = Self.minimal.replacing(#""hosts""#, with: #""events_from":"/conversions/*/event","hosts""#)
        let manifest = try #require(ManifestReader.read(text).manifest)
        #expect(manifest.eventListing == .init(list: "conversions", name: "event"))
    }

    @Test(arguments: ["conversions", "/conversions/event", "/conversions/0/event", "/*/event", "/a/*/b/c"])
    func aListingThatIsNoPointerIsAProblem(pointer: String) {
        let found = problems(replacing: #""hosts""#, with: #""events_from":"\#(pointer)","hosts""#)
        #expect(found.count == 1)
        #expect(found.first?.contains("events_from") == true)
    }

    @Test func sourcesMayBeNamedByTheConfiguration() throws {
        let text = Self.minimal.replacing(#""hosts""#, with: #""sources_from":"/action_source/*","hosts""#)
        let reading = ManifestReader.read(text)
        #expect(try #require(reading.manifest).sourceListing == "action_source" && reading.warnings.isEmpty)
        let found = problems(replacing: #""hosts""#, with: #""sources_from":"/action_source","hosts""#)
        #expect(found == [#"/sources_from: must be a pointer such as "/action_source/*""#])
    }

    @Test func whatKeepsAVendorFromCountingIsRead() throws {
        let text = Self.minimal.replacing(#""hosts""#, with: #""uncounted_with":["test_code"],"hosts""#)
        let reading = ManifestReader.read(text)
        #expect(try #require(reading.manifest).uncountedWith == ["test_code"] && reading.warnings.isEmpty)
    }

    @Test func whatMakesAPingImpossibleIsRead() throws {
        let degrade = #""consent":{"degrade":{"as":"ping","unless":{"transport":"slow"}}},"hosts""#
        let reading = ManifestReader.read(Self.minimal.replacing(#""hosts""#, with: degrade))
        #expect(try #require(reading.manifest).consent.degrade == .init(unless: ["transport": "slow"]))
        #expect(reading.warnings.isEmpty)
    }

    @Test func rateAndConcurrencyAreRead() throws {
        func manifest(_ members: String) throws -> PluginManifest {
            let text = Self.minimal.replacing("{\"manifest\"", with: "{\(members),\"manifest\"")
            #expect(ManifestReader.read(text).warnings.isEmpty)
            return try #require(ManifestReader.read(text).manifest)
        }
        let full = try manifest(#""rate":{"requests":600,"per":"1m","burst":25},"concurrency":2"#)
        #expect(full.rate == RequestRate(requests: 600, period: 60_000, burst: 25))
        #expect(full.concurrency == 2)
        let short = try manifest(#""rate":{"requests":40}"#)
        #expect(short.rate == RequestRate(requests: 40, period: 1000, burst: 40))
        #expect(short.concurrency == nil)
    }

    @Test func leftOutMembersHaveDefaults() throws {
        let manifest = try #require(ManifestReader.read(Self.minimal).manifest)
        #expect(manifest.events == nil)
        #expect(manifest.maxAgeMilliseconds == 7 * 86_400_000)
        #expect(!manifest.wantsJSON && !manifest.deliversOn2xx && !manifest.deduplicates)
    }

    @Test func unknownMembersAreWarnings() {
        let reading = ManifestReader.read(Self.minimal.replacing("{\"manifest\"", with: "{\"hots\":1,\"manifest\""))
        #expect(reading.manifest != nil)
        #expect(
            reading.warnings.map(\.description) == [
                "/hots: this relay does not know this member and ignores it; did you mean \"hosts\"?"
            ]
        )
    }

    @Test func brokenJSONHasAPosition() {
        #expect(
            problems(replacing: "\"X\",", with: "\"X\"") == [
                "the manifest is not JSON: line 1, column 34: a comma or } should be here"
            ]
        )
    }

    @Test(arguments: [
        (#""id":"x""#, #""id":"X y""#, "/id: must be a string such as \"meta\""),
        (#""version":"1.0","#, "", "/version: is required"),
        (#""manifest":1"#, #""manifest":2"#, "/manifest: must be 1, the manifest's version"),
        (
            #"["a.example"]"#, #"["https://a.example"]"#,
            "/hosts: \"https://a.example\" is no host name (no scheme, port, path or wildcard)"
        ),
        (
            #""hosts":["a.example"],"#, "",
            "/hosts: must name at least one host, or config_schema must have the property \"endpoint\""
        ),
        (
            #"{"type":"object"}"#, #"{"type":"object","minimun":1}"#,
            "/config_schema/minimun: the schema keyword \"minimun\" is not supported; did you mean \"minimum\"?"
        ),
        (#"{"type":"object"}"#, #"{}"#, "/config_schema: must have \"type\": \"object\""),
        (
            #""id""#, #""consent":{"purposes":["ad_storag"]},"id""#,
            "/consent/purposes: \"ad_storag\" is no consent purpose; did you mean \"ad_storage\"?"
        ),
        (
            #""id""#, #""user_data":{"emial":["lower"]},"id""#,
            "/user_data/emial: \"emial\" is no kind of user data; did you mean \"email\"?"
        ),
        (
            #""id""#, #""user_data":{"email":["clear"]},"id""#,
            "/user_data/email: \"clear\" is no recipe; name the kind in the manifest's \"clear\""
        ),
        (
            #""id""#, #""user_data":{"email":"lower"},"id""#,
            "/user_data/email: must be an array of recipe names, for instance [\"lower\"]"
        ),
        (#""id""#, #""batch":{"max_events":0},"id""#, "/batch/max_events: must be a whole number from 1 to 10000"),
        (#""id""#, #""rate":{"per":"1m"},"id""#, "/rate/requests: is required"),
        (#""id""#, #""rate":{"requests":5,"per":"2d"},"id""#, "/rate/per: must be a duration from \"1s\" to \"1d\""),
        (#""id""#, #""concurrency":0,"id""#, "/concurrency: must be a whole number from 1 to 64"),
        (#""id""#, #""max_age":"7 days","id""#, "/max_age: must be a duration such as \"72h\" or \"7d\""),
        (#""id""#, #""on_2xx":"drop","id""#, "/on_2xx: must be \"classify\" or \"delivered\""),
        (#""id""#, #""event_schema":"2","id""#, "/event_schema: must be \"1\", the event schema this relay has"),
    ]) func wrongMemberIsNamed(part: String, other: String, problem: String) {
        #expect(problems(replacing: part, with: other) == [problem])
    }

    @Test func otherMajorVersionIsNamed() {
        let problems = problems(replacing: "\"abi\":\"1.0\"", with: "\"abi\":\"2.3\"")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("is built for ABI 2.3; this relay speaks major version 1") == true)
    }

    @Test func allProblemsComeAtOnce() {
        #expect(ManifestReader.read("{}").problems.count >= 6)
    }
}
