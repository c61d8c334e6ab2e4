import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTelemetry
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct MeterTests {
    private static let configuration = """
        sites:
          shop: { domains: [shop.example], measurement_id: G-1, consent: { default: granted } }
        sources:
          web: { clients: [relais, gtag], site: shop }
        destinations:
          ads: { plugin: ads }
          all: { plugin: all }
        """

    private let manifests = [
        "ads": PluginManifest(
            id: "ads",
            name: "ads",
            version: "1",
            events: ["purchase": "Purchase"],
            consent: .init(purposes: [.adStorage], userData: [.adUserData]),
            userData: [.email: ["lower"], .phone: ["digits"]]
        ),
        "all": PluginManifest(id: "all", name: "all", version: "1"),
    ]

    private let store = MetricStore(shards: 2)

    private func pipeline() throws -> IngestPipeline {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.configuration, to: "relais.yaml")
        return try IngestPipeline(
            configuration: try ConfigurationLoader.load(path: path, environment: [:]),
            manifests: manifests,
            metrics: store
        )
    }

    private func prepare(_ events: String, in pipeline: IngestPipeline) throws -> PreparedRequest {
        try pipeline.prepare(
            IncomingRequest(
                method: "POST",
                path: "/v1/events",
                query: [],
                headers: [.init(name: "origin", value: "https://shop.example")],
                body: Array(events.utf8),
                remoteAddress: "203.0.113.7",
                receivedMicros: 1_795_445_369_000_000
            )
        )
    }

    private func event(_ userData: String, name: String = "purchase", consent: String = "{}") -> String {
        "{\"event_name\":\"\(name)\",\"client_id\":\"1.2\",\"user_data\":\(userData),\"consent\":\(consent)}"
    }

    private func quality(_ destination: String) -> MatchQuality {
        MatchQuality(store, destination: destination, manifest: manifests[destination]!, since: 0)
    }

    private func store(_ prepared: PreparedRequest, _ pipeline: IngestPipeline) {
        let outcomes = prepared.submissions.indices.map { LogOutcome.appended(seq: UInt64($0 + 1)) }
        pipeline.meter.stored(prepared, outcomes, microseconds: 1500, shard: 1)
    }

    @Test func identifiersAreCountedForEachDestinationThatMayHaveThem() throws {
        let pipeline = try pipeline()
        let events = [
            event("{\"email\":\"jane@example.com\",\"phone\":\"+33612345678\"}"),
            event("{\"email\":\"jane@example.com\",\"phone\":\"06 12 34 56 78\"}"),
            event("{\"phone\":\"none of your business\"}"), event("{}"),
            event("{\"email\":\"jane@example.com\"}", name: "scroll"),
            event("{\"email\":\"jane@example.com\"}", consent: "{\"ad_user_data\":\"denied\"}"),
        ]
        store(try prepare("[\(events.joined(separator: ","))]", in: pipeline), pipeline)
        let ads = quality("ads")
        #expect(ads.events == 4)
        #expect(ads.withheld == 1)
        #expect(
            ads.identifiers == [
                .init(kind: "email", present: 2, unusable: [], missing: 2),
                .init(kind: "phone", present: 1, unusable: [("malformed", 1), ("no_country", 1)], missing: 1),
            ]
        )
        #expect(quality("all").events == 6)
        #expect(quality("all").identifiers.isEmpty)
    }

    @Test func duplicatesCountNothingButThemselves() throws {
        let pipeline = try pipeline()
        let prepared = try prepare(event("{\"email\":\"jane@example.com\"}"), in: pipeline)
        pipeline.meter.stored(prepared, [.duplicate(of: 1)], microseconds: 1, shard: 0)
        #expect(store.counter(.eventsDuplicate, "shop", "web", "relais").value == 1)
        #expect(store.counter(.eventsAccepted, "shop", "web", "relais").value == 0)
        #expect(quality("ads").events == 0)
    }

    @Test func anotherConfigurationCountsOn() throws {
        for _ in 0..<2 {
            let pipeline = try pipeline()
            store(try prepare(event("{\"email\":\"jane@example.com\"}"), in: pipeline), pipeline)
        }
        #expect(store.counter(.eventsAccepted, "shop", "web", "relais").value == 2)
        #expect(quality("ads").identifiers[0].present == 2)
        #expect(store.histogram(.requestDuration).reading.count == 2)
    }

    @Test func refusalsAreCountedByStableWords() throws {
        let meter = try pipeline().meter
        meter.rateLimited(shard: 0)
        for status in [204, 400, 401, 403, 404, 413, 418] {
            meter.refused(RequestRejection(status: status, reason: "whatever"), shard: 0)
        }
        for refusal in RequestRefusal.allCases {
            #expect(store.counter(.requestsRefused, refusal.rawValue).value == 1, "\(refusal)")
        }
        meter.rejected(
            [(0, EventRejection(pointer: "/tid", reason: "")), (1, EventRejection(pointer: "/value", reason: ""))],
            shard: 0
        )
        #expect(store.counter(.eventsRejected, "measurement_id").value == 1)
        #expect(store.counter(.eventsRejected, "malformed").value == 1)
        meter.answered(status: 202, shard: 1)
        meter.answered(status: 299, shard: 1)
        #expect(store.counter(.requests, "202").value == 1)
        #expect(store.counter(.requests, "other").value == 1)
    }

    @Test func storedPlansAreCountedByDestinationAndReason() {
        let meter = LogMeter(store)
        func entry(_ decisions: Decision...) -> LogEntry {
            LogEntry(seq: 1, record: [], plan: Plan(decisions: decisions))
        }
        let ga4 = Decision(destination: "ga4", outcome: .entitled)
        meter.committed(
            [
                entry(ga4, Decision(destination: "meta", outcome: .refused, reason: "not_mapped")),
                entry(Decision(destination: "meta", outcome: .hadEarlierCopy, reason: "duplicate"), ga4),
                entry(Decision(destination: "meta", outcome: .refused, reason: "not_mapped")),
            ],
            microseconds: 900
        )
        #expect(store.counter(.eventsEntitled, "ga4").value == 2)
        #expect(store.counter(.eventsNotSent, "meta", "not_mapped").value == 2)
        #expect(store.counter(.eventsNotSent, "meta", "duplicate").value == 1)
        #expect(store.histogram(.logCommitEvents).reading.sum == 3)
    }

    @Test func totalsThatBeginAnewGoOnGrowing() {
        let totals = GrowingTotals(store)
        for total in [2, 3, 1] as [UInt64] { totals.report(.pluginRestarts, ["meta"], total: total) }
        #expect(store.counter(.pluginRestarts, "meta").value == 4)
    }

    @Test func matchQualityIsToldInWholePercent() throws {
        let pipeline = try pipeline()
        let events = [event("{\"email\":\"jane@example.com\"}"), event("{\"email\":\"nonsense\"}"), event("{}")]
        store(try prepare("[\(events.joined(separator: ","))]", in: pipeline), pipeline)
        var writer = JSONWriter()
        quality("ads").write(to: &writer)
        let json = try JSONValue.parse(String(decoding: writer.bytes, as: UTF8.self))
        #expect(json["events"].int == 3)
        #expect(json["since"].string == "1970-01-01T00:00:00.000Z")
        let email = json["identifiers"][0]
        #expect(email["identifier"].string == "email")
        #expect(email["present_percent"].int == 33)
        #expect(email["missing_percent"].int == 33)
        #expect(email["unusable"][0]["reason"].string == "malformed")
        #expect(email["unusable"][0]["percent"].int == 33)
    }

    @Test func countingCostsLittleBesideWhatIsCounted() throws {
        let pipeline = try pipeline()
        let text = event("{\"email\":\"jane@example.com\",\"phone\":\"+33612345678\"}")
        let prepared = try prepare(text, in: pipeline)
        let clock = ContinuousClock()
        var ratios: [Double] = []
        for _ in 0..<5 {
            let preparing = try clock.measure { for _ in 0..<500 { _ = try prepare(text, in: pipeline) } }
            let counting = clock.measure {
                for _ in 0..<500 {
                    pipeline.meter.answered(status: 202, shard: 1)
                    store(prepared, pipeline)
                }
            }
            ratios.append(counting / preparing)
        }
        #expect(ratios.sorted()[2] < 0.2, "\(ratios)")
        print("counting costs", ratios.sorted()[2], "of preparing")
    }
}
