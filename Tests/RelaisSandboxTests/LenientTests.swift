import Foundation
import Testing

@testable import RelaisSandbox

@Suite struct LenientTests {
    @Test(arguments: [true, false])
    func whatIsRefusedDependsOnTheSetting(isStrict: Bool) async throws {
        try await withSandbox(configure: { $0.isStrict = isStrict }) { client in
            let bad = Data(#"{"data":[{"event_name":"Lead","event_id":"e1"}]}"#.utf8)
            let answer = try await client.post(meta: bad)
            #expect(answer.status == (isStrict ? 400 : 200))
            #expect((answer.json?["events_received"] != nil) == !isStrict)
            let record = try await client.send("GET", "/_received").json?[0]
            #expect(record?["accepted"]?.bool == !isStrict)
            #expect(record?["checks"] == .array([.string("meta.action_source")]))
            #expect(record?["problems"]?.array?.count == 1)
        }
    }

    @Test func whatHoldsNoEventOrGoesNowhereIsRefusedAllTheSame() async throws {
        try await withSandbox(configure: { $0.isStrict = false }) { client in
            #expect(try await client.post(meta: Data("{}".utf8)).status == 400)
            let event = Data(#"{"data":[{"event":"Lead","event_id":"e1"}]}"#.utf8)
            let lost = try await client.send("POST", "/business-api.tiktok.com/open_api/v1.3/event", body: event)
            #expect(lost.status == 404)
        }
    }

    @Test func eachEventIsCountedByItsId() async throws {
        try await withSandbox { client in
            let good = Data(try Fixture.bytes("meta-request-purchase.json"))
            for _ in 0..<3 { _ = try await client.post(meta: good) }
            _ = try await client.post(meta: Data(#"{"data":[{"event_name":"Lead","event_id":"e2"}]}"#.utf8))
            let counts = try await client.send("GET", "/_received/count?by=event_id&vendor=meta")
            let lead =
                #"{"vendor":"meta","event_name":"Lead","event_id":"e2","received":1,"accepted":0,"duplicates":0}"#
            let purchase =
                #"{"vendor":"meta","event_name":"Purchase","event_id":"evt-1","received":3,"accepted":3,"duplicates":2}"#
            #expect(counts.text == "[\(lead),\(purchase)]\n")
            #expect(try await client.send("GET", "/_received/count?by=name").status == 400)
            _ = try await client.send("DELETE", "/_received?vendor=meta")
            #expect(try await client.send("GET", "/_received/count?by=event_id").text == "[]\n")
        }
    }
}
