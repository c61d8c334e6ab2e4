import Foundation
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct CollectorTests {
    private static let configuration = """
        sites:
          shop: { domains: [shop.example], measurement_id: G-1, consent: { default: granted } }
        sources:
          web: { clients: [relais], site: shop }
        destinations:
          all: { plugin: all }
        """

    private func generation() throws -> CollectorGeneration { try CollectorScene.generation(Self.configuration) }

    private func withServer(_ body: @escaping @Sendable (Int, AcceptingLog) throws -> Void) async throws {
        try await CollectorScene.run(Self.configuration, body)
    }

    private static let gzipped = Data(
        base64Encoded:
            "H4sIAAAAAAACA3XUsUpEQQxG4d6nkFsrJH+SycSXEWFvsYVWYiO+uwpWcrYNpxjmI/k8zo/z7f357eX1PJ7uj9OOh/u/2fXyO7leHu34uvv8HzqEPT7UClqvHZvigFjR1RQnxOGrF8VF8dQUxQvi7PKkuCGuygiKN8QrokTx0De72tHEbqCwIBHudkNDJ8QpEyI6KbppEhmdHN1tL4T0wnz3RkonS9dqQ0wnTY9cQk4nT09VIqgPLoPlQlLZrd1BU5Gpr6XhxcTN7JSjqlB1ywNVhapjVqgqVJ2eRlWRqqz2oKpI9efl21FVpCp5B6pqMJ9VqBp268ihapCqsnKjapCqKtL44OLFXR5C1UjMR4mqQarq9oWqgaq7bKNqoOqEGaoGqf7EI1SNwXzv/FX9BjTtFY88BwAA"
    )

    private static func post(_ body: [UInt8], port: Int) throws -> HTTPAnswer {
        let connection = try RawConnection(port: port)
        let head =
            "POST /v1/events HTTP/1.1\r\nhost: shop.example\r\norigin: https://shop.example\r\ncontent-encoding: gzip\r\n"
            + "content-type: application/x-ndjson\r\ncontent-length: \(body.count)\r\n\r\n"
        try connection.send(Array(head.utf8) + body)
        return try connection.response()
    }

    @Test func compressedEventsAreTaken() async throws {
        let body = Array(try #require(Self.gzipped))
        try await withServer { port, log in
            let status = try Self.post(body, port: port).status
            #expect(status == 202)
            #expect(log.submissions.count == 40)
        }
    }

    @Test func ofACompressedBodyThatBreaksOffNothingIsTaken() async throws {
        let body = Array(try #require(Self.gzipped))
        try await withServer { port, log in
            let broken = try Self.post(body.dropLast(20), port: port).status
            let trailed = try Self.post(body + [1, 2, 3], port: port).status
            #expect(broken == 400)
            #expect(trailed == 400)
            Thread.sleep(forTimeInterval: 0.2)
            #expect(log.submissions.isEmpty)
        }
    }

    @Test func aCompressedBodyThatUnfoldsBeyondTheLimitIsRefused() async throws {
        let text = "H4sIAAAAAAACA+3BQREAAAwCoCrr5a1/DUP4BXI" + String(repeating: "A", count: 1354) + "KMvior2lAIAEAA="
        let body = Array(try #require(Data(base64Encoded: text)))
        #expect(body.count < 2000)
        try await withServer { port, log in
            let status = try Self.post(body, port: port).status
            #expect(status == 413)
            #expect(log.submissions.isEmpty)
        }
    }

    private static func request(_ event: String) -> String {
        let body = "{\"event_name\":\"\(event)\"}"
        return "POST /v1/events HTTP/1.1\r\nhost: shop.example\r\norigin: https://shop.example\r\n"
            + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func whatIsSentAheadIsAnsweredInOrder() async throws {
        try await withServer { port, log in
            let connection = try RawConnection(port: port)
            let health = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
            try connection.send(Self.request("first") + health + Self.request("second") + health)
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try connection.response().status) }
            #expect(statuses == [202, 200, 202, 200])
            #expect(log.submissions.count == 2)
            try connection.send(health)
            let last = try connection.response().status
            #expect(last == 200)
        }
    }

    @Test func whatWasReadIsAnsweredBeforeTheGarbageBehindItEndsTheConnection() async throws {
        try await withServer { port, log in
            let connection = try RawConnection(port: port)
            try connection.send(Self.request("kept") + "\u{1}\u{2} garbage\r\n\r\n")
            let answer = try connection.response()
            #expect(answer.status == 202)
            #expect(answer.header("connection") == "close")
            #expect(connection.isClosedByPeer())
            #expect(log.submissions.count == 1)
        }
    }

    @Test(arguments: [
        "\u{1}\u{2} garbage\r\n\r\n", "POST /v1/events HTTP/9.9\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "POST /v1/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n",
    ])
    func whatIsNoHTTPIsRefusedAndTheConnectionEnds(bytes: String) async throws {
        try await withServer { port, log in
            let connection = try RawConnection(port: port)
            try connection.send(bytes)
            let status = try connection.response().status
            #expect(status == 400)
            #expect(connection.isClosedByPeer())
            #expect(log.submissions.isEmpty)
        }
    }

    @Test func anOldClientIsToldThatTheConnectionIsKept() async throws {
        try await withServer { port, _ in
            let connection = try RawConnection(port: port)
            try connection.send("GET /healthz HTTP/1.0\r\nconnection: keep-alive\r\n\r\n")
            let kept = try connection.response()
            #expect(kept.header("connection") == "keep-alive")
            try connection.send("GET /healthz HTTP/1.0\r\n\r\n")
            let ended = try connection.response()
            #expect(ended.header("connection") == "close")
            #expect(connection.isClosedByPeer())
        }
    }

    @Test func whoSendsOnWithoutReadingTheAnswersIsCut() async throws {
        try await withServer { port, _ in
            let connection = try RawConnection(port: port)
            let requests = Array(String(repeating: "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", count: 2000).utf8)
            #expect(throws: TestFailure.self) {
                for _ in 0..<1000 { try connection.send(requests) }
            }
        }
    }

    @Test(arguments: [
        (LogError.unavailable("disk full"), "10"), (.overloaded, "1"), (.closed, "5"),
    ])
    func whatTheLogDoesNotTakeIsRefusedWithATimeToRetry(error: LogError, wait: String) async throws {
        let body = Array(try #require(Self.gzipped))
        try await withServer { port, log in
            log.fail(error)
            let refused = try Self.post(body, port: port)
            #expect(refused.status == 503)
            #expect(refused.header("retry-after") == wait)
            #expect(refused.text.contains("send it again"))
            #expect(log.submissions.isEmpty)
            log.fail(nil)
            let taken = try Self.post(body, port: port)
            #expect(taken.status == 202)
        }
    }

    @Test func readinessIsRedWithTheReasonAsLongAsTheLogRefuses() async throws {
        try await withServer { port, log in
            let client = HTTPClient(port: port)
            log.fail(.unavailable("no room"))
            let red = try client.get("/readyz")
            #expect(red.status == 503 && red.text.contains("no room"))
            #expect(red.header("retry-after") == "10")
            for path in ["/healthz", "/healthy"] { #expect(try client.get(path).status == 200) }
            log.fail(nil)
            #expect(try client.get("/readyz").status == 200)
        }
    }

    @Test func anEventIsFoundByWhatIsKeptOfItsID() throws {
        let request = IncomingRequest(
            method: "POST",
            path: "/v1/events",
            headers: [.init(name: "origin", value: "https://shop.example")],
            body: Array(#"{"event_name":"a","event_id":"jane@example.com","transaction_id":"T1"}"#.utf8),
            remoteAddress: "192.0.2.1",
            receivedMicros: 1_795_445_400_000_000
        )
        let submission = try #require(try generation().pipeline.prepare(request).submissions.first)
        let event = try Event(record: submission.record)
        #expect(submission.searchTerms == [event.string(.eventID), "T1"])
        #expect(!submission.searchTerms.contains { $0.contains("jane") })
    }

    @Test func theRingKeepsLittleAndNothingPersonal() throws {
        let ring = RejectionRing()
        let padded = String(repeating: "x", count: 500) + "/jane@example.com"
        ring.add(
            .init(
                at: 0,
                source: "",
                client: "/jane@example.com/g/collect",
                eventName: "",
                kind: "malformed",
                reason: "/params/jane@example.com/" + String(repeating: "x", count: 1 << 20)
            )
        )
        let entry = try #require(ring.newest(limit: 1).first)
        #expect(entry.client == "/redacted/g/collect")
        #expect(entry.reason.hasPrefix("/params/redacted/"))
        #expect(entry.reason.utf8.count <= 600)
        ring.add(.init(at: 0, source: "", client: "", eventName: "", kind: "x", reason: padded))
        #expect(ring.newest(limit: 1).first?.reason.contains("jane") == false)
    }
}
