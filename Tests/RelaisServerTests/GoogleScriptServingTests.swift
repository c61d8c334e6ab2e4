import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct GoogleScriptServingTests {
    private static func withUpstream(
        _ more: String = "",
        _ body: @escaping @Sendable (Int, ScriptUpstream) throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let upstream = try await ScriptUpstream(group: group)
        let configuration = """
            sites:
              shop:
                domains: [shop.example]
                measurement_id: G-TEST123456
                paths: { gtag: /m/c }
                google_scripts:
                  { ids: [GTM-ABC123], gtag: /m/g.js, destination: /m/d.js, upstream: "http://127.0.0.1:\(upstream.port)"\(more) }
              blog: { domains: [blog.example], measurement_id: any }
            sources:
              web: { clients: [gtag], site: shop }
              blog: { clients: [gtag], site: blog }
            destinations:
              all: { plugin: all, sites: [shop] }
            """
        try await CollectorScene.run(configuration) { port, _ in try body(port, upstream) }
        try await upstream.close()
        try await group.shutdownGracefully()
    }

    private static func get(_ target: String, host: String = "t.shop.example", port: Int) throws -> HTTPAnswer {
        try HTTPClient(port: port).get(target, headers: [("host", host)])
    }

    @Test func aScriptIsServedRewrittenFromTheSitesOwnPathAndFetchedOnce() async throws {
        try await Self.withUpstream { port, upstream in
            for target in ["/m/g.js", "/gtag/js?id=G-TEST123456", "/m/g.js?id=G-TEST123456&gtm=45je"] {
                let answer = try Self.get(target, port: port)
                #expect(answer.status == 200)
                #expect(answer.text == "load('https://t.shop.example/m/d.js?id=');")
                #expect(answer.header("cache-control") == "private, max-age=900")
                #expect(answer.header("etag") != nil)
            }
            #expect(upstream.targets == ["/gtag/js?id=G-TEST123456"])
            try #expect(Self.get("/gtm.js?id=GTM-ABC123", port: port).status == 200)
            #expect(upstream.targets.last == "/gtm.js?id=GTM-ABC123")
        }
    }

    @Test func whileGoogleFailsTheCopyAtHandIsServed() async throws {
        try await Self.withUpstream(", cache: 1s") { port, upstream in
            let good = try Self.get("/m/g.js", port: port).text
            for change: (inout ScriptUpstream.Answer) -> Void in [
                { $0.status = .internalServerError }, { $0 = .init(type: "text/html", body: "<html>") },
            ] {
                upstream.set(change)
                Thread.sleep(forTimeInterval: 1.1)
                let answer = try Self.get("/m/g.js", port: port)
                #expect(answer.status == 200 && answer.text == good)
            }
            #expect(upstream.targets.count == 2, "a failure is not followed by another attempt at once")
        }
    }

    @Test func withoutACopyItSaysWhenToAskAgain() async throws {
        try await Self.withUpstream { port, upstream in
            upstream.set { $0.status = .notFound }
            let answer = try Self.get("/m/g.js", port: port)
            #expect(answer.status == 503 && answer.header("retry-after") == "30")
            try #expect(Self.get("/m/g.js", port: port).status == 503)
            #expect(upstream.targets.count == 1)
        }
    }

    @Test func nothingIsServedThatTheConfigurationDoesNotName() async throws {
        try await Self.withUpstream { port, upstream in
            try #expect(Self.get("/gtm.js?id=GTM-EVIL", port: port).status == 404)
            try #expect(Self.get("/gtag/js?id=G-TEST123456", host: "blog.example", port: port).status == 404)
            try #expect(Self.get("/gtag/js?id=G-TEST123456", host: "elsewhere.test", port: port).status == 404)
            try #expect(Self.get("/gtag/js?id=G-TEST123456", host: "a\"b.shop.example", port: port).status == 400)
            try #expect(Self.get("/gtag/other?id=G-TEST123456", port: port).status == 404)
            try #expect(HTTPClient(port: port).post("/gtag/js?id=G-TEST123456", "").status == 404)
            #expect(upstream.targets.isEmpty)
        }
    }

    @Test func theScriptsTelemetryIsAnsweredWithNothing() async throws {
        try await Self.withUpstream { port, _ in
            try #expect(Self.get("/a?id=G-TEST123456", port: port).status == 204)
            try #expect(Self.get("/td?id=G-TEST123456", port: port).status == 204)
            try #expect(Self.get("/a", host: "blog.example", port: port).status == 404)
        }
    }
}
