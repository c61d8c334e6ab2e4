import Foundation
import RelaisTestKit
import Testing

@Suite struct TikTokPluginTests {
    private let plugin = PluginEvents(plugin: "tiktok", config: #"{"pixel_code":"C4","access_token":"tt-token"}"#)

    @Test func manifestAndEncoderAgreeOnNames() async throws {
        let path = "\(Toolchain.repository)/Plugins/tiktok/manifest.json"
        let names = try #require(try ExactJSON(TemporaryDirectory.text(of: path))["events"])
        #expect(names.keys.count == 21)
        let sent = try await plugin.encode(names.keys.map { plugin.event($0, id: $0) })["requests"]?[0]?["body"]?[
            "data"
        ]?.elements
        #expect(sent?.count == names.keys.count)
        for one in sent ?? [] {
            let canonical = try #require(one["event_id"]?.string)
            #expect(one["event"]?.string == names[canonical]?.string)
        }
    }

    @Test func aCallOfManyEventsIsOneRequestForEachThousand() async throws {
        try await plugin.makesOneRequestForEachThousand()
    }

    @Test func anEventThatNoRequestCanCarryIsRejectedAlone() async throws {
        try await plugin.rejectsAloneWhatNoRequestCanCarry()
    }

    @Test func hostileEventsBreakNothing() async throws {
        let long = String(repeating: "é", count: 200_000)
        let items = Array(repeating: #"{"item_id":"a","price":1e308,"quantity":-1e308}"#, count: 10_000)
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let result = try await plugin.encode([
            plugin.event(
                "search",
                id: "long",
                more: #","params":{"search_term":"\#(long)"},"currency":"\#(long)""#
            ),
            plugin.event("purchase", id: "items", more: #","items":[\#(items.joined(separator: ","))],"value":1e308"#),
            plugin.event("view_item", id: "deep", more: #","params":{"content_ids":\#(deep),"num_items":-1e300}"#),
            plugin.event("view_item", id: "odd", more: ##","params":{"content_ids":["\\\"","\u0000",-0.0e-5,"]"]}"##),
            plugin.event(
                "view_item",
                id: "cookies",
                more: ##","cookies":{"_ttp":"\u0000"},"click_ids":{"ttclid":"\u0001"}"##
            ),
        ])
        let sent = result["requests"]?.elements.flatMap { $0["body"]?["data"]?.elements ?? [] } ?? []
        #expect(sent.compactMap { $0["event_id"]?.string } == ["long", "items", "deep", "odd", "cookies"])
        #expect(sent[1]["properties"]?["contents"]?.elements.count == 10_000)
        #expect(sent[2]["properties"] == nil)
        let ids = sent[3]["properties"]?["content_ids"]?.elements.compactMap(\.string)
        #expect(ids == ["\\\"", "\0", "-0.0", "]"])
    }
}
