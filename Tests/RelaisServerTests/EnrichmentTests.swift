import Foundation
import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTelemetry
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct EnrichmentTests {
    private let directory: TemporaryDirectory
    private let store = MetricStore(shards: 1)

    init() throws {
        directory = try TemporaryDirectory()
        var places = MaxMindFile()
        places.add("203.0.113.0/24", country: "FR", region: "IDF", city: "Paris")
        places.add("198.51.100.0/24", country: "DE")
        try Data(places.bytes).write(to: URL(fileURLWithPath: "\(directory.path)/places.mmdb"))
    }

    private func configuration(_ more: String = "", site: String = "") throws -> RelaisConfiguration {
        let text = """
            state: state
            trusted_proxies: [10.0.0.0/8]
            sites:
              shop: { domains: [shop.example], measurement_id: any, consent: { default: granted }\(site) }
            sources:
              web: { clients: [relais, gtag], site: shop }
              server: { clients: [relais], site: shop, write_keys: [0123456789abcdef] }
            destinations:
              ads: { plugin: ads }
              all: { plugin: all }
            \(more)
            """
        return try ConfigurationLoader.load(path: try directory.write(text, to: "relais.yaml"), environment: [:])
    }

    private func pipeline(_ configuration: RelaisConfiguration) throws -> IngestPipeline {
        try IngestPipeline(
            configuration: configuration,
            manifests: [
                "ads": PluginManifest(
                    id: "ads",
                    name: "ads",
                    version: "1",
                    consent: .init(purposes: [.adStorage], userData: [.adUserData])
                ),
                "all": PluginManifest(id: "all", name: "all", version: "1"),
            ],
            geo: try GeoFile(configuration)?.database,
            metrics: store
        )
    }

    private func prepare(
        _ pipeline: IngestPipeline,
        _ body: String = #"{"event_name":"page_view"}"#,
        headers: [(String, String)] = [("origin", "https://shop.example")],
        from address: String = "203.0.113.9",
        path: String = "/v1/events",
        query: String = ""
    ) throws -> PreparedRequest {
        try pipeline.prepare(
            IncomingRequest(
                method: query.isEmpty ? "POST" : "GET",
                path: path,
                query: Array(query.utf8),
                headers: headers.map { IncomingRequest.Header(name: $0.0, value: $0.1) },
                body: Array(body.utf8),
                remoteAddress: address,
                receivedMicros: 1_795_445_369_000_000
            )
        )
    }

    private func event(_ prepared: PreparedRequest) throws -> Event {
        try Event(record: try #require(prepared.submissions.first).record)
    }

    @Test func thePlaceIsFoundBeforeTheAddressIsShortened() throws {
        let settings = "geo: { file: places.mmdb }\nprivacy: { ip: none }"
        let event = try event(prepare(pipeline(configuration(settings))))
        #expect(event.string(.geoCity) == "Paris")
        #expect(!event.has(.ipOverride))
    }

    @Test func thePlaceIsThatOfTheVisitorBehindTheProxy() throws {
        let headers = [("origin", "https://shop.example"), ("x-forwarded-for", "203.0.113.9, 198.51.100.7:4711")]
        let pipeline = try pipeline(configuration("geo: { file: places.mmdb }"))
        #expect(try event(prepare(pipeline, headers: headers, from: "10.0.0.1")).string(.geoCountry) == "DE")
        #expect(try event(prepare(pipeline, headers: headers, from: "203.0.113.5")).string(.geoCountry) == "FR")
    }

    @Test(
        arguments: [
            ("forwarded", "for=\"[2001:db8::9]:1234\";proto=https", "2001:db8::9"),
            ("x-real-ip", "203.0.113.77", "203.0.113.77"),
            ("CF-Connecting-IP", "203.0.113.78", "203.0.113.78"),
        ]
    )
    func theAddressIsInTheHeaderThatTheFileNames(_ header: String, _ value: String, _ address: String) throws {
        let pipeline = try pipeline(configuration("client_ip_header: \(header)"))
        let headers = [
            ("origin", "https://shop.example"), ("x-forwarded-for", "6.6.6.6"), (header.lowercased(), value),
        ]
        #expect(try event(prepare(pipeline, headers: headers, from: "10.0.0.1")).string(.ipOverride) == address)
        #expect(try event(prepare(pipeline, headers: headers, from: "192.0.2.1")).string(.ipOverride) == "192.0.2.1")
    }

    @Test func eventsOfOnesOwnPeopleAreMarkedAndReachNoAdVendor() throws {
        let settings = try configuration("privacy: { ip: truncated }", site: ", internal: [203.0.113.9, 2001:db8::/32]")
        let pipeline = try pipeline(settings)
        let claim = #"{"event_name":"page_view","params":{"traffic_type":"customer"}}"#
        let prepared = try prepare(pipeline, claim)
        #expect(try event(prepared)[.params].count == 1)
        #expect(try event(prepared).string("traffic_type", in: .params) == "internal")
        #expect(prepared.submissions.first?.plan.decision(for: "ads")?.reason == "internal_traffic")
        #expect(prepared.submissions.first?.plan.decision(for: "all")?.isEntitled == true)
        let foreign = try prepare(pipeline, from: "203.0.113.8")
        #expect(try event(foreign)[.params].isEmpty)
        #expect(foreign.submissions.first?.plan.decision(for: "ads")?.isEntitled == true)
    }

    @Test func aHitsWireSaysThatItIsInternalToo() throws {
        let pipeline = try pipeline(configuration(site: ", internal: 203.0.113.0/24"))
        let query = "v=2&tid=G-1&cid=1.2&_p=3&_s=1&en=page_view&tt=customer&dl=https%3A%2F%2Fshop.example%2F"
        let event = try event(prepare(pipeline, "", path: "/g/collect", query: query))
        #expect(event.string("tt", in: .ga4) == "internal")
        #expect(event[.ga4].count { event.bytes($0.key).elementsEqual("tt".utf8) } == 1)
        #expect(event.string("traffic_type", in: .params) == "internal")
    }

    @Test func aServersEventsAreInternalByTheVisitorsAddress() throws {
        let pipeline = try pipeline(configuration(site: ", internal: 203.0.113.0/24"))
        let headers = [("authorization", "Bearer 0123456789abcdef")]
        let body = #"{"event_name":"page_view","ip_override":"198.51.100.1"}"#
        #expect(try event(prepare(pipeline, body, headers: headers))[.params].isEmpty)
        let own = #"{"event_name":"page_view","ip_override":"203.0.113.200"}"#
        #expect(try event(prepare(pipeline, own, headers: headers, from: "198.51.100.1"))[.params].count == 1)
    }

    private func bot(_ more: String, _ userAgent: String) throws -> PreparedRequest {
        let pipeline = try pipeline(configuration(more))
        let headers = [("origin", "https://shop.example"), ("user-agent", userAgent), ("accept-language", "en")]
        let prepared = try prepare(pipeline, headers: headers)
        pipeline.meter.stored(prepared, [.appended(seq: 1)], microseconds: 1, shard: 0)
        return prepared
    }

    @Test func whatABotSendsIsCountedAndItsPlanSaysWhy() throws {
        let prepared = try bot("", "GPTBot/1.1")
        #expect(try event(prepared).number(.botScore) == 100)
        #expect(prepared.submissions.first?.plan.decision(for: "ads")?.reason == "bot")
        #expect(store.counter(.botEvents, "ai_crawler").value == 1)
        #expect(store.counter(.botEventsDropped).value == 0)
    }

    @Test func ofWhatIsDroppedAStubWithItsReasonsIsKept() throws {
        let prepared = try bot("bots: { drop_above: 70 }", "python-requests/2.31")
        let submission = try #require(prepared.submissions.first)
        #expect(try event(prepared).flags.contains(.stub))
        #expect(submission.plan.decisions.map(\.reason) == ["bot", "bot"])
        #expect(submission.plan.decisions.first?.detail == "bot score 80: http_library, above bots.drop_above")
        #expect(prepared.bots.first?.isDropped == true)
        #expect(store.counter(.botEventsDropped).value == 1)
    }

    @Test(arguments: [true, false]) func aBrowserIsJudgedByWhatItMustSendOverTLS(saysTLS: Bool) throws {
        let pipeline = try pipeline(configuration())
        var headers = [
            ("host", "shop.example"), ("sec-fetch-site", "same-origin"), ("accept-language", "en"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36"),
        ]
        if saysTLS { headers.append(("x-forwarded-proto", "https")) }
        let score = try event(prepare(pipeline, headers: headers, from: "10.0.0.1")).number(.botScore)
        #expect(score == (saysTLS ? 40 : 0))
        #expect(try event(prepare(pipeline, headers: headers, from: "192.0.2.1")).number(.botScore) == 0)
    }

    @Test func aDatabaseThatIsNoneIsToldAtItsPlace() throws {
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: "\(directory.path)/broken.mmdb"))
        for (name, reason) in [
            ("broken.mmdb", "MaxMind DB"), ("absent.mmdb", "No such file"), (".", "no file"),
        ] {
            let configuration = try configuration("geo: { file: \(name) }")
            let errors = #expect(throws: ConfigurationErrors.self) { try GeoFile(configuration) }
            let finding = try #require(errors?.diagnostics.first)
            #expect(finding.path == "geo.file")
            #expect(finding.location.line == 11)
            #expect(finding.message.contains(reason), "\(finding.message)")
        }
    }

    @Test func aDatabaseThatIsWrittenOverStaysWhole() throws {
        let configuration = try configuration("geo: { file: places.mmdb }")
        let file = try #require(try GeoFile(configuration))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(directory.path)/places.mmdb"))
        try handle.truncate(atOffset: 0)
        try handle.close()
        #expect(file.database.place(of: "203.0.113.1")?.city == "Paris")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/state") == [])
    }
}
