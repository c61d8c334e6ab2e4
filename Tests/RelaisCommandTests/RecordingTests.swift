import Foundation
import RelaisEvent
import Testing

@testable import relais

@Suite struct RecordingTests {
    private func input(_ text: String) throws -> SendInput { try SendInput(Array(text.utf8), file: "input.json") }

    @Test func readsARecordingWithItsLines() throws {
        let file = try #require(
            Bundle.module.url(forResource: "session", withExtension: "jsonl", subdirectory: "Fixtures")
        )
        let input = try SendInput(Array(try Data(contentsOf: file)), file: "session.jsonl")
        guard case .recording(let lines) = input else {
            Issue.record("not taken for a recording")
            return
        }
        #expect(lines.map(\.number) == [1, 3, 4])
        #expect(lines.map(\.request.method) == ["GET", "POST", "GET"])
        #expect(lines[1].request.body == Array("en=view_item&ep.id=1\r\nen=add_to_cart".utf8))
        #expect(lines[2].request.headers.isEmpty && lines[2].request.rawQuery.isEmpty)
    }

    @Test func replaysARequestAsItIsButForTheConnectionsHeaders() throws {
        let json = #"""
            {"method":"POST","path":"/g/collect","raw_query":"en=a%20b&x=%7C","body":"b\r\nc","headers":{"Host":"t.shop.example",
            "Connection":"close","content-length":"9",":path":"/","Origin":"https://a.example","cookie":"_ga=\"x\"; y=é"}}
            """#
        let recorded = try #require(try RecordedRequest(Array(json.utf8)))
        let request = recorded.request(
            to: "http://127.0.0.1:8080",
            extra: [HTTPRequest.Header(name: "origin", value: "https://b.example")]
        )
        #expect(request.method == "POST")
        #expect(request.url == "http://127.0.0.1:8080/g/collect?en=a%20b&x=%7C")
        #expect(request.body == Array("b\r\nc".utf8))
        #expect(
            request.headers == [
                HTTPRequest.Header(name: "cookie", value: "_ga=\"x\"; y=é"),
                HTTPRequest.Header(name: "origin", value: "https://b.example"),
            ]
        )
    }

    @Test(arguments: [
        #"{"method":"GET","path":"/a b"}"#, #"{"method":"GET","path":"a"}"#, #"{"method":"G T","path":"/"}"#,
        #"{"method":"GET","path":"/","headers":{"x":"a\r\nEvil: 1"}}"#,
        #"{"method":"GET","path":"/","headers":{"x y":"a"}}"#, #"{"method":"GET","path":"/","raw_query":"a\nb"}"#,
    ])
    func refusesWhatWouldNotBeOneRequest(json: String) throws {
        let failure = #expect(throws: CommandFailure.self) { try input("\n" + json) }
        #expect(failure?.message.hasPrefix("input.json:2: ") == true)
        #expect(failure?.code == CommandFailure.usage)
    }

    @Test func takesOtherObjectsForEventsAndKeepsTheirBytes() throws {
        let text = #"[{"event_name":"purchase","value":129.90},{"event_name":"x","path":"/p"}]"#
        guard case .events(let events) = try input(text) else {
            Issue.record("not taken for events")
            return
        }
        #expect(events[0] == Array(#"{"event_name":"purchase","value":129.90}"#.utf8))
        #expect(events.count == 2)
    }

    @Test func refusesMixedAndEmptyInput() {
        #expect(throws: CommandFailure.self) { try input("") }
        #expect(throws: CommandFailure.self) { try input("[]") }
        #expect(throws: CommandFailure.self) { try input("{\"event_name\":") }
        let mixed = #expect(throws: CommandFailure.self) {
            try input("{\"method\":\"GET\",\"path\":\"/\"}\n{\"event_name\":\"x\"}")
        }
        #expect(mixed?.message.hasPrefix("input.json:2: not a recorded request") == true)
    }

    @Test func groupsEventsByCountAndSize() {
        let events = (0..<7).map { [UInt8](repeating: 0x30, count: $0 == 3 ? 500 : 100) }
        #expect(SendInput.batches(events, count: 3, bytes: 10_000) == [0..<3, 3..<6, 6..<7])
        #expect(SendInput.batches(events, count: 100, bytes: 450) == [0..<3, 3..<4, 4..<7])
        #expect(SendInput.batches([], count: 3, bytes: 10).isEmpty)
    }
}
