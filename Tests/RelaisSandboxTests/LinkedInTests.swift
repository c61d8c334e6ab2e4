import Testing

@testable import RelaisSandbox

@Suite struct LinkedInTests {
    private static let now = Clock.seconds * 1_000
    static let headers = [
        "content-type": "application/json", "authorization": "Bearer AQXtoken", "linkedin-version": "202609",
        "x-restli-protocol-version": "2.0.0", "x-restli-method": "BATCH_CREATE",
    ]

    private func post(
        _ body: String,
        _ change: [String: String] = [:],
        method: String = "POST",
        path: String = "/rest/conversionEvents"
    ) -> VendorReply {
        let merged = Self.headers.merging(change) { $1 }.filter { !$0.value.isEmpty }
        let request = SimulatedRequest(
            method: method,
            path: "/api.linkedin.com\(path)",
            headers: merged.map { HeaderLine($0.key, $0.value) },
            body: Array(body.utf8)
        )
        return LinkedInSimulator().receive(request, at: Clock.circumstances)
    }

    private static let good = """
        {"conversion":"urn:lla:llaPartnerConversion:111","conversionHappenedAt":\(now - 1_000),
        "conversionValue":{"currencyCode":"EUR","amount":"19.90"},
        "user":{"userIds":[{"idType":"PLAINTEXT_IP_ADDRESS","idValue":"203.0.113.9"}]},"eventId":"evt-1"}
        """

    private func changed(_ patch: String) throws -> String {
        try JSONValue.parse(Self.good).merging(try JSONValue.parse(patch)).text
    }

    private func batch(_ elements: String...) -> String { #"{"elements":[\#(elements.joined(separator: ","))]}"# }

    private func message(_ reply: VendorReply) -> String { reply.answer.json?["message"]?.string ?? "" }

    @Test func aBatchIsAnsweredElementByElement() {
        let reply = post(batch(Self.good, Self.good))
        #expect(reply.answer.status == 200)
        #expect(reply.answer.json?.text == #"{"elements":[{"status":201},{"status":201}]}"#)
        #expect(reply.accepted)
        #expect(reply.problems == [])
        #expect(reply.events.map(\.id) == ["evt-1", "evt-1"])
        #expect(reply.events.map(\.name) == Array(repeating: "urn:lla:llaPartnerConversion:111", count: 2))
    }

    @Test func aSingleEventIsAnsweredWithNothing() {
        let reply = post(Self.good, ["x-restli-method": ""])
        #expect(reply.answer.status == 201)
        #expect(reply.answer.body.isEmpty)
        #expect(reply.accepted)
    }

    @Test func aRepeatIsTheSameIdInTheSameRule() throws {
        let other = try changed(#"{"conversion":"urn:lla:llaPartnerConversion:112"}"#)
        let keys = post(batch(Self.good, Self.good, other)).events.map(\.duplicateKey?.text)
        #expect(keys[0] == keys[1])
        #expect(keys[0] != keys[2])
        let without = try changed(#"{"eventId":null}"#)
        #expect(post(batch(without)).events.first?.duplicateKey == nil)
    }

    @Test(arguments: [
        (["linkedin-version": ""], 400, "A version must be present"), (["linkedin-version": "202411"], 426, "202411"),
        (["linkedin-version": "202613"], 426, "not active"), (["linkedin-version": "latest"], 426, "not active"),
        (["x-restli-protocol-version": "1.0.0"], 400, "protocol"), (["authorization": ""], 401, "Empty"),
        (["authorization": "AQXtoken"], 401, "Empty"), (["authorization": "Bearer revoked"], 401, "revoked"),
        (["authorization": "Bearer expired"], 401, "expired"), (["authorization": "Bearer invalid"], 401, "Invalid"),
        (["authorization": "Bearer no-permission"], 403, "Not enough permissions"),
        (["content-type": "text/plain"], 400, "Could not read"),
    ])
    func headersAreChecked(change: [String: String], status: Int, words: String) {
        let reply = post(batch(Self.good), change)
        #expect(reply.answer.status == status)
        #expect(message(reply).contains(words))
        #expect(!reply.accepted)
    }

    @Test func theGatewaySaysThatItIsOne() {
        let missing = post(batch(Self.good), ["linkedin-version": ""]).answer
        #expect(missing.headers.value("x-restli-gateway-error") == "true")
        #expect(missing.json?["code"]?.string == "VERSION_MISSING")
        let revoked = post(batch(Self.good), ["authorization": "Bearer revoked"]).answer
        #expect(revoked.json?["serviceErrorCode"]?.number?.integer == 65_601)
        #expect(revoked.json?["code"]?.string == "REVOKED_ACCESS_TOKEN")
    }

    @Test(arguments: [
        (#"{"conversion":null}"#, "/conversion :: field is required but not found and has no default value"),
        (#"{"conversion":"urn:li:conversion:1"}"#, "Invalid Urn format. Invalid prefix."),
        (#"{"conversion":"urn:lla:llaPartnerConversion:x"}"#, "Invalid Urn format"),
        (#"{"conversionHappenedAt":null}"#, "/conversionHappenedAt :: field is required"),
        (#"{"conversionHappenedAt":"soon"}"#, "soon cannot be coerced to Long"),
        (#"{"conversionValue":{"amount":19.9}}"#, "/conversionValue/amount :: 19.9 cannot be coerced to String"),
        (#"{"conversionValue":{"amount":null}}"#, "/conversionValue/amount :: field is required"),
        (#"{"conversionValue":{"currencyCode":null}}"#, "/conversionValue/currencyCode :: field is required"),
        (#"{"conversionValue":{"value":"1"}}"#, "/conversionValue/value :: unrecognized field found but not allowed"),
        (#"{"user":null}"#, "/user :: field is required"),
        (#"{"user":{"userIds":null}}"#, "/user/userIds :: field is required"),
        (#"{"user":{"userIds":[]}}"#, "/user :: at least one of"),
        (#"{"user":{"userIds":[{"idType":"PHONE","idValue":"1"}]}}"#, #""PHONE" is not an enum symbol"#),
        (#"{"user":{"userIds":[{"idType":"GOOGLE_AID"}]}}"#, "/user/userIds/0/idValue :: field is required"),
        (#"{"user":{"userInfo":{"firstName":"A"}}}"#, "/user/userInfo/lastName :: field is required"),
        (
            #"{"user":{"userInfo":{"phone":"1","firstName":"A","lastName":"B"}}}"#,
            "/user/userInfo/phone :: unrecognized"
        ),
        (#"{"user":{"lead":"7"}}"#, "/user/lead"), (#"{"user":{"externalIds":[1]}}"#, "/user/externalIds/0"),
        (#"{"eventId":7}"#, "/eventId :: 7 cannot be coerced to String"),
        (#"{"event_name":"x"}"#, "/event_name :: unrecognized field found but not allowed"),
        (#"{"url":"https://a.example"}"#, "/url :: unrecognized field found but not allowed"),
    ])
    func theSchemaIsStrict(patch: String, words: String) throws {
        let reply = post(batch(Self.good, try changed(patch)))
        #expect(reply.answer.status == 422)
        #expect(message(reply).hasPrefix("Index: 1, ERROR :: /"))
        #expect(message(reply).contains(words), "\(message(reply))")
        let single = post(try changed(patch), ["x-restli-method": ""])
        #expect(message(single).hasPrefix("ERROR :: /"))
    }

    @Test func everyErrorOfEveryElementIsTold() throws {
        let bad = try changed(#"{"eventId":7,"x":1}"#)
        let text = message(post(batch(bad, Self.good, bad)))
        #expect(text.split(separator: "\n").count == 4)
        #expect(text.contains("\nIndex: 2, ERROR :: /x"))
    }

    @Test(arguments: [
        ("404111", 403, "No ad accounts found"), ("405111", 400, "should be CONVERSIONS_API, indices [1] (0-indexed)"),
    ])
    func rulesAreChecked(id: String, status: Int, words: String) throws {
        let reply = post(
            batch(Self.good, try changed(#"{"conversion":"urn:lla:llaPartnerConversion:\#(id)"}"#))
        )
        #expect(reply.answer.status == status)
        #expect(message(reply).contains(words))
    }

    @Test(
        arguments: [(1, false), (0, true), (-90 * 86_400_000, true), (-90 * 86_400_000 - 1, false)] as [(Int64, Bool)]
    )
    func theTimeIsWithinNinetyDays(offset: Int64, isTaken: Bool) throws {
        let reply = post(batch(Self.good, try changed(#"{"conversionHappenedAt":\#(Self.now + offset)}"#)))
        #expect(reply.answer.status == (isTaken ? 200 : 400))
        if !isTaken { #expect(message(reply).contains("indices [1] (0-indexed).")) }
    }

    @Test(arguments: [
        (#"{"conversionValue":{"currencyCode":"EUX"}}"#, "ISO 4217"),
        (#"{"conversionValue":{"amount":"1e2"}}"#, "decimal"),
        (#"{"eventId":null}"#, "no eventId"),
        (#"{"user":{"userIds":[{"idType":"SHA256_EMAIL","idValue":"jane@example.com"}]}}"#, "SHA-256"),
        (#"{"user":{"userIds":[{"idType":"PLAINTEXT_IP_ADDRESS","idValue":"2001:db8::1"}]}}"#, "IPv4"),
        (#"{"user":{"externalIds":["a","b"]}}"#, "only the first"),
        (#"{"user":{"userInfo":{"firstName":"","lastName":"B","countryCode":"fr"}}}"#, "countryCode"),
    ])
    func whatIsTakenInVainIsAProblem(patch: String, words: String) throws {
        let reply = post(batch(try changed(patch)))
        #expect(reply.answer.status == 200, "\(message(reply))")
        #expect(reply.problems.contains { $0.contains(words) }, "\(reply.problems)")
    }

    @Test func otherCallsAreRefused() {
        #expect(post(batch(Self.good), path: "/rest/conversions").answer.status == 404)
        #expect(post(batch(Self.good), method: "PUT").answer.status == 405)
        #expect(post("{").answer.status == 400)
        #expect(post(#"{"elements":7}"#).answer.status == 400)
        #expect(post(batch("7")).answer.status == 422)
    }

    @Test func moreThanFiveThousandAreTooMany() {
        let body = #"{"elements":[\#(Array(repeating: "{}", count: 5_001).joined(separator: ","))]}"#
        let reply = post(body)
        #expect(reply.answer.status == 400)
        #expect(message(reply).contains("5001"))
    }
}
