import Testing

@testable import RelaisSandbox

@Suite struct MetaCheckTests {
    private static let hash = "8830eedd6c6b5ea97d181563a349476ca1bb25ace1f94b5c5e48d9cad727941b"

    private static let patches: [(MetaCheck, String)] = [
        (.eventName, #"{"event_name":null}"#), (.actionSource, #"{"action_source":"web"}"#),
        (.eventTime, #"{"event_time":"1700000000"}"#), (.eventTimeAge, #"{"event_time":1699395299}"#),
        (.eventTimeFuture, #"{"event_time":1700000200}"#), (.eventSourceUrl, #"{"event_source_url":null}"#),
        (.eventId, #"{"event_id":12}"#), (.eventIdMissing, #"{"event_id":null}"#), (.optOut, #"{"opt_out":"true"}"#),
        (.dataProcessingOptions, #"{"data_processing_options":["CCPA"]}"#),
        (.dataProcessingPlace, #"{"data_processing_options_state":null}"#),
        (.messagingPage, #"{"action_source":"business_messaging"}"#), (.userData, #"{"user_data":null}"#),
        (.messagingChannel, #"{"messaging_channel":"telegram"}"#),
        (.customerSegmentation, #"{"customer_segmentation":"friend"}"#),
        (.originalEvent, #"{"event_name":"AppendValue","original_event_data":{"event_name":"Purchase"}}"#),
        (.deliveryCategory, #"{"custom_data":{"delivery_category":"drone"}}"#),
        (.contentType, #"{"custom_data":{"content_type":"thing"}}"#),
        (.unknownEventKey, #"{"colour":"red"}"#), (.userAgentMissing, #"{"user_data":{"client_user_agent":null}}"#),
        (.hashed, #"{"user_data":{"em":["jane@example.com"]}}"#), (.emptyList, #"{"user_data":{"em":[]}}"#),
        (.externalId, #"{"user_data":{"external_id":[5]}}"#),
        (.clientIpAddress, #"{"user_data":{"client_ip_address":"10.0.0"}}"#),
        (.userText, #"{"user_data":{"client_user_agent":""}}"#), (.userInteger, #"{"user_data":{"lead_id":"x"}}"#),
        (.unknownUserKey, #"{"user_data":{"email":"x"}}"#), (.browserId, #"{"user_data":{"fbp":"fb.1.x.2"}}"#),
        (.customData, #"{"custom_data":7}"#), (.purchaseValue, #"{"custom_data":{"value":null}}"#),
        (.customNumber, #"{"custom_data":{"value":"1"}}"#), (.customText, #"{"custom_data":{"order_id":7}}"#),
        (.currency, #"{"custom_data":{"currency":"XXZ"}}"#), (.numItems, #"{"custom_data":{"num_items":1.5}}"#),
        (.contentIds, #"{"custom_data":{"content_ids":"a"}}"#),
        (.contents, #"{"custom_data":{"contents":[{"quantity":1}]}}"#),
    ]

    private func request(
        _ body: String,
        path: String = "/v26.0/123/events",
        token: String = "EAAtoken",
        type: String = "application/json"
    ) -> SimulatedRequest {
        SimulatedRequest(
            method: "POST",
            path: "/graph.facebook.com\(path)",
            headers: [HeaderLine("content-type", type), HeaderLine("authorization", "Bearer \(token)")],
            body: Array(body.utf8)
        )
    }

    private func breaches() throws -> [Breach<MetaCheck>] {
        let good = try #require(try Fixture.json("meta-request-purchase.json")["data"]?[0])
        func whole(_ event: String, _ more: String = "") -> String { #"{"data":[\#(event)]\#(more)}"# }
        let weak = good.text.replacing(
            /"user_data":\{.*?\},"custom/,
            with: #""user_data":{"ct":"\#(Self.hash)"},"custom"#
        )
        let patched = try Self.patches.map { check, patch in
            Breach(check: check, request: request(whole(good.merging(try JSONValue.parse(patch)).text)))
        }
        return patched + [
            Breach(check: .pathVersion, request: request(whole(good.text), path: "/123/events")),
            Breach(check: .pathEdge, request: request(whole(good.text), path: "/v26.0/123/activities")),
            Breach(check: .token, request: request(whole(good.text), token: "invalid")),
            Breach(check: .tokenAlive, request: request(whole(good.text), token: "revoked")),
            Breach(check: .permission, request: request(whole(good.text), token: "no-permission")),
            Breach(check: .pixel, request: request(whole(good.text), path: "/v26.0/404/events")),
            Breach(check: .quota, request: request(whole(good.text), token: "hour-limit-2"), calls: 3),
            Breach(check: .body, request: request("{")),
            Breach(check: .data, request: request(#"{"data":[]}"#)),
            Breach(check: .eventObject, request: request(whole("5"))),
            Breach(check: .testEventCode, request: request(whole(good.text, #","test_event_code":5"#))),
            Breach(check: .partnerAgent, request: request(whole(good.text, #","partner_agent":"a""#))),
            Breach(check: .unknownParameter, request: request(whole(good.text, #","colour":"red""#))),
            Breach(
                check: .repeatedKey,
                request: request(whole(good.text, #","data":[]"#.replacing("[]", with: "[\(good.text)]")))
            ),
            Breach(check: .weakIdentity, request: request(whole(weak))),
        ]
    }

    @Test func everyCheckBites() throws {
        expectEachCheckToBite(try breaches(), MetaSimulator()) { $0.isOnlyNoted }
    }

    @Test func errorsAreInTheLanguageOfTheTokensOwner() throws {
        let good = try #require(try Fixture.json("meta-request-purchase.json")["data"]?[0])
        let old = good.merging(try JSONValue.parse(#"{"event_time":1}"#)).text
        let call = request(#"{"data":[\#(old)]}"#, token: "EAA-fr_FR")
        let answer = MetaSimulator().receive(call, at: Clock.circumstances).answer
        let recorded = try Fixture.json("meta-answer-too-old.json")["body"]?["error"]
        for name in ["message", "error_user_title", "error_user_msg"] {
            #expect(answer.json?["error"]?[name] == recorded?[name])
        }
    }

    @Test func theUsageHeadersTellWhenCallsAreTakenAgain() throws {
        let good = try #require(try Fixture.json("meta-request-purchase.json")["data"]?[0])
        let call = request(#"{"data":[\#(good.text)]}"#, token: "hour-limit-4")
        func usage(_ calls: Int) throws -> [Int64?] {
            let answer = Breach(check: MetaCheck.quota, request: call, calls: calls).reply(of: MetaSimulator()).answer
            #expect((answer.status == 200) == (calls <= 4))
            let header = try JSONValue.parse(try #require(answer.headers.value("x-business-use-case-usage")))
            return ["call_count", "estimated_time_to_regain_access"].map { header["123"]?[0]?[$0]?.number?.integer }
        }
        #expect(try usage(1) == [25, 0])
        #expect(try usage(4) == [100, 0])
        #expect(try usage(5) == [100, 45])
    }
}
