import Foundation
import RelaisDelivery
import RelaisEvent
import Testing

@Suite struct CurlTransportTests {
    static func request(
        _ url: String,
        method: String = "POST",
        headers: [(String, String)] = [],
        body: String = "{}"
    ) -> HTTPRequest {
        HTTPRequest(
            method: method,
            url: url,
            headers: headers.map { HTTPRequest.Header(name: $0.0, value: $0.1) },
            body: Array(body.utf8),
            isIdempotent: false
        )
    }

    @Test func sendsTheRequestAndNothingOfItsOwn() async throws {
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok("hello", headers: "X-Vendor:  a b \r\n")) }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(
            Self.request(server.url + "/a/../b?x=1", headers: [("Content-Type", "application/json"), ("X-Empty", "")])
        )
        #expect(response.transport == .none)
        #expect(response.status == 200)
        #expect(response.body == Array("hello".utf8))
        #expect(response.headers.contains(HTTPRequest.Header(name: "x-vendor", value: "a b")))
        let received = try #require(server.received.first)
        #expect(received.path == "/a/../b?x=1")
        #expect(received.body == Array("{}".utf8))
        let names = received.head.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != ":" }.lowercased() }
        #expect(names.sorted() == ["content-length", "content-type", "host", "x-empty"])
        transport.close()
    }

    @Test(arguments: ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
    func methodsAreSentAsTheyAre(method: String) async throws {
        let server = try TestHTTPServer { _ in .respond("HTTP/1.1 204 No Content\r\n\r\n") }
        defer { server.stop() }
        let transport = try CurlTransport()
        let body = method == "GET" || method == "HEAD" ? "" : "x=1"
        let response = await transport.answer(Self.request(server.url, method: method, body: body))
        #expect(response.status == 204)
        let received = try #require(server.received.first)
        #expect(received.head.hasPrefix(method + " "))
        #expect(received.body == Array(body.utf8))
        transport.close()
    }

    @Test func connectionIsKeptAndUsedAgain() async throws {
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        for _ in 0..<20 { #expect(await transport.answer(Self.request(server.url)).status == 200) }
        #expect(server.connectionCount == 1)
        transport.close()
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = try TestHTTPServer { request in
            request.path == "/"
                ? .respond("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
                : .respond(TestHTTPServer.ok())
        }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url + "/")).status == 302)
        #expect(server.received.count == 1)
        transport.close()
    }

    @Test func interimAnswersAreSkipped() async throws {
        let server = try TestHTTPServer { _ in
            .respond("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + TestHTTPServer.ok(headers: "X-Late: 1\r\n"))
        }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url))
        #expect(response.status == 200)
        #expect(response.headers.map(\.name) == ["content-length", "x-late"])
        transport.close()
    }

    @Test func silenceAfterTheRequestIsATimeoutAfterSend() async throws {
        let server = try TestHTTPServer { _ in .hang }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url), timeout: 300)
        #expect(response.transport == .timeoutAfterSend)
        #expect(response.status == 0)
        #expect((250...3000).contains(response.elapsedMilliseconds))
        transport.close()
    }

    @Test func serverThatDoesNotReadIsATimeoutBeforeSend() async throws {
        let server = try TestHTTPServer(readsRequests: false) { _ in .hang }
        defer { server.stop() }
        let transport = try CurlTransport()
        let body = String(repeating: "x", count: 16 << 20)
        let response = await transport.answer(Self.request(server.url, body: body), timeout: 500)
        #expect(response.transport == .timeoutBeforeSend)
        transport.close()
    }

    @Test func handshakeThatHangsIsATimeoutBeforeSend() async throws {
        let server = try TestHTTPServer(readsRequests: false) { _ in .hang }
        defer { server.stop() }
        let transport = try CurlTransport()
        let url = "https://127.0.0.1:\(server.port)/"
        #expect(await transport.answer(Self.request(url), timeout: 300).transport == .timeoutBeforeSend)
        transport.close()
    }

    @Test func refusedConnectionIsAConnectError() async throws {
        let port = try TestHTTPServer.freePort()
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request("http://127.0.0.1:\(port)/"))
        #expect(response.transport == .connect)
        #expect(!response.transport.isUncertain)
        transport.close()
    }

    @Test func resetAfterTheRequestIsUncertain() async throws {
        let server = try TestHTTPServer { _ in .reset }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url)).transport == .reset)
        transport.close()
    }

    @Test func truncatedAnswerIsAReset() async throws {
        let server = try TestHTTPServer { _ in .respondAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url))
        #expect(response.transport == .reset)
        #expect(response.status == 0)
        transport.close()
    }

    @Test(arguments: ["garbage\r\n\r\n", "HTTP/0.9\r\n\r\nx", "\0\0\0\0"])
    func whatIsNotHTTPIsAReset(answer: String) async throws {
        let server = try TestHTTPServer { _ in .respondAndClose(answer) }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url)).transport == .reset)
        transport.close()
    }

    @Test func longBodyIsCutAndTheConnectionKept() async throws {
        let server = try TestHTTPServer { $0.path == "/big" ? .stream(total: 1 << 20) : .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url + "/big"))
        #expect(response.status == 200)
        #expect(response.isTruncated)
        #expect(response.body.count == 256 << 10)
        #expect(await transport.answer(Self.request(server.url)).status == 200)
        #expect(server.connectionCount == 1)
        transport.close()
    }

    @Test func hugeBodyIsTooLarge() async throws {
        let server = try TestHTTPServer { _ in .stream(total: 1 << 30) }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url))
        #expect(response.transport == .tooLarge)
        #expect(response.body.isEmpty)
        #expect(response.elapsedMilliseconds < 10_000)
        transport.close()
    }

    @Test func hugeHeadersAreTooLarge() async throws {
        let headers = (0..<2000).map { "X-\($0): \(String(repeating: "y", count: 60))\r\n" }.joined()
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok(headers: headers)) }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url)).transport == .tooLarge)
        transport.close()
    }

    @Test(arguments: [
        ("X-A", "1\r\nX-B: 2"), ("X-A\r\nX-B", "1"), ("X-A", "1\nX-B: 2"), ("Content-Length", "0"), ("Host", "evil"),
        ("X-A", "a\0b"), ("", "x"),
    ])
    func headersCannotBeInjected(name: String, value: String) async throws {
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(server.url, headers: [(name, value)]))
        #expect(response.transport == .connect)
        #expect(server.received.isEmpty)
        transport.close()
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: 1", "gopher://x", "",
        "http://user:secret@127.0.0.1/",
    ])
    func otherAddressesAreRefused(url: String) async throws {
        let transport = try CurlTransport()
        let response = await transport.answer(Self.request(url), timeout: 2000)
        #expect(response.transport != .none)
        #expect(!response.transport.isUncertain)
        transport.close()
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nX: 1\r\n\r\nGET", "PO ST", ""])
    func methodsCannotBeInjected(method: String) async throws {
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url, method: method)).transport == .connect)
        #expect(server.received.isEmpty)
        transport.close()
    }

    @Test func thousandRequestsAtOnceAreAllAnsweredOnce() async throws {
        let server = try TestHTTPServer { request in
            .respond(TestHTTPServer.ok(String(decoding: request.body, as: UTF8.self)))
        }
        defer { server.stop() }
        let transport = try CurlTransport()
        let counts = Shared([Int](repeating: 0, count: 1000))
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<1000 {
                group.addTask {
                    let response = await transport.answer(Self.request(server.url, body: "\(index)"))
                    if response.body == Array("\(index)".utf8) { counts.change { $0[index] += 1 } }
                }
            }
        }
        #expect(counts.value.allSatisfy { $0 == 1 })
        #expect(server.received.count == 1000)
        #expect(server.connectionCount <= 32)
        transport.close()
    }

    @Test func laneThatHangsTakesNothingFromAnother() async throws {
        let server = try TestHTTPServer { $0.path == "/hang" ? .hang : .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        let stuck = transport.lane(concurrency: 4)
        let free = transport.lane(concurrency: 4)
        let done = Shared(0)
        for _ in 0..<200 {
            stuck.send(Self.request(server.url + "/hang"), timeoutMilliseconds: 60_000) { _ in
                done.change { $0 += 1 }
            }
        }
        for _ in 0..<100 { #expect(await free.answer(Self.request(server.url), timeout: 5000).status == 200) }
        #expect(done.value == 0)
        transport.close()
        #expect(done.value == 200)
    }

    @Test func waitingForATurnDoesNotCountAsTime() async throws {
        let server = try TestHTTPServer { _ in
            Thread.sleep(forTimeInterval: 0.1)
            return .respond(TestHTTPServer.ok())
        }
        defer { server.stop() }
        let transport = try CurlTransport()
        let lane = transport.lane(concurrency: 1)
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { await lane.answer(Self.request(server.url), timeout: 500).status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 8))
        transport.close()
    }

    @Test func closeAnswersEverythingOnce() async throws {
        let server = try TestHTTPServer { _ in .hang }
        defer { server.stop() }
        let transport = try CurlTransport()
        let errors = Shared<[TransportError]>([])
        for _ in 0..<50 {
            transport.send(Self.request(server.url), timeoutMilliseconds: 60_000) { response in
                errors.change { $0.append(response.transport) }
            }
        }
        while server.received.count < 32 { try await Task.sleep(for: .milliseconds(2)) }
        transport.close()
        let seen = errors.value
        #expect(seen.filter { $0 == .reset }.count == 32)
        #expect(seen.filter { $0 == .timeoutBeforeSend }.count == 18)
        #expect(await transport.answer(Self.request(server.url)).transport == .timeoutBeforeSend)
    }

    @Test func proxiesOfTheEnvironmentAreNotUsed() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        let server = try TestHTTPServer { _ in .respond(TestHTTPServer.ok()) }
        defer { server.stop() }
        let transport = try CurlTransport()
        #expect(await transport.answer(Self.request(server.url)).status == 200)
        transport.close()
    }
}

extension Transport {
    func answer(_ request: HTTPRequest, timeout: Int64 = 20_000) async -> HTTPResponse {
        await withCheckedContinuation { continuation in
            send(request, timeoutMilliseconds: timeout) { continuation.resume(returning: $0) }
        }
    }
}
