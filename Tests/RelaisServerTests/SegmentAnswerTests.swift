import Foundation
import NIOHTTP1
import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct SegmentAnswerTests {
    private let resolver: SourceResolver

    init() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            sites: { shop: { domains: [shop.example] } }
            sources:
              web: { clients: [segment], public_keys: [web-1] }
              server: { clients: [segment], write_keys: [secret-1] }
            destinations: {}
            """,
            to: "relais.yaml"
        )
        resolver = SourceResolver(configuration: try ConfigurationLoader.load(path: path, environment: [:]))
    }

    private func prepared(events: Int, rejected: [EventRejection] = []) -> PreparedRequest {
        var prepared = PreparedRequest(source: "server", client: .segment)
        let submission = LogSubmission(record: [], plan: Plan(), identities: [], searchTerms: [])
        prepared.submissions = Array(repeating: submission, count: events)
        prepared.rejected = rejected.enumerated().map { ($0.offset + events, $0.element) }
        return prepared
    }

    private func aside(
        _ path: String,
        query: String = "",
        headers: [(String, String)] = [],
        method: String = "GET",
        origin: String? = "https://shop.example"
    ) -> CollectorAnswer? {
        let request = IncomingRequest(
            method: method,
            path: path,
            query: Array(query.utf8),
            headers: [
                .init(name: "host", value: "t.shop.example"), .init(name: "origin", value: "https://shop.example"),
            ]
                + headers.map { .init(name: $0.0, value: $0.1) },
            remoteAddress: "192.0.2.7",
            receivedMicros: 0
        )
        return SegmentSettings.make(toAside: request, resolver, origin: origin)
    }

    @Test func whatWasTakenIsASuccess() throws {
        let answer = SegmentAnswer.make(prepared(events: 1), origin: nil)
        #expect(answer.status == .ok)
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"success":true}"#)
    }

    @Test func whatWasTakenInPartIsASuccessThatSaysWhatWasNot() throws {
        let rejection = EventRejection(pointer: "/event", reason: "no name")
        let json = try JSONValue.parse(SegmentAnswer.make(prepared(events: 2, rejected: [rejection]), origin: nil).body)
        #expect(json["success"].bool == true)
        #expect(json["rejected"][0]["index"].int == 2)
        #expect(json["rejected"][0]["pointer"].string == "/event")
    }

    @Test func whenNothingWasTakenTheProblemIsNamed() throws {
        let rejections = [
            EventRejection(pointer: "/event", reason: "no name"), EventRejection(pointer: "", reason: "x"),
        ]
        let answer = SegmentAnswer.make(prepared(events: 0, rejected: rejections), origin: nil)
        let json = try JSONValue.parse(answer.body)
        #expect(answer.status == .badRequest)
        #expect(json["success"].bool == false)
        #expect(json["code"].string == "invalid_request")
        #expect(json["message"].string == "message 0/event: no name, and 1 more")
    }

    @Test(arguments: [
        ("/v1/batch", "message"), ("/v1/t", "message"), ("/sourceConfig", "message"), ("/v1/events", "error"),
    ])
    func errorsAreSaidInTheWordsOfThePathsProtocol(_ path: String, _ member: String) throws {
        let answer = SegmentAnswer.restated(.error(.tooManyRequests, "slower"), forPath: path)
        #expect(try JSONValue.parse(answer.body)[member].string == "slower")
        #expect(answer.status == .tooManyRequests)
    }

    @Test func segmentsSettingsSendEventsBackHere() throws {
        let answer = try #require(aside("/v1/projects/web-1/settings"))
        let json = try JSONValue.parse(answer.body)
        #expect(answer.status == .ok)
        #expect(answer.allowedOrigin == "https://shop.example")
        #expect(json["integrations"]["Segment.io"]["apiKey"].string == "web-1")
        #expect(json["integrations"]["Segment.io"]["apiHost"].string == "t.shop.example/v1")
    }

    @Test func whatAnalyticsJSCountsOfItselfGoesNowhere() throws {
        let json = try JSONValue.parse(try #require(aside("/v1/projects/web-1/settings")).body)
        #expect(json["metrics"]["sampleRate"].int == 0)
        #expect(json["metrics"]["host"].string == "t.shop.example/v1")
        let taken = try #require(aside("/v1/m", method: "POST"))
        #expect(taken.status == .noContent && taken.allowedOrigin == "https://shop.example")
        #expect(aside("/v1/m") == nil)
    }

    @Test func rudderStacksConfigurationIsAnEnabledSourceWithoutDestinations() throws {
        let basic = "Basic " + Data("web-1:".utf8).base64EncodedString()
        for answer in [
            aside("/sourceConfig", query: "p=web&writeKey=web-1"),
            aside("/sourceConfig/", headers: [("authorization", basic)]),
        ] {
            let source = try JSONValue.parse(try #require(answer).body)["source"]
            #expect(source["id"].string == "web")
            #expect(source["enabled"].bool == true)
            #expect(source["config"] == .object([:]))
            #expect(source["destinations"] == .array([]))
        }
    }

    @Test func settingsAreForPublicKeysAndPagesOfTheSiteOnly() throws {
        #expect(aside("/v1/projects/secret-1/settings")?.status == .notFound)
        #expect(aside("/v1/projects/other/settings")?.status == .notFound)
        #expect(aside("/sourceConfig")?.status == .notFound)
        #expect(aside("/v1/projects/web-1/settings", origin: nil)?.status == .forbidden)
        #expect(aside("/v1/projects/web-1/settings", method: "POST") == nil)
        #expect(aside("/v1/projects/web-1") == nil)
        #expect(aside("/sourceConfig", method: "OPTIONS")?.isPreflight == true)
        #expect(aside("/sourceConfig", method: "OPTIONS", origin: nil)?.status == .forbidden)
    }
}
