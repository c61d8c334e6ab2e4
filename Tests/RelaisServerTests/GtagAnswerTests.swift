import Foundation
import NIOCore
import NIOHTTP1
import RelaisIngest
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
