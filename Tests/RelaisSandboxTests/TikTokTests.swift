import Testing

@testable import RelaisSandbox

@Suite struct TikTokTests {
    static let headers = [HeaderLine("content-type", "application/json"), HeaderLine("access-token", "tt-token")]
    private static let hash = "848a771458438fc2ec420560d769fb9b9b86851ee338ec56517baabd79d3bb4f"

    private func post(
        _ body: String,
        method: String = "POST",
        path: String = "/open_api/v1.3/event/track/",
        headers: [HeaderLine] = headers
    ) -> VendorReply {
        let request = SimulatedRequest(
            method: method,
            path: "/business-api.tiktok.com\(path)",
            headers: headers,
            body: Array(body.utf8)
        )
        return TikTokSimulator().receive(request, at: Clock.circumstances)
    }

    private func good() throws -> JSONValue { try Fixture.json("tiktok-request-purchase.json") }

    /// The good request with its event changed, and other members of the body as they are given.
    private func post(event patch: String, body: String = "{}", beside: Int = 0) throws -> VendorReply {
        let request = try good()
        let event = try #require(request["data"]?[0])
        let events = Array(repeating: event, count: beside) + [event.merging(try JSONValue.parse(patch))]
        let whole = request.merging(.object(JSONObject(members: [.init(name: "data", value: .array(events))])))
        return post(whole.merging(try JSONValue.parse(body)).text)
    }

    private func code(_ reply: VendorReply) -> Int64? { reply.answer.json?["code"]?.number?.integer }
    private func message(_ reply: VendorReply) -> String { reply.answer.json?["message"]?.string ?? "" }

    @Test func takesAGoodPurchase() throws {
        let reply = post(try good().text)
        #expect(reply.answer.status == 200)
        #expect(reply.answer.headers.mediaType == "application/json")
        #expect(reply.answer.json?.object?.members.map(\.name) == ["code", "message", "request_id", "data"])
        #expect(code(reply) == 0)
        #expect(message(reply) == "OK")
        #expect(reply.answer.json?["request_id"]?.string?.count == 34)
        #expect(reply.problems == [])
        #expect(reply.accepted)
        #expect(reply.events.map(\.name) == ["Purchase"])
        #expect(reply.events.map(\.id) == ["evt-1"])
    }

    @Test(arguments: [
        (#"{"event":null}"#, "Batch.1.event"), (#"{"event":""}"#, "Batch.1.event"), (#"{"event":5}"#, "Batch.1.event"),
        (#"{"event_time":null}"#, "Batch.1.event_time"), (#"{"event_time":"1700000000"}"#, "Batch.1.event_time"),
        (#"{"event_time":1700000000.5}"#, "Batch.1.event_time"), (#"{"page":null}"#, "Batch.1.page.url"),
        (#"{"page":{"url":null}}"#, "Batch.1.page.url"), (#"{"page":{"url":"shop.example"}}"#, "Batch.1.page.url"),
        (#"{"page":{"referrer":5}}"#, "Batch.1.page.referrer"), (#"{"page":"x"}"#, "Batch.1.page"),
        (#"{"user":[]}"#, "Batch.1.user"), (#"{"properties":"x"}"#, "Batch.1.properties"),
        (#"{"limited_data_use":"true"}"#, "Batch.1.limited_data_use"),
        (#"{"user":{"ip":"10.0.0"}}"#, "Batch.1.user.ip"), (#"{"user":{"email":[]}}"#, "Batch.1.user.email"),
        (#"{"user":{"email":[5]}}"#, "Batch.1.user.email"), (#"{"user":{"ttclid":5}}"#, "Batch.1.user.ttclid"),
        (#"{"properties":{"value":"123.45"}}"#, "Batch.1.properties.value"),
        (#"{"properties":{"currency":"XOF"}}"#, "Batch.1.properties.currency"),
        (#"{"properties":{"num_items":1.5}}"#, "Batch.1.properties.num_items"),
        (#"{"properties":{"order_id":7}}"#, "Batch.1.properties.order_id"),
        (#"{"properties":{"content_ids":[7]}}"#, "Batch.1.properties.content_ids.0"),
        (#"{"properties":{"contents":{}}}"#, "Batch.1.properties.contents"),
        (#"{"properties":{"contents":["a"]}}"#, "Batch.1.properties.contents.0"),
        (#"{"properties":{"contents":[{"content_id":7}]}}"#, "Batch.1.properties.contents.0.content_id"),
        (#"{"properties":{"contents":[{"content_id":"a","price":"1"}]}}"#, "Batch.1.properties.contents.0.price"),
        (#"{"properties":{"contents":[{"content_id":"a","quantity":1.5}]}}"#, "Batch.1.properties.contents.0.quantity"),
    ])
    func refusesTheRequestForOneBadEventWithStatus200(patch: String, path: String) throws {
        let reply = try post(event: patch, beside: 1)
        #expect(reply.answer.status == 200)
        #expect(code(reply) == 40_002)
        #expect(message(reply).hasPrefix("\(path): "), "\(message(reply))")
        #expect(!reply.accepted)
        #expect(reply.events.count == 2)
    }

    @Test func doesNotSayWhichEventHasANumberForAnId() throws {
        let reply = try post(event: #"{"event_id":12}"#, beside: 1)
        #expect(code(reply) == 40_002)
        #expect(!message(reply).contains("Batch"))
    }

    @Test(arguments: [
        #"{"user":{"email":["jane@example.com"]}}"#, #"{"user":{"phone":"+12133734253"}}"#,
        #"{"user":{"external_id":"user_123"}}"#, #"{"user":{"first_name":"mary"}}"#,
        #"{"user":{"zip_code":"0800fc577294c34e0b28ad2839435945"}}"#,
        #"{"user":{"email":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}"#,
    ])
    func refusesPersonalDataThatIsNotHashed(patch: String) throws {
        let reply = try post(event: patch)
        #expect(code(reply) == 40_062)
        #expect(!reply.accepted)
    }

    @Test(arguments: [
        (#"{"event_source":null}"#, "event_source"), (#"{"event_source":"website"}"#, "event_source"),
        (#"{"event_source_id":null}"#, "event_source_id"), (#"{"event_source_id":7}"#, "event_source_id"),
        (#"{"test_event_code":5}"#, "test_event_code"), (#"{"partner_name":""}"#, "partner_name"),
        (#"{"data":null}"#, "data"), (#"{"data":[]}"#, "data"), (#"{"data":[5]}"#, "Batch.0"),
        (#"{"event_source":"crm"}"#, "Batch.0.lead.lead_id"), (#"{"event_source":"app"}"#, "Batch.0.app.app_id"),
    ])
    func refusesABodyWithoutWhatItNeeds(patch: String, path: String) throws {
        let reply = try post(event: "{}", body: patch)
        #expect(code(reply) == 40_002)
        #expect(message(reply).hasPrefix("\(path): "), "\(message(reply))")
    }

    @Test func takesTheEventsOfACRMAndOfAShop() throws {
        let lead = #"{"page":null,"limited_data_use":null,"lead":{"lead_id":"1","lead_event_source":"X"}}"#
        let crm = try post(event: lead, body: #"{"event_source":"crm"}"#)
        #expect(crm.accepted && crm.problems == [])
        let shop = #"{"page":null,"limited_data_use":null,"user":{"external_id":null}}"#
        let offline = try post(event: shop, body: #"{"event_source":"offline"}"#)
        #expect(offline.accepted && offline.problems == [])
    }

    @Test(arguments: [
        (#"{"event_id":null}"#, "event_id"), (#"{"colour":"red"}"#, "colour"), (#"{"user":null}"#, "user"),
        (#"{"event_time":1697580000}"#, "28 days"), (#"{"event_time":1700000000000}"#, "future"),
        (#"{"user":{"e_mail":"x"}}"#, "e_mail"), (#"{"user":{"city":"New York"}}"#, "city"),
        (#"{"user":{"country":"79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"}}"#, "country"),
        (#"{"properties":{"currency":null}}"#, "currency"),
        (#"{"properties":{"content_type":"shoes"}}"#, "content_type"),
        (#"{"properties":{"content_type":null}}"#, "content_type"),
        (#"{"properties":{"contents":[{"price":1}]}}"#, "content_id"),
    ])
    func acceptsInSilenceAndNotesWhatIsUnwise(patch: String, text: String) throws {
        let reply = try post(event: patch)
        #expect(code(reply) == 0)
        #expect(reply.problems.count == 1, "\(reply.problems)")
        #expect(reply.problems.first?.contains(text) == true, "\(reply.problems)")
    }

    @Test(arguments: [
        #"{"user":{"email":"848A771458438FC2EC420560D769FB9B9B86851EE338EC56517BAABD79D3BB4F"}}"#,
        #"{"properties":{"checkin_date":"2026-12-24","value":0}}"#, #"{"event":"DeepScroll","properties":null}"#,
        #"{"event_time":1697580900}"#,
    ])
    func takesWhatLiesWithinTheRules(patch: String) throws {
        let reply = try post(event: patch)
        #expect(reply.accepted)
        #expect(reply.problems == [])
    }

    @Test(
        arguments: [
            (nil, 401, 40_104), ("", 401, 40_104), ("Bearer tt-token", 200, 40_105), ("tt-invalid", 200, 40_105),
            ("tt-revoked", 200, 40_105), ("tt-expired", 200, 40_102), ("tt-no-scope", 200, 40_130),
        ] as [(String?, Int, Int64)]
    )
    func judgesTheToken(token: String?, status: Int, expected: Int64) throws {
        let headers = [Self.headers[0]] + (token.map { [HeaderLine("access-token", $0)] } ?? [])
        let reply = post(try good().text, headers: headers)
        #expect(reply.answer.status == status)
        #expect(code(reply) == expected)
        #expect(!reply.accepted)
    }

    @Test func aPixelOfSomebodyElseIsNotForThisToken() throws {
        let reply = try post(event: "{}", body: #"{"event_source_id":"404PIXEL"}"#)
        #expect(reply.answer.status == 200)
        #expect(code(reply) == 40_001)
    }

    @Test(
        arguments: [
            ("POST", "/open_api/v1.3/event/track", 404, 40_400), ("GET", "/open_api/v1.3/event/track/", 404, 40_400),
            ("POST", "/open_api/v1.3/pixel/track/", 404, 40_400), ("POST", "/v1.3/event/track/", 404, 40_400),
            ("POST", "/open_api/v1.2/event/track/", 200, 40_051), ("POST", "/", 404, 40_400),
        ] as [(String, String, Int, Int64)]
    )
    func judgesThePath(method: String, path: String, status: Int, expected: Int64) throws {
        let reply = post(try good().text, method: method, path: path)
        #expect(reply.answer.status == status)
        #expect(code(reply) == expected)
    }

    @Test func bindsARequestToAThousandEvents() throws {
        func reply(_ count: Int) throws -> VendorReply { try post(event: "{}", beside: count - 1) }
        #expect(code(try reply(1_000)) == 0)
        let tooMany = try reply(1_001)
        #expect(code(tooMany) == 40_002)
        #expect(tooMany.events.count == 1_000)
    }

    @Test(arguments: [("{", "not JSON"), ("[]", "JSON object"), ("", "JSON object")])
    func refusesBodiesThatAreNoObject(body: String, text: String) {
        let reply = post(body)
        #expect(code(reply) == 40_002)
        #expect(message(reply).contains(text))
    }

    @Test func readsNoBodyOfAnotherType() throws {
        let headers = [HeaderLine("content-type", "text/plain"), Self.headers[1]]
        #expect(code(post(try good().text, headers: headers)) == 40_002)
    }

    @Test func aRepeatIsKnownBySourceNameAndIdForTwoDays() throws {
        let key = try #require(post(try good().text).events.first?.duplicateKey)
        #expect(key.windowMilliseconds == 172_800_000)
        let others = [
            try post(event: #"{"event_id":"evt-2"}"#), try post(event: #"{"event":"CompletePayment"}"#),
            try post(event: "{}", body: #"{"event_source_id":"C5"}"#),
        ]
        #expect(others.allSatisfy { $0.events.first?.duplicateKey?.text != key.text })
        #expect(try post(event: #"{"event_time":1700000050}"#).events.first?.duplicateKey == key)
    }

    @Test func aRepeatWithoutAnIdIsKnownByItsCookieForFiveMinutes() throws {
        let reply = try post(event: #"{"event_id":null}"#)
        #expect(reply.events.first?.duplicateKey?.windowMilliseconds == 300_000)
        let unknown = try post(event: #"{"event_id":null,"user":{"ttp":null}}"#)
        #expect(unknown.events.first?.duplicateKey == nil)
    }

    @Test(arguments: [
        ("tiktok-answer-accepted.json", "{}", "{}"),
        ("tiktok-answer-bad-element.json", #"{"properties":{"contents":[{"content_id":1}]}}"#, "{}"),
        ("tiktok-answer-event-id.json", #"{"event_id":1}"#, "{}"),
        ("tiktok-answer-no-permission.json", "{}", #"{"event_source_id":"404SQHT2A1QT375OMG"}"#),
    ])
    func answersAsRecordedFromTheRealAPI(fixture: String, patch: String, body: String) throws {
        let reply = try post(event: patch, body: body)
        let recorded = try Fixture.json(fixture)
        let text = recorded["body"]?["message"]?.string ?? ""
        #expect(Int64(reply.answer.status) == recorded["status"]?.number?.integer)
        #expect(code(reply) == recorded["body"]?["code"]?.number?.integer)
        #expect(message(reply) == text.replacing("BU35TSQHT2A1QT375OMG", with: "404SQHT2A1QT375OMG"))
    }
}
