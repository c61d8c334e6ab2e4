import Foundation
import RelaisTestKit
import Testing

/// Events that no well-meaning sender writes, under AddressSanitizer and UndefinedBehaviorSanitizer.
struct HostileEvent: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Members of the event, without those that every event has.
    let members: String

    init(_ name: String, _ members: String) {
        testDescription = name
        self.members = members
    }

    static let all = texts + numbers + parameters + lists

    private static let megabyte = String(repeating: "é\\u0000\\\"😀", count: 1 << 16)
    private static let long = String(repeating: "x", count: 1 << 20)

    private static let texts = [
        "client_id", "user_id", "session_id", "page_location", "page_referrer", "page_title", "language", "user_agent",
        "ip_override", "currency", "transaction_id", "coupon", "geo_country", "send_as",
    ].flatMap { field in
        [
            ("a MiB", long), ("a MiB of escapes", megabyte), ("empty", ""),
            ("control characters", #"\u0000\u0001\u001f\u007f"#),
        ]
        .map { HostileEvent("\(field): \($0.0)", #""\#(field)":"\#($0.1)""#) }
    }

    private static let numbers =
        [
            "1e308", "1e99999", "-1e308", "-0", "0.0000000000000000000000000000001", "9223372036854775808",
            String(repeating: "9", count: 400), "1." + String(repeating: "1", count: 4_000), "1E+2", "-5",
        ].flatMap { digits in
            ["value", "tax", "shipping", "session_number", "engagement_time_msec"].map {
                HostileEvent("\($0): \(digits.prefix(30))", #""currency":"EUR","\#($0)":"\#(digits)""#)
            } + [
                HostileEvent(
                    "item price: \(digits.prefix(30))",
                    #""currency":"EUR","items":[{"item_id":"a","price":"\#(digits)","quantity":"\#(digits)"}]"#
                )
            ]
        }
        + ["9223372036854775807", "-9223372036854775808", "-1", "0"].map { time in
            HostileEvent("time: \(time)", #""timestamp_micros":\#(time),"received_micros":\#(time)"#)
        }

    private static let names = [
        "action_source", "limited_data_use", "lead_id", "lead_event_source", "test_event_code", "session_id",
        "currency",
        "value", "items", "debug_mode", "event_id", "transaction_id", "engagement_time_msec", "search_term", "status",
        "data_processing_options", "opt_out", "predicted_ltv", "num_items", "content_ids", "_x", "a b", "é", "",
    ]

    private static let values = [
        #"{"$json":"\#(String(repeating: "[", count: 100_000))"}"#,
        #"{"$json":"\#(String(repeating: #"{\"a\":"#, count: 50_000))1\#(String(repeating: "}", count: 50_000))"}"#,
        #"{"$json":"[\"\\u0000\\uffff\\ud83d\\ude00\"]"}"#, #"{"$json":"{\"a\":nul"}"#, #"{"$json":""}"#,
        #"{"$json":"\u0000"}"#, "null", "true", "7", "[]", #"{"a":{"b":[1,2,{"c":null}]}}"#, #"{"$number":"1e99999"}"#,
        #""\#(long)""#,
    ]

    private static let parameters = values.enumerated().map { index, value in
        HostileEvent(
            "parameters of the wrong type, \(index)",
            #""params":{\#(names.map { #""\#($0)":\#(value)"# }.joined(separator: ","))},"#
                + #""user_properties":{"p":\#(value)},"click_ids":{"fbclid":\#(value),"ttclid":\#(value),"#
                + #""li_fat_id":\#(value)},"cookies":{"_fbc":\#(value),"_fbp":\#(value),"_ttp":\#(value)},"#
                + #""consent":{"ad_storage":\#(value)}"#
        )
    }

    private static let lists = [
        HostileEvent("10,000 items", #""currency":"EUR","value":1,"items":[\#(items(10_000))]"#),
        HostileEvent("an item with 5,000 parameters", #""items":[{"item_id":"a",\#(many(5_000))}]"#),
        HostileEvent("10,000 parameters", #""params":{\#(many(10_000))},"user_properties":{\#(many(10_000))}"#),
        HostileEvent("10,000 wire parameters", #""client":"gtag","ga4":[\#(wire(10_000))]"#),
        HostileEvent("wire of nothing", #""client":"gtag","ga4":[["",""],["pr1",""],["pr201","x"],["em","tv.1"]]"#),
        HostileEvent("10,000 identifiers", #""user_id":"u","user_data":[\#(identifiers(10_000))]"#),
        HostileEvent(
            "identifiers that are none",
            #""user_data":[{"kind":"","recipe":"","value":""},{"kind":"email","recipe":"lower","value":"\#(long)"}]"#
        ),
    ]

    private static func items(_ count: Int) -> String {
        (0..<count).map { #"{"item_id":"i\#($0)","item_name":"n","price":"1.5","quantity":1,"own":"x"}"# }
            .joined(separator: ",")
    }

    private static func many(_ count: Int) -> String {
        (0..<count).map { #""p\#($0)":"v\#($0)""# }.joined(separator: ",")
    }

    private static func wire(_ count: Int) -> String {
        (0..<count).map { #"["ep.p\#($0)","é\#($0)"]"# }.joined(separator: ",")
    }

    private static func identifiers(_ count: Int) -> String {
        let kinds = ["email", "phone", "first_name", "city", "external_id", "nonsense"]
        return (0..<count).map {
            #"{"kind":"\#(kinds[$0 % kinds.count])","recipe":"lower","value":"\#($0)","group":\#($0)}"#
        }.joined(separator: ",")
    }
}

@Suite struct HostileEventTests {
    private func config(of plugin: String) throws -> ExactJSON {
        let fixtures = try PluginFixture.all.filter { $0.plugin == plugin }.map {
            try ExactJSON(TemporaryDirectory.text(of: $0.path))
        }
        return try #require(fixtures.first { $0["events"] != nil }?["config"])
    }

    private func event(_ hostile: HostileEvent, _ id: Int) -> String {
        let own = hostile.members
        let others = [
            ("timestamp_micros", "1700000000000000"), ("received_micros", "1700000000500000"), ("client_id", #""1.2""#),
            ("page_location", #""https://shop.example/""#), ("user_agent", #""UA""#),
            ("ip_override", #""203.0.113.7""#),
        ].filter { !own.contains("\"\($0.0)\":") }.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return #"{"event_name":"purchase","event_id":"e\#(id)",\#(others)\#(others.isEmpty ? "" : ",")\#(own)}"#
    }

    @Test(arguments: BuiltPlugins.ids)
    func noEventBreaksAPluginOrItsNeighbours(_ plugin: String) async throws {
        let config = try config(of: plugin).compact
        let folder = try TemporaryDirectory("hostile")
        let good = event(HostileEvent("good", #""transaction_id":"t","currency":"EUR","value":5"#), 0)
        for hostile in HostileEvent.all {
            let events = [good, event(hostile, 1), good.replacing(#""e0""#, with: #""e2""#)].joined(separator: ",")
            let text = #"{"config":\#(config),"now_ms":1700000100000,"events":[\#(events)]}"#
            let output = try await BuiltPlugins.shared.drive(
                plugin,
                fixture: try folder.write(text, to: "fixture.json")
            )
            try #require(output.succeeded, "\(plugin), \(hostile.testDescription): \(output.complaint)")
            let encoded = try #require(try ExactJSON(output.text)["encode"])
            let carried = encoded["requests"]?.elements.flatMap { $0["events"]?.elements.map(\.compact) ?? [] } ?? []
            #expect(
                carried.contains("0") && carried.contains("2"),
                "\(hostile.testDescription): \(encoded["settled"]?.compact ?? "")"
            )
        }
    }
}
