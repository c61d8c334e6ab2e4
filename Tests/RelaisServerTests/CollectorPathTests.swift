import Foundation
import RelaisConfig
import RelaisTestKit
import Testing

@testable import RelaisIngest
@testable import RelaisServer

/// Limits, origins and keys on every path that the collector knows.
@Suite(.serialized) struct CollectorPathTests {
    struct Path: Sendable, CustomTestStringConvertible {
        var client: SourceConfiguration.Client
        var path: String
        var method = "POST"
        var query = ""
        var body = ""

        /// No browser is let in without a key.
        var isForServers: Bool { client == .measurementProtocol }

        var testDescription: String { "\(method) \(path)" }
    }

    private static let hit = "v=2&tid=G-1&cid=1.2&_p=3&_s=1&en=page_view&dl=https%3A%2F%2Fshop.example%2F"
    private static let gtagPaths = [
        "/g/collect", "/metrics/g/collect", "/x/ag/g/c", "/x/ga/g/c", "/collect", "/quiet/hits",
    ]
    private static let message =
        #""type":"track","event":"Seen","messageId":"m","anonymousId":"a","userId":"u","previousId":"p","groupId":"g","name":"n""#

    private static let paths: [Path] =
        ["/v1/events", "/quiet/events"].map { Path(client: .relais, path: $0, body: #"{"event_name":"page_view"}"#) }
        + gtagPaths.map { Path(client: .gtag, path: $0, method: "GET", query: "?\(hit)") }
        + SegmentPath.byPath.sorted { $0.key < $1.key }.map { path, taken in
            Path(client: .segment, path: path, body: taken == .batch ? "{\"batch\":[{\(message)}]}" : "{\(message)}")
        }
        + ["/mp/collect", "/metrics/mp/collect", "/debug/mp/collect"].map { path in
            Path(
                client: .measurementProtocol,
                path: path,
                query: "?measurement_id=G-1",
                body: #"{"client_id":"1.2","events":[{"name":"page_view"}]}"#
            )
        }

    /// Known, and bring no events.
    static let others = [
        "/healthz", "/healthy", "/readyz", "/g/s/collect", "/j/collect", "/r/collect", "/ccm/collect", "/mc/collect",
        "/g/d/",
        "/as/d/",
        "/ccm/form-data/", "/pagead/form-data", "/ads/ga-audiences", "/_/set_cookie", "/_/service_worker/",
        "/sourceConfig", "/sourceConfig/", "/v1/m", "/relais.js", "/gtag/js", "/gtm.js", "/gtag/destination", "/a",
        "/td",
    ]
    /// Literals that are no paths: JSON pointers, and a piece of one that is listed as a whole.
    private static let noPaths = ["/en", "/v", "/tid", "/value", "/measurement_id", "/debug"]

    private static let configuration = """
        trusted_proxies: [127.0.0.1]
        sites:
          shop:
            domains: [shop.example]
            measurement_id: any
            consent: { default: granted }
            paths: { events: /quiet/events, gtag: /quiet/hits }
        sources:
          web: { clients: [relais, gtag, segment], site: shop }
          server: { clients: [relais, gtag, segment, measurement-protocol], site: shop, write_keys: [0123456789abcdef] }
        destinations:
          all: { plugin: all }
        limits:
          request_bytes: 4KiB
          per_ip: { requests_per_second: 1, burst: 4 }
          per_key: { requests_per_second: 1, burst: 4 }
        """

    private static func send(
        _ path: Path,
        _ headers: [String],
        from address: String,
        body: String? = nil,
        to port: Int
    ) throws -> Int {
        let body = body ?? path.body
        let connection = try RawConnection(port: port)
        let head =
            [
                "\(path.method) \(path.path)\(path.query) HTTP/1.1", "host: t.shop.example",
                "x-forwarded-for: \(address)",
            ]
            + headers + ["content-length: \(body.utf8.count)", "connection: close"]
        try connection.send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try connection.response().status
    }

    @Test(arguments: paths) func onlyPagesOfTheSiteAndKeysAreLetIn(path: Path) async throws {
        try await CollectorScene.run(Self.configuration) { port, log in
            let foreign = try Self.send(path, ["origin: https://evil.example"], from: "203.0.113.1", to: port)
            let wrongKey = try Self.send(
                path,
                ["authorization: Bearer guessed", "origin: https://shop.example"],
                from: "203.0.113.2",
                to: port
            )
            let crossSite = try Self.send(path, ["sec-fetch-site: cross-site"], from: "203.0.113.3", to: port)
            #expect(foreign == (path.isForServers ? 401 : 403))
            #expect(wrongKey == 401)
            #expect(crossSite == (path.isForServers ? 401 : 403))
            #expect(log.submissions.isEmpty)
            let page = try Self.send(path, ["origin: https://shop.example"], from: "203.0.113.4", to: port)
            #expect((200..<300).contains(page) == !path.isForServers)
            let taken = log.submissions.count
            let keyed = try Self.send(path, ["authorization: Bearer 0123456789abcdef"], from: "203.0.113.5", to: port)
            #expect((200..<300).contains(keyed))
            #expect(log.submissions.count == 2 * taken || path.isForServers)
        }
    }

    @Test(arguments: paths) func limitsHold(path: Path) async throws {
        try await CollectorScene.run(Self.configuration) { port, log in
            let large = String(repeating: " ", count: 5000)
            let tooLarge = try Self.send(
                path,
                ["origin: https://shop.example"],
                from: "203.0.113.9",
                body: large,
                to: port
            )
            #expect(tooLarge == 413)
            #expect(log.submissions.isEmpty)
            let visits = try (0..<7).map { _ in
                try Self.send(path, ["origin: https://shop.example"], from: "203.0.113.1", to: port)
            }
            #expect(visits.prefix(4).allSatisfy { path.isForServers ? $0 == 401 : $0 < 300 })
            #expect(visits.contains(429))
            let keyed = try (0..<7).map { number in
                try Self.send(
                    path,
                    ["authorization: Bearer 0123456789abcdef"],
                    from: "203.0.113.\(20 + number)",
                    to: port
                )
            }
            #expect(keyed.contains(429))
            let guesses = try (0..<7).map { number in
                try Self.send(path, ["authorization: Bearer guess-\(number)"], from: "203.0.113.40", to: port)
            }
            #expect(guesses.contains(429) && guesses.allSatisfy { $0 == 401 || $0 == 429 })
        }
    }

    @Test(arguments: others) func otherPathsBringNoEvents(path: String) async throws {
        try await CollectorScene.run(Self.configuration) { port, log in
            for method in ["GET", "POST"] {
                let request = Path(client: .gtag, path: path, method: method, query: "?\(Self.hit)", body: "")
                _ = try Self.send(request, ["origin: https://shop.example"], from: "203.0.113.1", to: port)
            }
            #expect(log.submissions.isEmpty)
        }
    }

    @Test func everyProtocolIsListed() {
        #expect(Set(Self.paths.map(\.client)) == Set(SourceConfiguration.Client.allCases))
    }

    @Test func everyPathInTheSourcesIsListed() throws {
        let sources = "\(Installation.repository())/Sources"
        let folders = ["RelaisIngest", "RelaisServer/Collector", "RelaisServer/Ingest", "RelaisServer/Scripts"]
        let listed = Self.paths.map(\.path) + Self.others + Self.noPaths
        var found = 0
        for file in folders.flatMap({ TemporaryDirectory.files(below: "\(sources)/\($0)") })
        where file.hasSuffix(".swift") {
            for match in TemporaryDirectory.text(of: file).matches(of: /"(\/[A-Za-z_][A-Za-z0-9_.\/-]*)"/) {
                let literal = String(match.output.1)
                found += 1
                let isListed = listed.contains { $0 == literal || $0.hasSuffix(literal) }
                #expect(
                    isListed,
                    "\(literal) in \(file): list it here, so that limits, origins and keys are tested on it"
                )
            }
        }
        #expect(found > 20)
    }
}
