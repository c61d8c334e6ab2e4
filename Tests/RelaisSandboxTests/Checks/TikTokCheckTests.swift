import Testing

@testable import RelaisSandbox

@Suite struct TikTokCheckTests {
    private static let ofTheEvent: [(TikTokCheck, String)] = [
        (.event, #"{"event":""}"#), (.eventTime, #"{"event_time":"1700000000"}"#),
        (.eventTimeAge, #"{"event_time":1697580000}"#), (.eventTimeFuture, #"{"event_time":1700000000000}"#),
        (.eventId, #"{"event_id":12}"#), (.eventIdMissing, #"{"event_id":null}"#), (.page, #"{"page":{"url":"shop"}}"#),
        (.limitedDataUse, #"{"limited_data_use":"true"}"#), (.hashed, #"{"user":{"phone":"+12133734253"}}"#),
        (.emptyList, #"{"user":{"email":[]}}"#), (.userText, #"{"user":{"ttclid":5}}"#),
        (.ipAddress, #"{"user":{"ip":"10.0.0"}}"#), (.identified, #"{"user":null}"#),
        (.clearForm, #"{"user":{"city":"New York"}}"#), (.eventObject, #"{"properties":"x"}"#),
        (.clickIdLength, #"{"user":{"ttclid":"\#(String(repeating: "x", count: 1_001))"}}"#),
        (.unknownKey, #"{"user":{"e_mail":"x"}}"#), (.number, #"{"properties":{"value":"123.45"}}"#),
        (.text, #"{"properties":{"order_id":7}}"#), (.currency, #"{"properties":{"currency":"XOF"}}"#),
        (.valueCurrency, #"{"properties":{"currency":null}}"#), (.contentIds, #"{"properties":{"content_ids":[7]}}"#),
        (.contents, #"{"properties":{"contents":[{"content_id":7}]}}"#),
        (.contentId, #"{"properties":{"contents":[{"price":1}]}}"#),
        (.contentType, #"{"properties":{"content_type":"shoes"}}"#),
    ]

    private static let ofTheBody: [(TikTokCheck, String)] = [
        (.eventSource, #"{"event_source":"website"}"#), (.eventSourceId, #"{"event_source_id":7}"#),
        (.testEventCode, #"{"test_event_code":5}"#), (.partnerName, #"{"partner_name":""}"#),
        (.data, #"{"data":[]}"#), (.lead, #"{"event_source":"crm"}"#), (.app, #"{"event_source":"app"}"#),
        (.pixel, #"{"event_source_id":"404PIXEL"}"#), (.wrongSource, #"{"event_source":"offline"}"#),
    ]

    private func request(
        _ body: String,
        path: String = "/open_api/v1.3/event/track/",
        token: String = "tt-token"
    ) -> SimulatedRequest {
        SimulatedRequest(
            method: "POST",
            path: "/business-api.tiktok.com\(path)",
            headers: [HeaderLine("content-type", "application/json"), HeaderLine("access-token", token)],
            body: Array(body.utf8)
        )
    }

    private func breaches() throws -> [Breach<TikTokCheck>] {
        let good = try Fixture.json("tiktok-request-purchase.json")
        let event = try #require(good["data"]?[0])
        let events = try Self.ofTheEvent.map { check, patch in
            let data = JSONValue.array([event.merging(try JSONValue.parse(patch))])
            let whole = good.merging(.object(JSONObject(members: [.init(name: "data", value: data)])))
            return Breach(check: check, request: request(whole.text))
        }
        let bodies = try Self.ofTheBody.map { check, patch in
            Breach(check: check, request: request(good.merging(try JSONValue.parse(patch)).text))
        }
        return events + bodies + [
            Breach(check: .route, request: request(good.text, path: "/open_api/v1.3/event/track")),
            Breach(check: .version, request: request(good.text, path: "/open_api/v1.2/event/track/")),
            Breach(check: .tokenPresent, request: request(good.text, token: "")),
            Breach(check: .token, request: request(good.text, token: "Bearer tt")),
            Breach(check: .tokenAlive, request: request(good.text, token: "expired")),
            Breach(check: .scope, request: request(good.text, token: "no-scope")),
            Breach(check: .quota, request: request(good.text), calls: 1_001),
            Breach(check: .body, request: request("{")),
            Breach(
                check: .repeatedKey,
                request: request(
                    #"{"partner_name":"a","# + good.text.dropFirst().replacing("]}", with: "],\"partner_name\":\"b\"}")
                )
            ),
        ]
    }

    @Test func everyCheckBites() throws {
        expectEachCheckToBite(try breaches(), TikTokSimulator()) { $0.isOnlyNoted }
    }

    @Test func theDaysLimitSaysThatItIsTheDays() throws {
        let good = try Fixture.json("tiktok-request-purchase.json").text
        func message(_ token: String) -> String? {
            Breach(check: TikTokCheck.quota, request: request(good, token: token), calls: 3)
                .reply(of: TikTokSimulator()).answer.json?["message"]?.string
        }
        #expect(message("tt-day-limit-2")?.contains("QPD") == true)
        #expect(message("tt-minute-limit-2")?.contains("QPD") == false)
    }
}
