import Testing

@testable import RelaisSandbox

@Suite struct GA4MeasurementProtocolTests {
    private static let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    private static let good = """
        {"client_id":"1.2","user_id":"u","timestamp_micros":\(Clock.seconds * 1_000_000),
        "user_properties":{"tier":{"value":"gold"}},
        "user_data":{"sha256_email_address":["\(hash)"],"address":{"sha256_first_name":"\(hash)","country":"FR"}},
        "consent":{"ad_user_data":"GRANTED","ad_personalization":"DENIED"},"ip_override":"203.0.113.7",
        "user_agent":"UA","device":{"category":"mobile"},"user_location":{"country_id":"FR"},
        "validation_behavior":"ENFORCE_RECOMMENDATIONS",
        "events":[{"name":"purchase","params":{"session_id":"17","engagement_time_msec":100,"currency":"EUR",
        "value":129.90,"transaction_id":"T1","event_id":"e1","items":[{"item_id":"a","price":1,"quantity":2}]}}]}
        """

    private func reply(
        _ body: String,
        path: String = "/mp/collect",
        query: String = "measurement_id=G-A1&api_secret=s"
    ) -> VendorReply {
        let request = SimulatedRequest(
            method: "POST",
            path: "/www.google-analytics.com\(path)",
            rawQuery: query,
            body: Array(body.utf8)
        )
        return GA4Simulator().receive(request, at: Clock.circumstances)
    }

    private func validationCodes(_ reply: VendorReply) -> [String] {
        (reply.answer.json?["validationMessages"]?.array ?? []).compactMap { $0["validationCode"]?.string }
    }

    @Test func takesAGoodPurchaseWithoutObjection() {
        let reply = reply(Self.good)
        #expect(reply.answer.status == 204)
        #expect(reply.problems == [])
        #expect(reply.events.map(\.name) == ["purchase"])
        #expect(reply.events.map(\.id) == ["e1"])
        #expect(reply.events.first?.duplicateKey?.text == "G-A1 T1")
        #expect(reply.accepted)
    }

    @Test func validatesTheSameBodyWithAnEmptyList() {
        let reply = reply(Self.good, path: "/debug/mp/collect", query: "")
        #expect(reply.answer.status == 200)
        #expect(reply.answer.json == (try? JSONValue.parse(#"{"validationMessages":[]}"#)))
        #expect(!reply.accepted)
        #expect(reply.events.isEmpty)
    }

    @Test(arguments: ["", "nonsense", "[]", "{\"a\":", "\u{FEFF}{}"])
    func answers204ToGarbageAndNotesIt(body: String) {
        let reply = reply(body)
        #expect(reply.answer.status == 204)
        #expect(!reply.accepted)
        #expect(!reply.problems.isEmpty)
    }

    @Test(arguments: [
        (#"{"client_id":null}"#, "VALUE_REQUIRED", "client_id"), (#"{"client_id":5}"#, "VALUE_INVALID", "client_id"),
        (#"{"user_id":null}"#, "VALUE_REQUIRED", "user_id"),
        (#"{"timestamp_micros":1699000000000000}"#, "VALUE_OUT_OF_BOUNDS", "timestamp_micros"),
        (#"{"timestamp_micros":1700000100000}"#, "VALUE_OUT_OF_BOUNDS", "timestamp_micros"),
        (#"{"timestamp_micros":"x"}"#, "VALUE_INVALID", "timestamp_micros"),
        (#"{"user_properties":{"user_id":{"value":"x"}}}"#, "NAME_RESERVED", "user_properties.user_id"),
        (#"{"user_properties":{"ga_x":{"value":"x"}}}"#, "NAME_RESERVED", "user_properties.ga_x"),
        (#"{"user_properties":{"a234567890123456789012345":{"value":"x"}}}"#, "NAME_INVALID", "user_properties.a"),
        (
            #"{"user_properties":{"tier":{"value":"1234567890123456789012345678901234567"}}}"#, "VALUE_OUT_OF_BOUNDS",
            "tier"
        ),
        (#"{"user_properties":{"tier":"gold"}}"#, "VALUE_REQUIRED", "user_properties.tier"),
        (#"{"user_data":{"email":"a@b.example"}}"#, "NAME_INVALID", "user_data.email"),
        (#"{"user_data":{"sha256_email_address":"a@b.example"}}"#, "VALUE_INVALID", "user_data.sha256_email_address"),
        (
            #"{"user_data":{"sha256_phone_number":"\#(HashText.ofEmptyText)"}}"#,
            "VALUE_INVALID", "user_data.sha256_phone_number"
        ),
        (#"{"consent":{"ad_storage":"GRANTED"}}"#, "NAME_INVALID", "consent.ad_storage"),
        (#"{"consent":{"ad_user_data":"granted"}}"#, "VALUE_INVALID", "consent.ad_user_data"),
        (#"{"ip_override":"300.1.1.1"}"#, "VALUE_INVALID", "ip_override"),
        (#"{"device":{"colour":"red"}}"#, "NAME_INVALID", "device.colour"),
        (#"{"validation_behavior":"STRICT"}"#, "VALUE_INVALID", "validation_behavior"),
        (#"{"colour":"red"}"#, "NAME_INVALID", "colour"), (#"{"events":[]}"#, "VALUE_REQUIRED", "events"),
        (#"{"events":{}}"#, "VALUE_INVALID", "events"), (#"{"events":[5]}"#, "VALUE_INVALID", "events"),
        (#"{"events":[{"params":{}}]}"#, "VALUE_REQUIRED", "events.name"),
        (#"{"events":[{"name":"session_start"}]}"#, "NAME_RESERVED", "events.name"),
        (#"{"events":[{"name":"screen_view"}]}"#, "NAME_RESERVED", "events.name"),
        (#"{"events":[{"name":"ga_x"}]}"#, "NAME_RESERVED", "events.name"),
        (#"{"events":[{"name":"1x"}]}"#, "NAME_INVALID", "events.name"),
        (#"{"events":[{"name":"a2345678901234567890123456789012345678901"}]}"#, "NAME_INVALID", "events.name"),
        (#"{"events":[{"name":"x","params":{"firebase_conversion":1}}]}"#, "NAME_RESERVED", "firebase_conversion"),
        (#"{"events":[{"name":"x","params":{"a b":1}}]}"#, "NAME_INVALID", "events.params.a b"),
        (#"{"events":[{"name":"x","params":{"a":{}}}]}"#, "VALUE_INVALID", "events.params.a"),
        (#"{"events":[{"name":"x","params":{"value":1}}]}"#, "VALUE_REQUIRED", "events.params.currency"),
        (
            #"{"events":[{"name":"x","params":{"value":"1,5","currency":"EUR"}}]}"#, "VALUE_INVALID",
            "events.params.value"
        ),
        (#"{"events":[{"name":"x","params":{"currency":"XYZ"}}]}"#, "VALUE_INVALID", "events.params.currency"),
        (#"{"events":[{"name":"purchase","params":{}}]}"#, "VALUE_REQUIRED", "events.params.transaction_id"),
        (#"{"events":[{"name":"purchase","params":{"transaction_id":""}}]}"#, "VALUE_INVALID", "transaction_id"),
        (#"{"events":[{"name":"x","params":{"session_id":"abc"}}]}"#, "VALUE_INVALID", "events.params.session_id"),
        (#"{"events":[{"name":"x","params":{"engagement_time_msec":0}}]}"#, "VALUE_INVALID", "engagement_time_msec"),
        (#"{"events":[{"name":"x","params":{"items":{}}}]}"#, "VALUE_INVALID", "events.params.items"),
        (#"{"events":[{"name":"x","params":{"items":[{"price":1}]}}]}"#, "VALUE_REQUIRED", "events.params.items"),
        (
            #"{"events":[{"name":"x","params":{"items":[{"item_id":"a","price":"1"}]}}]}"#, "VALUE_INVALID",
            "items.price"
        ),
        (#"{"events":[{"name":"x","params":{"a":1,"a":2}}]}"#, "NAME_DUPLICATED", "events.params"),
        (#"{"events":[{"name":"x","timestamp_micros":1}]}"#, "VALUE_OUT_OF_BOUNDS", "events.timestamp_micros"),
    ])
    func reportsEachFaultByItsDocumentedCode(patch: String, code: String, path: String) throws {
        let body = try JSONValue.parse(Self.good).merging(try JSONValue.parse(patch)).text
        let reply = debug(body)
        #expect(validationCodes(reply) == [code])
        #expect(reply.problems.first?.contains(path) == true, "\(reply.problems)")
    }

    @Test func countsEventsParametersPropertiesAndItems() throws {
        let events = Array(repeating: #"{"name":"x"}"#, count: 26).joined(separator: ",")
        #expect(validationCodes(debug(#"{"client_id":"1","events":[\#(events)]}"#)) == ["EXCEEDED_MAX_ENTITIES"])
        let parameters = (0..<26).map { #""p\#($0)":1"# }.joined(separator: ",")
        let crowded = #"{"client_id":"1","events":[{"name":"x","params":{\#(parameters)}}]}"#
        #expect(validationCodes(debug(crowded)) == ["EXCEEDED_MAX_ENTITIES"])
        let items = Array(repeating: #"{"item_id":"a"}"#, count: 201).joined(separator: ",")
        let long = #"{"client_id":"1","events":[{"name":"x","params":{"items":[\#(items)]}}]}"#
        #expect(validationCodes(debug(long)) == ["EXCEEDED_MAX_ENTITIES"])
        let properties = (0..<26).map { #""p\#($0)":{"value":1}"# }.joined(separator: ",")
        #expect(
            validationCodes(debug(#"{"client_id":"1","user_properties":{\#(properties)}}"#)) == [
                "EXCEEDED_MAX_ENTITIES"
            ]
        )
    }

    private func debug(_ body: String) -> VendorReply {
        reply(body, path: "/debug/mp/collect")
    }

    @Test func measuresTextsButNotPageAddresses() {
        let text = String(repeating: "x", count: 101)
        let short = #"{"client_id":"1","events":[{"name":"x","params":{"a":"\#(text)"}}]}"#
        #expect(validationCodes(debug(short)) == ["VALUE_OUT_OF_BOUNDS"])
        let page = #"{"client_id":"1","events":[{"name":"x","params":{"page_location":"https://\#(text)"}}]}"#
        #expect(validationCodes(debug(page)) == [])
    }

    @Test func toleratesOldEventsAndUnknownFieldsUnlessRecommendationsAreEnforced() {
        let body = #"{"client_id":"1","colour":1,"timestamp_micros":1,"events":[{"name":"x"}]}"#
        #expect(validationCodes(debug(body)) == [])
        #expect(reply(body).problems.count == 2)
    }

    @Test func refusesBodiesOf130Kilobytes() {
        let title = String(repeating: "x", count: 130_000)
        let body =
            #"{"client_id":"1","events":[{"name":"x","params":{"page_title":"\#(title)"}}]}"#
        #expect(validationCodes(debug(body)) == ["VALUE_OUT_OF_BOUNDS"])
    }

    @Test(arguments: [
        ("measurement_id=G-A1", "api_secret"), ("api_secret=s", "measurement_id"),
        ("api_secret=s&measurement_id=A1", "measurement_id"),
        ("api_secret=s&measurement_id=G-A1&firebase_app_id=1:2", "measurement_id"),
    ])
    func notesWhatIsWrongWithTheQuery(query: String, name: String) {
        let body = #"{"client_id":"1","app_instance_id":"1","events":[{"name":"x"}]}"#
        let reply = reply(body, query: query)
        #expect(reply.answer.status == 204)
        #expect(reply.problems.count == 1)
        #expect(reply.problems.first?.contains(name) == true)
    }

    @Test func readsAppStreamsByTheirOwnRules() {
        let body = #"{"app_instance_id":"1","events":[{"name":"screen_view"}]}"#
        #expect(reply(body, query: "firebase_app_id=1:2&api_secret=s").problems == [])
    }
}
