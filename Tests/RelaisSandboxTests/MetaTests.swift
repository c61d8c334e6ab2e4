import Testing

@testable import RelaisSandbox

@Suite struct MetaTests {
    static let json = [HeaderLine("content-type", "application/json"), HeaderLine("authorization", "Bearer EAAtoken")]

    private func post(
        _ body: String,
        path: String = "/v26.0/123/events",
        query: String = "",
        headers: [HeaderLine] = json
    ) -> VendorReply {
        let request = SimulatedRequest(
            method: "POST",
            path: "/graph.facebook.com\(path)",
            rawQuery: query,
            headers: headers,
            body: Array(body.utf8)
        )
        return MetaSimulator().receive(request, at: Clock.circumstances)
    }

    private func good() throws -> JSONValue {
        try #require(try Fixture.json("meta-request-purchase.json")["data"]?[0])
    }

    private func post(event: JSONValue) -> VendorReply {
        post(#"{"data":[\#(event.text)]}"#)
    }

    @Test func takesAGoodPurchase() throws {
        let reply = post(String(decoding: try Fixture.bytes("meta-request-purchase.json"), as: UTF8.self))
        let recorded = try #require(try Fixture.json("meta-answer-accepted.json")["body"]?.object)
        #expect(reply.answer.status == 200)
        #expect(reply.answer.json?.object?.members.map(\.name) == recorded.members.map(\.name))
        #expect(reply.answer.json?["events_received"]?.number?.integer == 1)
        #expect(reply.answer.json?["messages"] == .array([]))
        #expect(reply.answer.json?["fbtrace_id"]?.string?.count == 23)
        #expect(reply.problems == [])
        #expect(reply.accepted)
        #expect(reply.events.map(\.name) == ["Purchase"])
        #expect(reply.events.map(\.id) == ["evt-1"])
    }

    @Test func sendsUsageHeadersThatAreJSON() throws {
        let reply = post(event: try good())
        let usage = try JSONValue.parse(try #require(reply.answer.headers.value("x-business-use-case-usage")))
        #expect(usage["123"]?[0]?["estimated_time_to_regain_access"]?.number?.integer == 0)
        #expect(try JSONValue.parse(try #require(reply.answer.headers.value("x-app-usage")))["call_count"] != nil)
        #expect(reply.answer.headers.value("facebook-api-version") == "v26.0")
    }

    @Test func takesAFormWhoseElementsAreTexts() throws {
        let wire = try Fixture.json("meta-request-purchase-strings.json")
        let data = try #require(wire["data"]?.text)
        let body = "test_event_code=TEST123&access_token=EAAtoken&data=" + percentEncoded(data)
        let reply = post(body, headers: [HeaderLine("content-type", "application/x-www-form-urlencoded")])
        #expect(reply.answer.status == 200)
        #expect(reply.events.map(\.id) == ["evt-1"])
    }

    private func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }

    @Test(
        arguments: [
            (#"{"event_name":null}"#, nil, "event_name"), (#"{"event_name":""}"#, nil, "event_name"),
            (#"{"event_time":null}"#, nil, "event_time"), (#"{"event_time":"1700000000"}"#, nil, "event_time"),
            (#"{"event_time":1700000000.5}"#, nil, "event_time"), (#"{"event_time":1700000000000}"#, nil, "future"),
            (#"{"event_time":1700000200}"#, nil, "future"), (#"{"event_time":1699395299}"#, 2_804_003, "7 days"),
            (#"{"action_source":"physical_store","event_time":1694643299}"#, 2_804_003, "62 days"),
            (#"{"action_source":null}"#, nil, "action_source"), (#"{"action_source":"web"}"#, nil, "action_source"),
            (#"{"event_source_url":null}"#, nil, "event_source_url"),
            (#"{"event_source_url":"shop.example/x"}"#, nil, "event_source_url"),
            (#"{"event_source_url":"https:///x"}"#, nil, "event_source_url"), (#"{"event_id":12}"#, nil, "event_id"),
            (#"{"event_id":""}"#, nil, "event_id"), (#"{"opt_out":"true"}"#, nil, "opt_out"),
            (#"{"data_processing_options":["CCPA"]}"#, nil, "data_processing_options"),
            (#"{"data_processing_options_state":null}"#, nil, "data_processing_options_country"),
            (#"{"user_data":{"client_ip_address":null}}"#, nil, "client_ip_address"),
            (#"{"messaging_channel":"telegram"}"#, nil, "messaging_channel"),
            (#"{"customer_segmentation":"friend"}"#, nil, "customer_segmentation"),
            (#"{"event_name":"AppendValue"}"#, nil, "original_event_data"),
            (#"{"custom_data":{"delivery_category":"drone"}}"#, nil, "delivery_category"),
            (
                #"{"custom_data":{"contents":[{"id":"a","delivery_category":"drone"}]}}"#, nil,
                "contents.0.delivery_category"
            ),
            (#"{"custom_data":null}"#, 2_804_009, "custom_data.value"),
            (#"{"custom_data":{"value":null}}"#, 2_804_009, "custom_data.value"),
            (#"{"custom_data":{"currency":null}}"#, 2_804_009, "custom_data.currency"),
            (#"{"custom_data":{"value":"123.45"}}"#, nil, "'value'"),
            (#"{"custom_data":{"currency":"XXZ"}}"#, nil, "'currency'"),
            (#"{"custom_data":{"num_items":1.5}}"#, nil, "'num_items'"),
            (#"{"custom_data":{"contents":[{"quantity":1}]}}"#, nil, "'contents'"),
            (#"{"custom_data":{"contents":[{"id":"a","item_price":"1"}]}}"#, nil, "item_price"),
            (#"{"custom_data":{"content_ids":"a"}}"#, nil, "'content_ids'"),
            (#"{"custom_data":{"order_id":7}}"#, nil, "'order_id'"), (#"{"user_data":null}"#, nil, "'user_data'"),
            (#"{"user_data":{"em":["jane@example.com"]}}"#, 2_804_016, "user_data.em"),
            (
                #"{"user_data":{"ph":"254AA248ACB47DD654CA3EA53F48C2C26D641D23D7E2E93A1EC56258DF7674C4"}}"#, 2_804_016,
                "user_data.ph"
            ),
            (#"{"user_data":{"fn":"0800fc577294c34e0b28ad2839435945"}}"#, 2_804_016, "user_data.fn"),
            (
                #"{"user_data":{"ct":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}"#, 2_804_016,
                "empty text"
            ),
            (#"{"user_data":{"em":[]}}"#, nil, "'em'"), (#"{"user_data":{"email":"x"}}"#, nil, "'email'"),
            (#"{"user_data":{"client_ip_address":"10.0.0"}}"#, nil, "client_ip_address"),
            (#"{"user_data":{"client_user_agent":""}}"#, nil, "client_user_agent"),
            (#"{"user_data":{"lead_id":"x"}}"#, nil, "lead_id"),
            (#"{"user_data":{"external_id":[5]}}"#, nil, "external_id"),
            (#"{"action_source":"business_messaging"}"#, 2_804_116, "page_id"),
            (
                #"{"action_source":"business_messaging","user_data":{"page_id":"7"}}"#, nil, "messaging_channel"
            ),
        ] as [(String, Int64?, String)]
    )
    func refusesTheRequestForOneBadEvent(patch: String, subcode: Int64?, text: String) throws {
        let good = try good()
        let bad = good.merging(try JSONValue.parse(patch))
        let reply = post(#"{"data":[\#(good.text),\#(bad.text)]}"#)
        let error = reply.answer.json?["error"]
        #expect(reply.answer.status == 400)
        #expect(error?["code"]?.number?.integer == 100)
        #expect(error?["error_subcode"]?.number?.integer == subcode)
        let message = reply.problems.first ?? ""
        #expect(message.contains("data[1]"), "\(message)")
        #expect(message.contains(text), "\(message)")
        #expect(!reply.accepted)
        #expect(reply.events.count == 2)
    }

    @Test(arguments: [
        "{}", #"{"client_user_agent":"UA"}"#, #"{"client_user_agent":"UA","country":"H","ct":"H"}"#,
        #"{"db":"H","client_user_agent":"UA"}"#, #"{"fn":"H","ge":"H"}"#, #"{"ln":"H"}"#,
    ])
    func refusesIdentitiesThatCannotBeMatched(user: String) throws {
        let hash = "8830eedd6c6b5ea97d181563a349476ca1bb25ace1f94b5c5e48d9cad727941b"
        let data = try JSONValue.parse(user.replacing("\"H\"", with: "\"\(hash)\""))
        let event = try good().merging(.object(JSONObject(members: [.init(name: "user_data", value: .null)])))
        let weak = JSONValue.object(
            JSONObject(members: (event.object?.members ?? []) + [.init(name: "user_data", value: data)])
        )
        let error = post(event: weak).answer.json?["error"]
        #expect(error?["error_subcode"]?.number?.integer == 2_804_050)
    }

    @Test(arguments: [
        #"{"action_source":"physical_store","event_time":1694643300}"#, #"{"event_time":1699395300}"#,
        #"{"event_time":1700000160}"#, #"{"custom_data":{"currency":"EUR","mood":"good"}}"#,
        #"{"action_source":"email","event_source_url":null}"#, #"{"event_name":"Lead","custom_data":null}"#,
        #"{"custom_data":{"value":0}}"#,
    ])
    func takesWhatLiesWithinTheRules(patch: String) throws {
        let reply = post(event: try good().merging(try JSONValue.parse(patch)))
        #expect(reply.answer.status == 200, "\(reply.problems)")
        #expect(reply.problems == [])
    }

    @Test(arguments: [
        (#"{"event_id":null}"#, "event_id"), (#"{"user_data":{"client_user_agent":null}}"#, "client_user_agent"),
        (#"{"user_data":{"fbc":"AbC"}}"#, "fbc"), (#"{"user_data":{"fbp":"fb.1.x.2"}}"#, "fbp"),
        (#"{"colour":"red"}"#, "colour"),
    ])
    func acceptsAndNotesWhatIsUnwise(patch: String, text: String) throws {
        let reply = post(event: try good().merging(try JSONValue.parse(patch)))
        #expect(reply.answer.status == 200)
        #expect(reply.problems.count == 1)
        #expect(reply.problems.first?.contains(text) == true)
    }

    @Test(
        arguments: [
            ("", 401, 190, nil), ("Bearer EAAexpired", 401, 190, 463), ("Bearer revoked-1", 401, 190, 460),
            ("Bearer invalid", 401, 190, nil), ("Bearer a b", 401, 190, nil), ("Basic abc", 401, 190, nil),
            ("Bearer no-permission", 403, 200, nil),
        ] as [(String, Int, Int64, Int64?)]
    )
    func judgesTheToken(header: String, status: Int, code: Int64, subcode: Int64?) throws {
        let headers = [Self.json[0]] + (header.isEmpty ? [] : [HeaderLine("authorization", header)])
        let reply = post(#"{"data":[\#(try good().text)]}"#, headers: headers)
        #expect(reply.answer.status == status)
        #expect(reply.answer.json?["error"]?["code"]?.number?.integer == code)
        #expect(reply.answer.json?["error"]?["error_subcode"]?.number?.integer == subcode)
        #expect(reply.answer.headers.value("www-authenticate") != nil)
        #expect(!reply.accepted)
    }

    @Test func findsTheTokenInQueryAndBody() throws {
        let event = try good().text
        let type = [Self.json[0]]
        #expect(post(#"{"data":[\#(event)]}"#, query: "access_token=EAA", headers: type).accepted)
        #expect(post(#"{"data":[\#(event)],"access_token":"EAA"}"#, headers: type).accepted)
    }

    @Test(
        arguments: [
            ("/123/events", "GET", 400, 100, nil), ("/v26/123/events", "POST", 400, 100, nil),
            ("/v26.0/abc/events", "POST", 400, 100, 33), ("/v26.0/4041/events", "POST", 400, 100, 33),
            ("/v26.0/123/events", "GET", 400, 100, 33), ("/v26.0/123/activities", "POST", 404, 2500, nil),
        ] as [(String, String, Int, Int64, Int64?)]
    )
    func judgesThePath(path: String, method: String, status: Int, code: Int64, subcode: Int64?) {
        let request = SimulatedRequest(
            method: method,
            path: "/graph.facebook.com\(path)",
            headers: Self.json,
            body: Array("{}".utf8)
        )
        let answer = MetaSimulator().receive(request, at: Clock.circumstances).answer
        #expect(answer.status == status)
        #expect(answer.json?["error"]?["code"]?.number?.integer == code)
        #expect(answer.json?["error"]?["error_subcode"]?.number?.integer == subcode)
    }

    @Test func bindsARequestToOneToAThousandEvents() throws {
        let lead = try good().merging(try JSONValue.parse(#"{"event_name":"Lead","custom_data":null}"#)).text
        func reply(_ count: Int) -> VendorReply {
            post("{\"data\":[" + Array(repeating: lead, count: count).joined(separator: ",") + "]}")
        }
        #expect(reply(0).answer.status == 400)
        #expect(reply(1_000).answer.json?["events_received"]?.number?.integer == 1_000)
        #expect(reply(1_001).answer.status == 400)
    }

    @Test(arguments: [
        ("{", "not JSON"), ("[]", "JSON object"), ("{}", "data"), (#"{"data":{}}"#, "data"),
        (#"{"data":[5]}"#, "data[0]"),
    ])
    func refusesBodiesWithoutEvents(body: String, text: String) {
        let reply = post(body)
        #expect(reply.answer.status == 400)
        #expect(reply.problems.first?.contains(text) == true)
    }

    @Test(arguments: [
        #""test_event_code":5"#, #""partner_agent":"a""#, #""partner_agent":"a-name-that-is-far-too-long""#,
    ])
    func refusesWrongParametersBesideTheEvents(parameter: String) throws {
        #expect(post(#"{"data":[\#(try good().text)],\#(parameter)}"#).answer.status == 400)
    }

    @Test func readsNoParametersFromABodyOfAnotherType() throws {
        let headers = [HeaderLine("content-type", "text/plain"), Self.json[1]]
        #expect(post(#"{"data":[\#(try good().text)]}"#, headers: headers).answer.status == 400)
    }

    @Test(arguments: [
        ("meta-answer-too-old.json", #"{"event_time":1}"#, "/v26.0/123/events", "Bearer EAA"),
        ("meta-answer-missing-value.json", #"{"custom_data":{"value":null}}"#, "/v26.0/123/events", "Bearer EAA"),
        ("meta-answer-bad-token.json", "{}", "/v26.0/123/events", "Bearer invalid"),
        ("meta-answer-unknown-pixel.json", "{}", "/v26.0/4041/events", "Bearer EAA"),
    ])
    func answersErrorsAsRecordedFromTheRealAPI(fixture: String, patch: String, path: String, token: String) throws {
        let event = try good().merging(try JSONValue.parse(patch)).text
        let headers = [Self.json[0], HeaderLine("authorization", token)]
        let answer = post(#"{"data":[\#(event)]}"#, path: path, headers: headers).answer
        let recorded = try Fixture.json(fixture)
        let error = try #require(answer.json?["error"]?.object)
        let expected = try #require(recorded["body"]?["error"]?.object)
        #expect(Int64(answer.status) == recorded["status"]?.number?.integer)
        #expect(Set(error.members.map(\.name)) == Set(expected.members.map(\.name)))
        for name in ["code", "error_subcode", "type", "is_transient"] {
            #expect(error[name] == expected[name])
        }
    }

    @Test func refusesAnEventTimeThatIsAText() throws {
        let body = String(decoding: try Fixture.bytes("meta-request-text-time.json"), as: UTF8.self)
        #expect(post(body).problems.first?.contains("event_time") == true)
    }
}
