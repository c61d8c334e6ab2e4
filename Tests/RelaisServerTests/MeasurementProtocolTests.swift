import NIOHTTP1
import RelaisConfig
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct MeasurementProtocolTests {
    private static let configuration = """
        sites:
          shop: { domains: [shop.example], measurement_id: G-SHOP1, consent: { default: granted } }
        sources:
          server: { clients: [measurement-protocol], site: shop, write_keys: [secret-0123456789] }
          other: { clients: [relais], site: shop, write_keys: [other-0123456789] }
        destinations:
          all: { plugin: all }
        """
    private static let body =
        #"{"client_id":"1.2","ip_override":"203.0.113.9","events":[{"name":"a"},{"name":"error"}]}"#

    private func pipeline() throws -> IngestPipeline {
        let directory = try TemporaryDirectory()
        let path = try directory.write(Self.configuration, to: "relais.yaml")
        return try IngestPipeline(
            configuration: try ConfigurationLoader.load(path: path, environment: [:]),
            manifests: ["all": PluginManifest(id: "all", name: "all", version: "1")]
        )
    }

    private func request(
        _ query: String,
        path: String = "/mp/collect",
        body: String = Self.body,
        headers: [IncomingRequest.Header] = []
    ) -> IncomingRequest {
        IncomingRequest(
            method: "POST",
            path: path,
            query: Array(query.utf8),
            headers: headers,
            body: Array(body.utf8),
            remoteAddress: "192.0.2.7",
            receivedMicros: 1_795_445_400_000_000
        )
    }

    private func text(_ answer: CollectorAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test func eventsOfAKnownSecretAreTakenAndTheSenderIsBelieved() throws {
        let pipeline = try pipeline()
        let prepared = try pipeline.prepare(request("measurement_id=G-SHOP1&api_secret=secret-0123456789"))
        #expect(prepared.names == ["a"])
        #expect(prepared.rejected.map(\.index) == [1])
        #expect(prepared.rejected.first?.rejection.pointer == "/events/1/name")
        #expect(prepared.source == "server")
        let event = try Event(record: prepared.submissions[0].record)
        #expect(event.string(.client) == "measurement-protocol")
        #expect(event.string(.ipOverride) == "203.0.113.9")
        #expect(!event.has(.userAgent))
        #expect(pipeline.answer(prepared, outcomes: [.appended(seq: 1)], origin: nil).status == .noContent)
    }

    @Test(arguments: [
        ("measurement_id=G-SHOP1", 401), ("measurement_id=G-SHOP1&api_secret=nobody", 401),
        ("measurement_id=G-SHOP1&api_secret=other-0123456789", 403),
    ])
    func whoeverShowsNoKeyOfSuchASourceIsRefused(_ query: String, _ status: Int) throws {
        for path in ["/mp/collect", "/debug/mp/collect"] {
            let error = #expect(throws: RequestRejection.self) { try pipeline().prepare(request(query, path: path)) }
            #expect(error?.status == status)
        }
        let error = #expect(throws: RequestRejection.self) { try pipeline().prepare(request("")) }
        #expect(error?.reason.contains("api_secret") == true)
    }

    @Test func theKeyMayStandInTheHeaderToo() throws {
        let header = IncomingRequest.Header(name: "authorization", value: "Bearer secret-0123456789")
        let prepared = try pipeline().prepare(request("measurement_id=G-SHOP1", headers: [header]))
        #expect(prepared.names == ["a"])
    }

    @Test(arguments: ["", "&measurement_id=G-OTHER"])
    func eventsForAnotherStreamAreRefusedEachWithTheReason(_ rest: String) throws {
        let prepared = try pipeline().prepare(request("api_secret=secret-0123456789" + rest))
        #expect(prepared.submissions.isEmpty)
        #expect(prepared.rejected.first?.rejection.pointer == "/measurement_id")
        #expect(try pipeline().answer(prepared, outcomes: [], origin: nil).status == .noContent)
    }

    @Test func validationStoresNothingAndAnswersInGooglesForm() throws {
        let pipeline = try pipeline()
        let query = "measurement_id=G-SHOP1&api_secret=secret-0123456789"
        let good = try pipeline.prepare(
            request(query, path: "/debug/mp/collect", body: #"{"client_id":"1.2","events":[{"name":"a"}]}"#)
        )
        #expect(good.submissions.isEmpty)
        let fine = pipeline.answer(good, outcomes: [], origin: nil)
        #expect(fine.status == .ok)
        #expect(text(fine) == "{\"validationMessages\":[]}\n")
        let bad = try pipeline.prepare(request(query, path: "/debug/mp/collect"))
        #expect(bad.submissions.isEmpty)
        #expect(bad.rejected.isEmpty)
        let message = try JSONValue.parse(text(pipeline.answer(bad, outcomes: [], origin: nil)))["validationMessages"]
        #expect(message.array.count == 1)
        #expect(message[0]["fieldPath"].string == "events.name")
        #expect(message[0]["validationCode"].string == "NAME_RESERVED")
        #expect(message[0]["description"].string == "Event at index [1]: [error] is reserved.")
    }

    @Test func validationTellsWhichStreamIsMeant() throws {
        let prepared = try pipeline().prepare(
            request("measurement_id=G-OTHER&api_secret=secret-0123456789", path: "/debug/mp/collect")
        )
        let messages = try #require(prepared.validation)
        #expect(messages.map(\.fieldPath) == ["events.name", "measurement_id"])
    }
}
