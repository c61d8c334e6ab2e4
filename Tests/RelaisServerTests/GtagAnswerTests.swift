import Foundation
import NIOCore
import NIOHTTP1
import RelaisEvent
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct GtagAnswerTests {
    private func written(_ answer: CollectorAnswer) -> String {
        var buffer = ByteBuffer()
        AnswerWriter.write(answer, to: nil, keepsAlive: true, &buffer)
        return String(buffer: buffer)
    }

    private func aside(_ path: String, method: String = "GET") -> CollectorAnswer? {
        let request = IncomingRequest(method: method, path: path, remoteAddress: "192.0.2.7", receivedMicros: 0)
        return GtagAnswer.make(toAside: request, origin: "https://shop.example")
    }

    @Test func hitsAreAnsweredWithGooglesHeaders() {
        let text = written(GtagAnswer.make(origin: "https://shop.example"))
        #expect(text.hasPrefix("HTTP/1.1 204 No Content\r\n"))
        for line in [
            "cache-control: no-cache, no-store, must-revalidate", "pragma: no-cache",
            "expires: Fri, 01 Jan 1990 00:00:00 GMT", "access-control-allow-origin: https://shop.example",
            "access-control-allow-credentials: true", "cross-origin-resource-policy: cross-origin", "vary: origin",
        ] {
            #expect(text.components(separatedBy: "\r\n").count { $0 == line } == 1, "\(line)")
        }
        #expect(!text.contains("content-length"))
    }

    @Test func imagesOfPagesThatAskForPermissionMayBeLoaded() {
        let text = written(GtagAnswer.make(origin: nil))
        #expect(text.contains("cross-origin-resource-policy: cross-origin\r\n"))
        #expect(!text.contains("access-control-allow-origin"))
    }

    @Test func whatTheBrowserIsToRequestIsOneMessageOfTheStream() throws {
        func request(_ method: BrowserRequest.Method, _ url: String) -> BrowserRequest {
            BrowserRequest(
                decision: Decision(destination: "browser_requests.a", outcome: .entitled),
                method: method,
                url: url
            )
        }
        let told = [
            request(.sendPixel, "https://p.example/a?x=1&y=2"), request(.fetch, "https://p.example/b"),
            request(.sendPixel, "https://p.example/c"),
        ]
        let text = written(GtagAnswer.make(telling: told, origin: "https://shop.example"))
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"))
        #expect(text.contains("access-control-allow-origin: https://shop.example\r\n"))
        #expect(text.contains("cache-control: no-cache, no-store, must-revalidate\r\n"))
        let body = try #require(text.components(separatedBy: "\r\n\r\n").last)
        #expect(
            body == """
                event: message
                data: {"send_pixel":["https://p.example/a?x=1&y=2","https://p.example/c"],"fetch":["https://p.example/b"]}


                """
        )
        #expect(written(GtagAnswer.make(telling: [], origin: nil)).hasPrefix("HTTP/1.1 204 No Content\r\n"))
    }

    private static let configuration = """
        sites:
          shop: { domains: [shop.example], measurement_id: G-1 }
        sources:
          web:
            clients: [gtag]
            site: shop
            browser_requests:
              partner: { when: { event_name: { eq: purchase } }, send_pixel: "https://p.example/p?id={transaction_id}&v={value}" }
        destinations:
          all: { plugin: all }
        """

    @Test func onlyAGrantedHitThatReadsTheAnswerIsTold() async throws {
        try await CollectorScene.run(Self.configuration) { port, log in
            let client = HTTPClient(port: port)
            func hit(_ name: String, _ end: String) throws -> HTTPAnswer {
                let page = [(name: "origin", value: "https://shop.example")]
                let target = "/g/collect?v=2&tid=G-1&cid=1.2&en=\(name)&ep.transaction_id=T%261&epn.value=5\(end)"
                return try client.get(target, headers: page)
            }
            let told = try hit("purchase", "&gcd=13r3r3r3r5l1&richsstsse")
            #expect(told.status == 200 && told.header("content-type") == "text/event-stream")
            #expect(told.text == "event: message\ndata: {\"send_pixel\":[\"https://p.example/p?id=T%261&v=5\"]}\n\n")
            #expect(told.header("access-control-allow-origin") == "https://shop.example")
            for (name, end) in [
                ("purchase", "&gcd=13r3r3r3r5l1"), ("page_view", "&gcd=13r3r3r3r5l1&richsstsse"),
                ("purchase", "&gcd=13p3p3p2p5l1&richsstsse"), ("purchase", "&gcd=13r3r3q2r5l1&richsstsse"),
                ("purchase", "&richsstsse"), ("purchase", "&gcd=13r3r3r3r5l1&tt=internal&richsstsse"),
            ] {
                let silent = try hit(name, end)
                #expect(silent.status == 204 && silent.text.isEmpty, "\(name) \(end)")
            }
            let plans = log.submissions.map(\.plan)
            #expect(
                plans.map { $0.browserRequests.map(\.decision.reason) } == [
                    [""], [], [], ["consent_pending"], ["consent_denied"], ["consent_unset"], ["internal_traffic"],
                ]
            )
            #expect(plans[0].browserRequests[0].url == "https://p.example/p?id=T%261&v=5")
            #expect(plans[3].browserRequests[0].url.isEmpty)
        }
    }

    @Test func ofAnEventThatNobodyGetsTheLogKeepsNoValues() async throws {
        let nobody = Self.configuration.replacing("plugin: all", with: "plugin: all, enabled: false")
        try await CollectorScene.run(nobody) { port, log in
            let told = try HTTPClient(port: port).get(
                "/g/collect?v=2&tid=G-1&cid=1.2&en=purchase&ep.transaction_id=T1&epn.value=5&gcd=13r3r3r3r5l1&richsstsse",
                headers: [(name: "origin", value: "https://shop.example")]
            )
            #expect(told.text.contains("https://p.example/p?id=T1&v=5"))
            let kept = try #require(log.submissions.first)
            #expect(kept.plan.browserRequests.map(\.url) == ["https://p.example/p?id={transaction_id}&v={value}"])
            #expect(!kept.identities.isEmpty && kept.searchTerms.isEmpty)
            #expect(!String(decoding: kept.record, as: UTF8.self).contains("T1"))
        }
    }

    @Test func theServiceWorkerIsSaidToBeMissingForADay() throws {
        for path in ["/_/service_worker/67r0/sw_iframe.html", "/metrics/_/service_worker/67r0/sw.js"] {
            let answer = try #require(aside(path))
            #expect(answer.status == .notFound)
            #expect(written(answer).contains("cache-control: public, max-age=86400\r\n"))
        }
        #expect(aside("/_/service_worker/67r0/sw.js", method: "POST") == nil)
        #expect(aside("/elsewhere") == nil)
    }
}
