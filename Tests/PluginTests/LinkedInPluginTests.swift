import Foundation
import RelaisTestKit
import Testing

@Suite struct LinkedInPluginTests {
    private func encode(_ events: [String], rules: [Int] = [111]) async throws -> ExactJSON {
        let conversions = rules.map { #"{"event":"purchase","rule":\#($0)}"# }.joined(separator: ",")
        let folder = try TemporaryDirectory("linkedin")
        let fixture = try folder.write(
            """
            {"config":{"access_token":"T","conversions":[\(conversions)]},"now_ms":1700000100000,
            "events":[\(events.joined(separator: ","))]}
            """,
            to: "fixture.json"
        )
        let output = try await BuiltPlugins.shared.drive("linkedin", fixture: fixture)
        try #require(output.succeeded, "\(output.complaint)")
        return try #require(try ExactJSON(output.text)["encode"])
    }

    private func event(_ id: String, more: String = "") -> String {
        """
        {"event_name":"purchase","event_id":"\(id)","timestamp_micros":1700000000000000,"ip_override":"203.0.113.7"\(more)}
        """
    }

    @Test func aRuleHasARequestForEachThousandEvents() async throws {
        let requests = try await encode((0..<2_001).map { event("e\($0)") }, rules: [1, 2])["requests"]?.elements ?? []
        #expect(requests.map { $0["note"]?.string } == ["rule:1", "rule:1", "rule:1", "rule:2", "rule:2", "rule:2"])
        #expect(requests.map { $0["events"]?.elements.count } == [1_000, 1_000, 1, 1_000, 1_000, 1])
        #expect(requests.map { $0["body"]?["elements"]?.elements.count } == [1_000, 1_000, 1, 1_000, 1_000, 1])
    }

    @Test func oneEventMayBeAConversionOfSixtyFourRules() async throws {
        let requests = try await encode([event("a")], rules: Array(1...64))["requests"]?.elements ?? []
        #expect(requests.count == 64)
        #expect(Set(requests.compactMap { $0["note"]?.string }).count == 64)
    }

    @Test func hostileValuesNeverLeaveTheSchema() async throws {
        let long = String(repeating: "\\u0000\\\"é", count: 20_000)
        let values = [
            #","value":1e308,"currency":"EUR""#, #","value":-0.0,"currency":"\#(long)""#,
            #","currency":"EUR","value":0.000000000000000000000000000000000000001"#,
            #","ip_override":"\#(long)""#, #","click_ids":{"li_fat_id":"\#(long)"}"#,
            #","user_id":"\#(long)","params":{"li_fat_id":"\#(long)"}"#,
            #","user_data":[{"kind":"first_name","recipe":"clear","value":"\#(long)","group":0}]"#,
        ]
        let events = values.enumerated().map { event("e\($0)", more: $1) }.map {
            $0.replacing(#""ip_override":"203.0.113.7","ip_override""#, with: #""ip_override""#)
        }
        let result = try await encode(events)
        let known: Set = ["conversion", "conversionHappenedAt", "conversionValue", "user", "eventId"]
        let elements = result["requests"]?[0]?["body"]?["elements"]?.elements ?? []
        #expect(elements.count >= values.count - 1)
        for element in elements {
            #expect(known.isSuperset(of: element.keys))
            #expect(element["user"]?["userIds"] != nil)
            #expect(element.compact.utf8.count < 600)
        }
    }
}
