import Foundation
import RelaisTestKit
import Testing

@Suite struct MetaPluginTests {
    private static let config = #"{"pixel_id":"1","access_token":"T"}"#

    private func event(_ name: String, id: String, more: String = "") -> String {
        """
        {"event_name":"\(name)","event_id":"\(id)","timestamp_micros":1700000000000000,
        "page_location":"https://shop.example/","user_agent":"UA","ip_override":"203.0.113.7"\(more)}
        """
    }

    private func encode(_ events: [String]) async throws -> ExactJSON {
        let folder = try TemporaryDirectory("meta")
        let fixture = try folder.write(
            #"{"config":\#(Self.config),"now_ms":1700000100000,"events":[\#(events.joined(separator: ","))]}"#,
            to: "fixture.json"
        )
        let output = try await BuiltPlugins.shared.drive("meta", fixture: fixture)
        try #require(output.succeeded, "\(output.complaint)")
        return try #require(try ExactJSON(output.text)["encode"])
    }

    @Test func manifestAndEncoderAgreeOnNames() async throws {
        let path = "\(Toolchain.repository)/Plugins/meta/manifest.json"
        let names = try #require(try ExactJSON(TemporaryDirectory.text(of: path))["events"])
        #expect(names.keys.count == 18)
        let events = names.keys.map { event($0, id: $0, more: #","value":1,"currency":"EUR""#) }
        let sent = try await encode(events)["requests"]?[0]?["body"]?["data"]?.elements ?? []
        #expect(sent.count == names.keys.count)
        for one in sent {
            let canonical = try #require(one["event_id"]?.string)
            #expect(one["event_name"]?.string == names[canonical]?.string)
        }
    }

    @Test func aCallOfManyEventsIsOneRequestForEachThousand() async throws {
        let events = (0..<2_001).map { event("page_view", id: "e\($0)") }
        let requests = try await encode(events)["requests"]?.elements ?? []
        #expect(requests.map { $0["events"]?.elements.count } == [1_000, 1_000, 1])
        #expect(requests.map { $0["body"]?["data"]?.elements.count } == [1_000, 1_000, 1])
    }

    @Test func requestsStayBelowAMegabyte() async throws {
        let long = String(repeating: "é", count: 30_000)
        let events = (0..<40).map { event("page_view", id: "\($0)\(long)") }
        let requests = try await encode(events)["requests"]?.elements ?? []
        #expect(requests.map { $0["events"]?.elements.count } == [16, 16, 8])
        for request in requests {
            #expect((request["body"]?.compact.utf8.count ?? .max) < 1_010_000)
        }
    }

    @Test func anEventThatNoRequestCanCarryIsRejectedAlone() async throws {
        let long = String(repeating: "x", count: 1_000_000)
        let result = try await encode([
            event("page_view", id: "a"), event("page_view", id: long), event("page_view", id: "c"),
        ])
        #expect(result["requests"]?.elements.map { $0["events"]?.compact } == ["[0]", "[2]"])
        #expect(result["settled"]?[0]?["reason"]?.string == "too_large")
    }
}
