import Foundation
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisServer

@Suite struct DoctorTests {
    private static let relay = "t.shop.example"
    private static let page = "shop.example"

    private static func host(_ name: String, _ canonical: String? = nil, _ addresses: [String]) -> ResolvedHost {
        ResolvedHost(name: name, canonical: canonical, addresses: addresses)
    }

    // MARK: Safari

    struct SafariCase: CustomTestStringConvertible {
        var testDescription: String
        var relay: ResolvedHost
        var page: ResolvedHost
        var domain: String? = "shop.example"
        var outcome: SafariRule.Outcome
    }

    @Test(arguments: [
        SafariCase(
            testDescription: "the page's own host",
            relay: host("shop.example", nil, ["192.0.2.1"]),
            page: host("shop.example", nil, ["198.51.100.1"]),
            outcome: .kept
        ),
        SafariCase(
            testDescription: "the same /16",
            relay: host(relay, nil, ["198.51.7.9"]),
            page: host(page, nil, ["198.51.100.1"]),
            outcome: .kept
        ),
        SafariCase(
            testDescription: "another /16",
            relay: host(relay, nil, ["198.52.100.1"]),
            page: host(page, nil, ["198.51.100.1"]),
            outcome: .cut
        ),
        SafariCase(
            testDescription: "the same /64",
            relay: host(relay, nil, ["2001:db8:1:2::9"]),
            page: host(page, nil, ["2001:db8:1:2:ffff::1"]),
            outcome: .kept
        ),
        SafariCase(
            testDescription: "another /64",
            relay: host(relay, nil, ["2001:db8:1:3::1"]),
            page: host(page, nil, ["2001:db8:1:2::1"]),
            outcome: .cut
        ),
        SafariCase(
            testDescription: "one of two addresses elsewhere",
            relay: host(relay, nil, ["198.51.100.2", "2001:db8::1"]),
            page: host(page, nil, ["198.51.100.1"]),
            outcome: .cut
        ),
        SafariCase(
            testDescription: "a CNAME to another site",
            relay: host(relay, "edge.cloud.example", ["198.51.100.1"]),
            page: host(page, nil, ["198.51.100.1"]),
            outcome: .cut
        ),
        SafariCase(
            testDescription: "a CNAME within the site",
            relay: host(relay, "edge.shop.example", ["198.51.100.1"]),
            page: host(page, nil, ["198.51.100.1"]),
            outcome: .kept
        ),
        SafariCase(
            testDescription: "the page's own CNAME",
            relay: host(relay, "edge.cloud.example", ["198.51.100.1"]),
            page: host("www.shop.example", "edge.cloud.example", ["198.51.100.1"]),
            outcome: .kept
        ),
        SafariCase(
            testDescription: "another site",
            relay: host("relay.example", nil, ["198.51.100.1"]),
            page: host(page, nil, ["198.51.100.1"]),
            domain: nil,
            outcome: .blocked
        ),
    ])
    func safariKeepsCookiesByNamesAndAddresses(_ one: SafariCase) {
        #expect(SafariRule(relay: one.relay, page: one.page, domain: one.domain).outcome == one.outcome)
    }

    // MARK: A relay

    /// A relay, what stands before it, and the clocks.
    private struct Outside {
        var answer = CookieCheckAnswer(
            host: relay,
            site: "shop",
            cookieDomain: "shop.example",
            sets: true,
            isSecure: true,
            cameBack: false,
            timeMillis: 1_000_000
        )
        var transport = TransportError.none
        var passesSetCookie = true
        var passesCookie = true

        func respond(to request: HTTPRequest) -> HTTPResponse {
            guard transport == .none else { return HTTPResponse(transport: transport) }
            var answer = answer
            answer.cameBack = passesCookie && request.headers.contains { $0.name == "Cookie" }
            let cookie = HTTPRequest.Header(name: "set-cookie", value: "relais_check=1; Max-Age=60")
            return HTTPResponse(
                transport: .none,
                status: 200,
                headers: passesSetCookie ? [cookie] : [],
                body: answer.json
            )
        }

        func examine(_ url: String = "https://t.shop.example") async throws -> [String: DoctorReport.Status] {
            var checkup = RelayCheckup(
                url: try #require(RelayURL(url)),
                origin: "https://shop.example",
                send: { respond(to: $0) },
                clock: ManualClock(micros: 1_000_000_000)
            )
            await checkup.run()
            return checkup.report.worst
        }
    }

    @Test func aRelayWhoseCookiesComeBackIsWell() async throws {
        #expect(try await Outside().examine() == ["relay": .ok, "clock": .ok, "cookies": .ok])
    }

    @Test func whatStandsBeforeARelayShows() async throws {
        var outside = Outside()
        outside.passesCookie = false
        #expect(try await outside.examine()["cookies"] == .problem)
        outside = Outside()
        outside.passesSetCookie = false
        #expect(try await outside.examine()["cookies"] == .problem)
        outside = Outside()
        outside.answer.host = "127.0.0.1"
        #expect(try await outside.examine()["cookies"] == .problem)
        outside = Outside()
        outside.answer.isSecure = false
        #expect(try await outside.examine()["cookies"] == .problem)
        outside = Outside()
        outside.answer.site = nil
        #expect(try await outside.examine()["cookies"] == .problem)
        outside = Outside()
        outside.answer.sets = false
        #expect(try await outside.examine()["cookies"] == .problem)
    }

    @Test func whatCannotBeReachedIsSaid() async throws {
        for (transport, check) in [(TransportError.tls, "tls"), (.dns, "relay"), (.connect, "relay")] {
            var outside = Outside()
            outside.transport = transport
            #expect(try await outside.examine() == [check: .problem])
        }
        #expect(try await Outside().examine("http://t.shop.example")["relay"] == .problem)
    }

    @Test(arguments: [(Int64(4), DoctorReport.Status.ok), (-10, .advice), (90, .problem)])
    func clocksThatDifferAreSaid(_ seconds: Int64, _ status: DoctorReport.Status) async throws {
        var outside = Outside()
        outside.answer.timeMillis += seconds * 1000
        #expect(try await outside.examine()["clock"] == status)
    }

    @Test(arguments: [
        "", "t.example.com", "ftp://t.example.com", "https://", "https://t.example.com/?a", "https://a b",
    ])
    func whatIsNoURLIsNone(_ text: String) { #expect(RelayURL(text) == nil) }

    // MARK: An installation

    @Test func aStateFolderThatOthersCanReadMustBeMended() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            state: state
            plugins: { directory: . }
            sites: { shop: { domains: [shop.example] } }
            sources: { web: { clients: [relais] } }
            """,
            to: "relais.yaml"
        )
        func statuses() -> [String: DoctorReport.Status] {
            var checkup = InstallationCheckup(configurationPath: path, environment: [:], now: 0)
            _ = checkup.run()
            return checkup.report.worst
        }
        #expect(statuses()["state"] == .advice)
        _ = try CookieKeyFile.key(in: directory.file("state"))
        #expect(statuses()["state"] == .ok)
        let key = directory.file("state/identity.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        #expect(statuses()["state"] == .problem)
        #expect(statuses()["disk"] == .ok)
        try directory.write("sites: 1", to: "relais.yaml")
        #expect(statuses() == ["configuration": .problem])
    }
}

extension DoctorReport {
    /// The worst status of each check.
    fileprivate var worst: [String: Status] {
        var worst: [String: Status] = [:]
        for status in [Status.ok, .advice, .problem] {
            for finding in findings where finding.status == status { worst[finding.check] = status }
        }
        return worst
    }
}
