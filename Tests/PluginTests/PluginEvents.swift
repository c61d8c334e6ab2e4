import RelaisTestKit
import Testing

/// Events for an advertising plugin, and what it makes of them.
struct PluginEvents: Sendable {
    let plugin: String
    let config: String

    /// A web event that lacks nothing, with more members as JSON.
    func event(_ name: String, id: String, more: String = "") -> String {
        """
        {"event_name":"\(name)","event_id":"\(id)","timestamp_micros":1700000000000000,
        "page_location":"https://shop.example/","user_agent":"UA","ip_override":"203.0.113.7"\(more)}
        """
    }

    /// The result of one encode call, under the sanitizers.
    func encode(_ events: [String]) async throws -> ExactJSON {
        let folder = try TemporaryDirectory(plugin)
        let fixture = try folder.write(
            #"{"config":\#(config),"now_ms":1700000100000,"events":[\#(events.joined(separator: ","))]}"#,
            to: "fixture.json"
        )
        let output = try await BuiltPlugins.shared.drive(plugin, fixture: fixture)
        try #require(output.succeeded, "\(output.complaint)")
        return try #require(try ExactJSON(output.text)["encode"])
    }

    /// A million bytes and more in one event: it is rejected, and its neighbours go.
    func rejectsAloneWhatNoRequestCanCarry() async throws {
        let long = String(repeating: "x", count: 1_000_000)
        let result = try await encode([
            event("page_view", id: "a"), event("page_view", id: long), event("page_view", id: "c"),
        ])
        #expect(result["requests"]?.elements.map { $0["events"]?.compact } == ["[0]", "[2]"])
        #expect(result["settled"]?[0]?["reason"]?.string == "too_large")
    }

    func makesOneRequestForEachThousand() async throws {
        let requests =
            try await encode((0..<2_001).map { event("page_view", id: "e\($0)") })["requests"]?.elements ?? []
        #expect(requests.map { $0["events"]?.elements.count } == [1_000, 1_000, 1])
        #expect(requests.map { $0["body"]?["data"]?.elements.count } == [1_000, 1_000, 1])
    }
}
