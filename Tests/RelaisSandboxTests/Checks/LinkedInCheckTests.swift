import Testing

@testable import RelaisSandbox

@Suite struct LinkedInCheckTests {
    private static let good = """
        {"conversion":"urn:lla:llaPartnerConversion:111","conversionHappenedAt":\((Clock.seconds - 1) * 1_000),
        "conversionValue":{"currencyCode":"EUR","amount":"19.90"},
        "user":{"userIds":[{"idType":"PLAINTEXT_IP_ADDRESS","idValue":"203.0.113.9"}]},"eventId":"evt-1"}
        """

    private static let patches: [(LinkedInCheck, String)] = [
        (.required, #"{"user":{"userIds":null}}"#), (.type, #"{"conversionValue":{"amount":19.9}}"#),
        (.unknownField, #"{"url":"https://a.example"}"#), (.urn, #"{"conversion":"urn:li:conversion:1"}"#),
        (.identifierType, #"{"user":{"userIds":[{"idType":"PHONE","idValue":"1"}]}}"#),
        (.identified, #"{"user":{"userIds":[]}}"#),
        (.ruleFound, #"{"conversion":"urn:lla:llaPartnerConversion:404111"}"#),
        (.ruleMethod, #"{"conversion":"urn:lla:llaPartnerConversion:405111"}"#),
        (.window, #"{"conversionHappenedAt":1}"#), (.eventIdMissing, #"{"eventId":null}"#),
        (.eventIdLength, #"{"eventId":"\#(String(repeating: "x", count: 65))"}"#),
        (.currency, #"{"conversionValue":{"currencyCode":"EUX"}}"#),
        (.amount, #"{"conversionValue":{"amount":"1e2"}}"#),
        (.email, #"{"user":{"userIds":[{"idType":"SHA256_EMAIL","idValue":"jane@example.com"}]}}"#),
        (.ipAddress, #"{"user":{"userIds":[{"idType":"PLAINTEXT_IP_ADDRESS","idValue":"2001:db8::1"}]}}"#),
        (.names, #"{"user":{"userInfo":{"firstName":"","lastName":"B"}}}"#),
        (.country, #"{"user":{"userInfo":{"firstName":"A","lastName":"B","countryCode":"fr"}}}"#),
        (.externalIds, #"{"user":{"externalIds":["a","b"]}}"#),
    ]

    private static let headers: [(LinkedInCheck, [String: String])] = [
        (.versionHeader, ["linkedin-version": ""]), (.versionActive, ["linkedin-version": "202510"]),
        (.protocolVersion, ["x-restli-protocol-version": "1.0.0"]), (.token, ["authorization": ""]),
        (.tokenValid, ["authorization": "Bearer revoked"]), (.permission, ["authorization": "Bearer no-permission"]),
        (.body, ["content-type": "text/plain"]),
    ]

    private func request(
        _ element: String = good,
        copies: Int = 1,
        changing change: [String: String] = [:],
        method: String = "POST",
        path: String = "/rest/conversionEvents"
    ) -> SimulatedRequest {
        let elements = Array(repeating: element, count: copies).joined(separator: ",")
        return SimulatedRequest(
            method: method,
            path: "/api.linkedin.com\(path)",
            headers: LinkedInTests.headers.merging(change) { $1 }.filter { !$0.value.isEmpty }
                .map { HeaderLine($0.key, $0.value) },
            body: Array(#"{"elements":[\#(elements)]}"#.utf8)
        )
    }

    private func breaches() throws -> [Breach<LinkedInCheck>] {
        let patched = try Self.patches.map { check, patch in
            let element = try JSONValue.parse(Self.good).merging(try JSONValue.parse(patch))
            return Breach(check: check, request: request(element.text))
        }
        return patched + Self.headers.map { Breach(check: $0, request: request(changing: $1)) } + [
            Breach(check: .quota, request: request(), calls: 601),
            Breach(check: .path, request: request(path: "/rest/conversions")),
            Breach(check: .method, request: request(method: "PUT")),
            Breach(check: .batchSize, request: request("1", copies: 5_001)),
            Breach(
                check: .repeatedField,
                request: request(Self.good.replacing(#""eventId""#, with: #""eventId":"a","eventId""#))
            ),
        ]
    }

    @Test func everyCheckBites() throws {
        expectEachCheckToBite(try breaches(), LinkedInSimulator()) { $0.isOnlyNoted }
    }

    @Test func theDaysLimitIsTheLongest() {
        let call = request(changing: ["authorization": "Bearer day-limit-2-minute-limit-1"])
        let answer = Breach(check: LinkedInCheck.quota, request: call, calls: 3).reply(of: LinkedInSimulator()).answer
        #expect(answer.status == 429)
        #expect(answer.json?["message"]?.string?.contains("DAY") == true)
        #expect(answer.headers.value("retry-after") == nil)
    }
}
