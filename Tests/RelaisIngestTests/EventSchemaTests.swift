import Foundation
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisIngest

/// With `RELAIS_UPDATE_FIXTURES=1` the published schema is written anew.
@Suite struct EventSchemaTests {
    private static let published = "\(Installation.repository())/docs/event.schema.json"

    private let check: SchemaCheck

    init() throws { check = try SchemaCheck(EventSchema.text) }

    @Test func thePublishedSchemaIsThatOfTheDecoder() throws {
        let object = try JSONSerialization.jsonObject(with: Data(EventSchema.text.utf8))
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let wanted = try JSONSerialization.data(withJSONObject: object, options: options) + Data("\n".utf8)
        if ProcessInfo.processInfo.environment["RELAIS_UPDATE_FIXTURES"] == "1" {
            try wanted.write(to: URL(fileURLWithPath: Self.published))
        }
        let present = TemporaryDirectory.text(of: Self.published)
        #expect(Data(present.utf8) == wanted, "stale: RELAIS_UPDATE_FIXTURES=1 writes it anew")
    }

    @Test func everyMemberIsExplained() {
        #expect(Set(EventFieldNotes.event.keys) == Set(EventMember.table.pairs.map(\.name)))
    }

    /// A value for each member, and what is then read under which name.
    private static let samples: [(member: String, value: String, read: String)] = [
        ("event_name", #""purchase""#, #""event_name":"purchase""#), ("event_id", #""e1""#, #""event_id":"e1""#),
        ("timestamp_micros", "1795445300000000", #""timestamp_micros":1795445300000000"#),
        ("age_msec", #""1500""#, "held 1500000"), ("client_id", #""1.2""#, #""client_id":"1.2""#),
        ("user_id", "7", #""user_id":"7""#),
        ("session_id", "1795445369", #""session_id":"1795445369""#),
        ("session_number", #""3""#, #""session_number":3"#),
        ("engagement_time_msec", "1200", #""engagement_time_msec":1200"#),
        ("page_location", #""https://shop.example/""#, #""page_location":"https://shop.example/""#),
        ("page_referrer", #""https://a.example/""#, #""page_referrer":"https://a.example/""#),
        ("page_title", #""Café""#, #""page_title":"Café""#), ("page_hostname", #""a""#, #""page_hostname":"a""#),
        ("page_path", #""/a""#, #""page_path":"/a""#), ("language", #""fr-fr""#, #""language":"fr-fr""#),
        ("screen_resolution", #""1x2""#, #""screen_resolution":"1x2""#),
        ("viewport_size", #""1x2""#, #""viewport_size":"1x2""#),
        ("geo_country", #""FR""#, #""geo_country":"FR""#), ("geo_region", #""IDF""#, #""geo_region":"IDF""#),
        ("geo_city", #""Paris""#, #""geo_city":"Paris""#),
        ("ip_override", #""203.0.113.9""#, #""ip_override":"203.0.113.9""#),
        ("user_agent", #""UA""#, #""user_agent":"UA""#),
        ("client_hints", #"{"sec-ch-ua-mobile":"?1"}"#, #""client_hints":{"sec-ch-ua-mobile":"?1"}"#),
        ("currency", #""eur""#, #""currency":"EUR""#), ("value", #""129.90""#, #""value":129.90"#),
        ("tax", "1.5", #""tax":1.5"#), ("shipping", "0", #""shipping":0"#), ("coupon", #""HI""#, #""coupon":"HI""#),
        ("transaction_id", #""T1""#, #""transaction_id":"T1""#),
        ("items", #"[{"item_id":"A","price":1}]"#, #""items":[{"item_id":"A","price":1}]"#),
        ("user_data", #"{"email":"a@b.example"}"#, "email: a@b.example"),
        ("consent", #"{"ad_storage":"granted"}"#, #""consent":{"ad_storage":"granted","origin":"event"}"#),
        ("click_ids", #"{"gclid":"x"}"#, #""click_ids":{"gclid":"x"}"#),
        ("cookies", #"{"_fbp":"x"}"#, #""cookies":{"_fbp":"x"}"#),
        ("user_properties", #"{"plan":"gold"}"#, #""user_properties":{"plan":"gold"}"#),
        ("params", #"{"x":1}"#, #""params":{"x":1}"#), ("ga_session_id", #""17""#, #""session_id":"17""#),
        ("ga_session_number", "2", #""session_number":2"#),
    ]

    @Test func everyMemberOfTheSchemaIsRead() throws {
        #expect(Set(Self.samples.map(\.member)) == Set(check.root["properties"].object.keys))
        for (member, value, read) in Self.samples {
            let name = member == "event_name" ? "" : #""event_name":"a","#
            let text = "{\(name)\"\(member)\":\(value)}"
            let incoming = try decodeEvent(text)
            let said =
                incoming.event.json() + incoming.userData.values.map { "\($0.kind.rawValue): \($0.text)" }.joined()
                + "held \(incoming.transmission.heldMicros)"
            #expect(said.contains(read), "\(text) is read as \(said)")
            #expect(try check.problems(text) == [])
        }
    }

    @Test func everyFieldOfAnItemAndOfUserDataIsRead() throws {
        for name in check.root["$defs"]["item"]["properties"].object.keys {
            let event = try decodeEvent("{\"event_name\":\"a\",\"items\":[{\"\(name)\":\"7\"}]}").event
            #expect(event.items.first?.values.map(\.field.name) == [name])
            #expect(event.items.first?.params.isEmpty == true)
        }
        for name in check.root["$defs"]["user_data"]["properties"].object.keys where name != "address" {
            let incoming = try decodeEvent("{\"event_name\":\"a\",\"user_data\":{\"\(name)\":\"x\"}}")
            #expect(incoming.userData.values.count == 1, "\(name)")
        }
        for name in check.root["$defs"]["address"]["properties"].object.keys {
            let incoming = try decodeEvent("{\"event_name\":\"a\",\"user_data\":{\"address\":[{\"\(name)\":\"x\"}]}}")
            #expect(incoming.userData.values.count == 1, "\(name)")
        }
        for purpose in ConsentPurpose.allCases {
            #expect(check.root["$defs"]["consent"]["properties"].object[purpose.name] != nil)
        }
    }

    @Test func everyFixtureThatIsTakenIsValid() throws {
        func text(_ object: Any) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        }
        let containers = try FixtureFile.jsonLines("server-container-event-data.jsonl")
            .compactMap { $0["event_data"] as? [String: Any] }.map(text)
        let orders = TemporaryDirectory.text(of: "\(Installation.repository())/deploy/demo/orders.json")
        let demo = try #require(try JSONSerialization.jsonObject(with: Data(orders.utf8)) as? [Any]).map(text)
        var taken = 0
        for event in containers + demo {
            guard case .success? = try decodeEvents(event).first else { continue }
            taken += 1
            #expect(try check.problems(event) == [], "\(event)")
        }
        #expect(demo.count > 2)
        #expect(taken > containers.count / 2 + demo.count / 2)
    }

    @Test(arguments: [
        "{}", #"{"event_name":""}"#, #"{"event_name":7}"#, #"{"event_name":"a","value":"129,90"}"#,
        #"{"event_name":"a","value":"1 299,90 €"}"#, #"{"event_name":"a","value":true}"#,
        #"{"event_name":"a","currency":"EURO"}"#, #"{"event_name":"a","timestamp_micros":"yesterday"}"#,
        #"{"event_name":"a","client_id":{}}"#, #"{"event_name":"a","user_id":1.5}"#,
        #"{"event_name":"a","page_title":7}"#, #"{"event_name":"a","items":{}}"#, #"{"event_name":"a","items":[7]}"#,
        #"{"event_name":"a","items":[{"price":"x"}]}"#, #"{"event_name":"a","items":[{"item_id":true}]}"#,
        #"{"event_name":"a","params":[]}"#, #"{"event_name":"a","user_data":"x"}"#,
        #"{"event_name":"a","user_data":{"email":7}}"#, #"{"event_name":"a","user_data":{"address":"x"}}"#,
        #"{"event_name":"a","consent":{"ad_storge":"denied"}}"#, #"{"event_name":"a","consent":{"ad_storage":"no"}}"#,
        #"{"event_name":"a","consent":{"vendors":{"meta":1}}}"#, #"{"event_name":"a","consent":true}"#,
        #"{"event_name":"a","click_ids":"x"}"#, #"{"event_name":"a","params":{"":1}}"#,
    ])
    func whatTheDecoderRefusesTheSchemaRefuses(_ event: String) throws {
        _ = try rejection(event)
        #expect(try check.problems(event) != [])
    }

    @Test func limitsOfTheSchemaAreTheDecoders() throws {
        let limits = DecodingLimits()
        func many(_ count: Int, _ make: (Int) -> String) -> String { (0..<count).map(make).joined(separator: ",") }
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        let cases: [(Int, (Int) -> String)] = [
            (limits.eventNameBytes, { #"{"event_name":"\#(text($0))"}"# }),
            (limits.identifierBytes, { #"{"event_name":"a","event_id":"\#(text($0))"}"# }),
            (limits.textBytes, { #"{"event_name":"a","page_title":"\#(text($0))"}"# }),
            (limits.nameBytes, { #"{"event_name":"a","params":{"\#(text($0))":1}}"# }),
            (limits.params, { #"{"event_name":"a","params":{\#(many($0) { "\"p\($0)\":1" })}}"# }),
            (limits.items, { #"{"event_name":"a","items":[\#(many($0) { _ in "{}" })]}"# }),
            (limits.userDataValues, { #"{"event_name":"a","user_data":{"email":[\#(many($0) { "\"e\($0)\"" })]}}"# }),
        ]
        for (limit, make) in cases {
            #expect(throws: Never.self) { try decodeEvent(make(limit)) }
            #expect(try check.problems(make(limit)) == [])
            _ = try rejection(make(limit + 1))
            #expect(try check.problems(make(limit + 1)) != [])
        }
    }
}
