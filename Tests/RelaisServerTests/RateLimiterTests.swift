import RelaisConfig
import RelaisIngest
import RelaisTestKit
import Testing

@testable import RelaisServer

struct RateLimiterTests {
    private let limiter = RateLimiter()

    private func rules(_ limits: String, proxies: String = "[]") throws -> RateRules {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            sites: { shop: { domains: [shop.example] } }
            sources: { web: { clients: [relais] } }
            trusted_proxies: \(proxies)
            limits: \(limits)
            """,
            to: "relais.yaml"
        )
        return RateRules(configuration: try ConfigurationLoader.load(path: path, environment: [:]))
    }

    private func isTaken(_ address: String, _ rules: RateRules, _ headers: [(String, String)]) -> Bool {
        let request = IncomingRequest(
            method: "POST",
            path: "/v1/events",
            headers: headers.map { IncomingRequest.Header(name: $0.0, value: $0.1) },
            remoteAddress: address,
            receivedMicros: 0
        )
        let known = ["Bearer first": 0, "bearer   first": 0, "Bearer second": 1][request.header("authorization") ?? ""]
        return limiter.excess(of: request, from: Peer(address), rules, knownKey: known, now: 1) == nil
    }

    private func taken(_ count: Int, _ address: String, _ rules: RateRules, _ headers: [(String, String)] = []) -> Int {
        (0..<count).count { _ in isTaken(address, rules, headers) }
    }

    @Test func addressesAreLimitedEachByItself() throws {
        let rules = try rules("{ per_ip: { requests_per_second: 1, burst: 3 } }")
        #expect(taken(5, "203.0.113.7", rules) == 3)
        #expect(taken(5, "203.0.113.8", rules) == 3)
        #expect(taken(5, "2001:db8:1:2::1", rules) == 3)
    }

    @Test func anIPv6NetworkOf64BitsIsOneSender() throws {
        let rules = try rules("{ per_ip: { requests_per_second: 1, burst: 3 } }")
        #expect(taken(3, "2001:db8:1:2::1", rules) == 3)
        #expect(taken(3, "2001:db8:1:2:ffff::9", rules) == 0)
        #expect(taken(3, "2001:db8:1:3::1", rules) == 3)
    }

    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1", "fe80::1", "",
    ])
    func addressesThatAreNotPublicAreNotLimited(address: String) throws {
        #expect(try taken(10, address, rules("{ per_ip: { requests_per_second: 1, burst: 3 } }")) == 10)
    }

    @Test func behindATrustedProxyTheVisitorCounts() throws {
        let limits = "{ per_ip: { requests_per_second: 1, burst: 3 } }"
        let trusting = try rules(limits, proxies: "[198.51.100.1]")
        for visitor in ["203.0.113.20", "203.0.113.21"] {
            #expect(taken(5, "198.51.100.1", trusting, [("x-forwarded-for", visitor)]) == 3)
        }
        let distrusting = try rules(limits)
        #expect(taken(3, "198.51.100.9", distrusting, [("x-forwarded-for", "203.0.113.30")]) == 3)
        #expect(taken(3, "198.51.100.9", distrusting, [("x-forwarded-for", "203.0.113.31")]) == 0)
    }

    @Test func serversAreLimitedByKeyAndNotByAddress() throws {
        let rules = try rules(
            "{ per_ip: { requests_per_second: 1, burst: 3 }, per_key: { requests_per_second: 1, burst: 5 } }"
        )
        #expect(taken(9, "203.0.113.40", rules, [("authorization", "Bearer first")]) == 5)
        #expect(taken(9, "203.0.113.41", rules, [("authorization", "Bearer first")]) == 0)
        #expect(taken(9, "203.0.113.40", rules, [("authorization", "Bearer second")]) == 5)
        #expect(taken(9, "203.0.113.40", rules) == 3)
    }

    @Test func aKeyIsOneSenderHoweverItIsWritten() throws {
        let rules = try rules("{ per_key: { requests_per_second: 1, burst: 5 } }")
        #expect(taken(5, "203.0.113.60", rules, [("authorization", "Bearer first")]) == 5)
        #expect(taken(5, "203.0.113.60", rules, [("authorization", "bearer   first")]) == 0)
    }

    @Test func whoGuessesKeysIsLimitedByAddress() throws {
        let rules = try rules("{ per_ip: { requests_per_second: 1, burst: 3 } }")
        let taken = (0..<9).count { isTaken("203.0.113.61", rules, [("authorization", "Bearer guess-\($0)")]) }
        #expect(taken == 3)
    }

    @Test func keysAreNotLimitedUnlessTheFileSaysSo() throws {
        #expect(try taken(5000, "203.0.113.50", rules("{}"), [("authorization", "Bearer first")]) == 5000)
        #expect(try taken(5000, "203.0.113.51", rules("{}")) == 1000)
        #expect(try taken(5000, "203.0.113.52", rules("{ per_ip: off }")) == 5000)
    }
}
