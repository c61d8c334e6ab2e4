import Foundation
import RelaisTestKit
import Testing

@Suite struct MetaPluginTests {
    private let plugin = PluginEvents(plugin: "meta", config: #"{"pixel_id":"1","access_token":"T"}"#)

    @Test func manifestAndEncoderAgreeOnNames() async throws {
        let path = "\(Toolchain.repository)/Plugins/meta/manifest.json"
        let names = try #require(try ExactJSON(TemporaryDirectory.text(of: path))["events"])
        #expect(names.keys.count == 18)
        let events = names.keys.map { plugin.event($0, id: $0, more: #","value":1,"currency":"EUR""#) }
        let sent = try await plugin.encode(events)["requests"]?[0]?["body"]?["data"]?.elements ?? []
        #expect(sent.count == names.keys.count)
        for one in sent {
            let canonical = try #require(one["event_id"]?.string)
            #expect(one["event_name"]?.string == names[canonical]?.string)
        }
    }

    @Test func aCallOfManyEventsIsOneRequestForEachThousand() async throws {
        try await plugin.makesOneRequestForEachThousand()
    }

    @Test func requestsStayBelowAMegabyte() async throws {
        let long = String(repeating: "é", count: 30_000)
        let events = (0..<40).map { plugin.event("page_view", id: "\($0)\(long)") }
        let requests = try await plugin.encode(events)["requests"]?.elements ?? []
        #expect(requests.map { $0["events"]?.elements.count } == [16, 16, 8])
        for request in requests {
            #expect((request["body"]?.compact.utf8.count ?? .max) < 1_010_000)
        }
    }

    @Test func anEventThatNoRequestCanCarryIsRejectedAlone() async throws {
        try await plugin.rejectsAloneWhatNoRequestCanCarry()
    }
}
