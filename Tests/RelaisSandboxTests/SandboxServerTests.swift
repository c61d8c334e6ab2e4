import Foundation
import FoundationNetworking
import Testing

@testable import RelaisSandbox

@Suite struct SandboxServerTests {
    private func purchase(_ id: String) throws -> Data {
        let patch = JSONValue.object(JSONObject(members: [.init(name: "event_id", value: .string(id))]))
        let event = try #require(try Fixture.json("meta-request-purchase.json")["data"]?[0]).merging(patch)
        return Data(#"{"data":[\#(event.text)]}"#.utf8)
    }

    @Test func recordsWhatVendorsReceive() async throws {
        try await withSandbox { sandbox in
            let meta = try await sandbox.post(meta: try purchase("e1"))
            #expect(meta.status == 200)
            #expect(meta.json?["events_received"]?.number?.integer == 1)
            let again = try await sandbox.post(meta: try purchase("e1"))
            #expect(again.status == 200)
            let hit = try await sandbox.send("GET", "/www.google-analytics.com/g/collect?v=2&tid=G-1&cid=1&en=login")
            #expect(hit.status == 204)

            let records = try #require(try await sandbox.send("GET", "/_received?vendor=meta").json?.array)
            #expect(records.count == 2)
            #expect(records[0]["method"]?.string == "POST")
            #expect(records[0]["path"]?.string == "/graph.facebook.com/v26.0/123/events")
            #expect(records[0]["query"]?["appsecret_proof"]?.string == "x y")
            #expect(records[0]["headers"]?["content-type"]?.string == "application/json")
            #expect(records[0]["body"]?["data"]?[0]?["event_id"]?.string == "e1")
            #expect(records[0]["status"]?.number?.integer == 200)
            #expect(records[0]["problems"] == .array([]))
            #expect(records.map { $0["events"]?[0]?["duplicate"]?.bool } == [false, true])

            let events = try await sandbox.send("GET", "/_received?fields=events").json?.array ?? []
            #expect(events.map { $0["event_name"]?.string } == ["Purchase", "Purchase", "login"])
            #expect(events.map { $0["event_id"] } == [.string("e1"), .string("e1"), .null])
            let later = try await sandbox.send("GET", "/_received?since=2").json?.array ?? []
            #expect(later.map { $0["vendor"]?.string } == ["ga4"])
            let count = try await sandbox.send("GET", "/_received/count?vendor=meta").json
            #expect(count?["duplicate_events"]?.number?.integer == 1)

            #expect(try await sandbox.send("DELETE", "/_received").status == 204)
            #expect(try await sandbox.send("GET", "/_received").json == .array([]))
        }
    }

    @Test func closesTheConnectionInAnOutage() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(#"[{"vendor":"meta","outage":true,"count":1}]"#)
            let bytes = try await sandbox.exchangeRaw(try purchase("e1"))
            #expect(bytes.isEmpty)
            #expect(try await sandbox.post(meta: try purchase("e1")).status == 200)
            let records = try await sandbox.send("GET", "/_received").json?.array ?? []
            #expect(records.map { $0["status"]?.number?.integer } == [0, 200])
            #expect(records.map { $0["accepted"]?.bool } == [false, true])
            #expect(records.map { $0["fault"] } == [.string("outage"), .null])
            #expect(records.map { $0["events"]?[0]?["duplicate"]?.bool } == [false, false])
        }
    }

    @Test func cutsTheAnswerShortInAReset() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(#"[{"vendor":"meta","reset":true,"count":1}]"#)
            let text = String(decoding: try await sandbox.exchangeRaw(try purchase("e1")), as: UTF8.self)
            let parts = text.components(separatedBy: "\r\n\r\n")
            let announced = try #require(parts[0].lowercased().firstMatch(of: /content-length: (\d+)/)?.1)
            #expect(text.hasPrefix("HTTP/1.1 200"))
            #expect(parts[1].utf8.count == (Int(announced) ?? 0) / 2)
            #expect(!parts[1].isEmpty)
            await #expect(throws: (any Error).self) {
                try await sandbox.setFaults(#"[{"vendor":"ga4","reset":true}]"#)
                _ = try await sandbox.send("GET", "/www.google-analytics.com/g/collect?v=2&en=x")
            }
            try await sandbox.setFaults("[]")
            #expect(try await sandbox.post(meta: try purchase("e1")).status == 200)
            let records = try await sandbox.send("GET", "/_received?vendor=meta").json?.array ?? []
            #expect(records.map { $0["status"]?.number?.integer } == [0, 200])
            #expect(records.map { $0["accepted"]?.bool } == [true, true])
            #expect(records.map { $0["events"]?[0]?["duplicate"]?.bool } == [false, true])
        }
    }

    @Test func sendsBrokenAnswers() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(
                #"[{"vendor":"meta","malformed":true,"count":1},{"malformed":true,"body":"<p>x"}]"#
            )
            let half = try await sandbox.post(meta: try purchase("e1"))
            #expect(half.status == 200)
            #expect(half.text.hasPrefix(#"{"events_received""#))
            #expect(half.json == nil)
            let page = try await sandbox.post(meta: try purchase("e2"))
            #expect(page.text == "<p>x")
            #expect(page.status == 200)
        }
    }

    @Test func answersInjectedStatusesForMatchingRequestsOnly() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(
                #"[{"status":429,"body":{"error":{"code":4}},"headers":{"Retry-After":"7"},"match":"e-bad"}]"#
            )
            let bad = try await sandbox.post(meta: try purchase("e-bad"))
            #expect(bad.status == 429)
            #expect(bad.headers["Retry-After"] == "7")
            #expect(bad.json?["error"]?["code"]?.number?.integer == 4)
            #expect(try await sandbox.post(meta: try purchase("e-good")).status == 200)
            let rejected = try await sandbox.send("GET", "/_received?accepted=false&fields=events").json?.array ?? []
            #expect(rejected.map { $0["event_id"]?.string } == ["e-bad"])
            #expect(rejected.map { $0["status"]?.number?.integer } == [429])
            #expect(try await sandbox.send("DELETE", "/_faults").status == 204)
            #expect(try await sandbox.post(meta: try purchase("e-bad")).status == 200)
        }
    }

    @Test func delaysAnswers() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(#"[{"vendor":"ga4","latency_ms":300}]"#)
            let started = ContinuousClock.now
            #expect(
                try await sandbox.send("GET", "/www.google-analytics.com/g/collect?v=2&tid=G-1&cid=1&en=x").status
                    == 204
            )
            #expect(ContinuousClock.now - started >= .milliseconds(295))
        }
    }

    @Test func refusesBadFaultListsAndKeepsTheOldOnes() async throws {
        try await withSandbox { sandbox in
            try await sandbox.setFaults(#"[{"vendor":"meta","status":503}]"#)
            let answer = try await sandbox.send(
                "PUT",
                "/_faults",
                body: Data(#"[{"vendor":"nobody","outage":true}]"#.utf8)
            )
            #expect(answer.status == 400)
            #expect(answer.json?["errors"]?[0]?["pointer"]?.string == "/0/vendor")
            let kept = try await sandbox.send("GET", "/_faults").json
            #expect(kept?[0]?["status"]?.number?.integer == 503)
        }
    }

    @Test func keepsCountUnderConcurrentLoad() async throws {
        try await withSandbox { sandbox in
            let path = "/www.google-analytics.com/g/collect?v=2&tid=G-1&cid=1.2"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        for batch in 0..<25 {
                            let lines = (0..<10).map { "en=page_view&ep.event_id=\(worker)-\(batch)-\($0)" }
                            let body = Data(lines.joined(separator: "\r\n").utf8)
                            let answer = try await sandbox.send("POST", path, body: body, type: "text/plain")
                            #expect(answer.status == 204)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let events = try await sandbox.send("GET", "/_received?vendor=ga4&fields=events").json?.array ?? []
            #expect(events.count == 2_000)
            #expect(Set(events.compactMap { $0["event_id"]?.string }).count == 2_000)
            let count = try await sandbox.send("GET", "/_received/count").json
            #expect(count?["requests"]?.number?.integer == 200)
            #expect(count?["accepted_events"]?.number?.integer == 2_000)
        }
    }

    @Test func streamsLongLists() async throws {
        try await withSandbox { sandbox in
            let path = "/www.google-analytics.com/g/collect?v=2&tid=G-1&cid=1.2"
            for _ in 0..<600 { _ = try await sandbox.send("GET", "\(path)&en=x") }
            let indexes = try await sandbox.send("GET", "/_received").json?.array?.map { $0["index"]?.number?.integer }
            #expect(indexes == (0..<600).map(Int64.init))
        }
    }

    @Test func refusesEncodedAndOversizedBodies() async throws {
        try await withSandbox(configure: { $0.maximumRequestBytes = 1_000 }) { sandbox in
            let headers = ["Content-Encoding": "gzip"]
            let encoded = try await sandbox.send(
                "POST",
                "/graph.facebook.com/v26.0/1/events",
                body: Data("x".utf8),
                headers: headers
            )
            #expect(encoded.status == 415)
            #expect(encoded.text.contains("gzip"))
            let large = try await sandbox.send(
                "POST",
                "/graph.facebook.com/v26.0/1/events",
                body: Data(repeating: 0x78, count: 1_001)
            )
            #expect(large.status == 413)
        }
    }

    @Test(arguments: [
        ("GET", "/", 200, "/graph.facebook.com"), ("GET", "/nowhere", 404, "/nowhere"),
        ("GET", "/_received?vendor=nobody", 400, "?vendor"), ("GET", "/_received?colour=red", 400, "?colour"),
        ("GET", "/_received?since=-1", 400, "?since"), ("GET", "/_received?fields=all", 400, "?fields"),
        ("POST", "/_received", 405, "POST"), ("DELETE", "/_received?since=1", 400, "?since"),
    ])
    func explainsItself(method: String, path: String, status: Int, text: String) async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.send(method, path)
            #expect(answer.status == status)
            #expect(answer.text.contains(text))
        }
    }

    @Test func answersHeadWithoutABodyAndKeepsTheConnectionUsable() async throws {
        try await withSandbox { sandbox in
            for _ in 0..<3 {
                let answer = try await sandbox.send("HEAD", "/")
                #expect(answer.status == 200)
                #expect(answer.body.isEmpty)
                #expect(try await sandbox.send("GET", "/_faults").json == .array([]))
            }
        }
    }

    @Test func saysWhichAddressIsTaken() async throws {
        try await withSandbox { sandbox in
            let second = SandboxServer(configuration: SandboxConfiguration(port: sandbox.port))
            let error = await #expect(throws: SandboxError.self) { try await second.run() }
            #expect(error == .addressInUse(host: "127.0.0.1", port: sandbox.port))
            #expect("\(error as Any)".contains("127.0.0.1:\(sandbox.port)"))
            #expect("\(error as Any)".contains("choose another port"))
        }
    }

    @Test func saysWhichAddressCannotBeUsed() async throws {
        let server = SandboxServer(configuration: SandboxConfiguration(host: "203.0.113.7", port: 0))
        let error = await #expect(throws: SandboxError.self) { try await server.run() }
        #expect("\(error as Any)".contains("203.0.113.7"))
    }
}
