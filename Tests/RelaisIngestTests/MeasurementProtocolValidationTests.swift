import RelaisEvent
import RelaisIngest
import Testing

@Suite struct MeasurementProtocolValidationTests {
    private static let good = """
        {"client_id":"1.2","user_id":"u","timestamp_micros":1795445300000000,\
        "user_properties":{"plan":{"value":"gold","timestamp_micros":1795445300000000}},\
        "user_data":{"sha256_email_address":"\(MeasurementProtocolClientTests.hash)"},\
        "consent":{"ad_user_data":"GRANTED"},"ip_override":"203.0.113.9","device":{"category":"mobile"},\
        "user_location":{"country_id":"FR","continent_id":"150"},"validation_behavior":"ENFORCE_RECOMMENDATIONS",\
        "events":[{"name":"purchase","params":{"session_id":"17","engagement_time_msec":100,"currency":"EUR",\
        "value":1.5,"transaction_id":"T1","items":[{"item_id":"a","price":1,"quantity":2}]}}]}
        """

    private func messages(_ body: String, query: String = "measurement_id=G-SHOP1&api_secret=x") throws
        -> [ValidationMessage]
    {
        let request = MeasurementProtocolClientTests.request(body, path: "/debug/mp/collect", query: query)
        return try #require(MeasurementProtocolClient().validate(request, limits: DecodingLimits()))
    }

    @Test func onlyTheDebugPathValidates() {
        let client = MeasurementProtocolClient()
        let request = MeasurementProtocolClientTests.request(Self.good)
        #expect(client.validate(request, limits: DecodingLimits()) == nil)
        #expect(GtagClient().validate(hitRequest("v=2"), limits: DecodingLimits()) == nil)
    }

    @Test func aFlawlessBodyHasNoMessages() throws { #expect(try messages(Self.good) == []) }

    @Test(arguments: [
        ("nonsense", "", "VALUE_INVALID"), ("[]", "", "VALUE_INVALID"), ("{}", "client_id", "VALUE_REQUIRED"),
        (#"{"client_id":5}"#, "client_id", "VALUE_INVALID"), (#"{"user_id":""}"#, "user_id", "VALUE_INVALID"),
        (#"{"clientid":"1.2"}"#, "clientid", "NAME_INVALID"),
        (#"{"client_id":"1","client_id":"2"}"#, "", "NAME_DUPLICATED"),
        (#"{"app_instance_id":"a"}"#, "app_instance_id", "VALUE_INVALID"),
        (#"{"timestamp_micros":1795445300000}"#, "timestamp_micros", "VALUE_OUT_OF_BOUNDS"),
        (#"{"timestamp_micros":"x"}"#, "timestamp_micros", "VALUE_INVALID"),
        (#"{"validation_behavior":"HARD"}"#, "validation_behavior", "VALUE_INVALID"),
        (
            #"{"validation_behavior":"ENFORCE_RECOMMENDATIONS","timestamp_micros":1795100000000000}"#,
            "timestamp_micros", "VALUE_OUT_OF_BOUNDS"
        ),
        (#"{"user_properties":{"ga_x":{"value":"x"}}}"#, "user_properties.ga_x", "NAME_RESERVED"),
        (#"{"user_properties":{"a b":{"value":"x"}}}"#, "user_properties.a b", "NAME_INVALID"),
        (#"{"user_properties":{"tier":"gold"}}"#, "user_properties.tier", "VALUE_REQUIRED"),
        (#"{"user_properties":{"tier":{"value":[1]}}}"#, "user_properties.tier.value", "VALUE_INVALID"),
        (#"{"user_data":{"email":"a@b.example"}}"#, "user_data.email", "NAME_INVALID"),
        (#"{"user_data":{"sha256_email_address":"x"}}"#, "user_data.sha256_email_address", "VALUE_INVALID"),
        (#"{"user_data":{}}"#, "user_id", "VALUE_REQUIRED"),
        (#"{"user_data":{"address":{"street":"1"}}}"#, "user_data.address.street", "NAME_INVALID"),
        (#"{"consent":{"ad_storage":"GRANTED"}}"#, "consent.ad_storage", "NAME_INVALID"),
        (#"{"consent":{"ad_user_data":"yes"}}"#, "consent.ad_user_data", "VALUE_INVALID"),
        (#"{"ip_override":"here"}"#, "ip_override", "VALUE_INVALID"),
        (#"{"device":{"colour":"red"}}"#, "device.colour", "NAME_INVALID"),
        (#"{"user_location":{"city":7}}"#, "user_location.city", "VALUE_INVALID"),
        (#"{"non_personalized_ads":1}"#, "non_personalized_ads", "VALUE_INVALID"),
        (#"{"events":[]}"#, "events", "VALUE_REQUIRED"), (#"{"events":7}"#, "events", "VALUE_INVALID"),
        (#"{"events":[{}]}"#, "events.name", "VALUE_REQUIRED"),
        (#"{"events":[{"name":"session_start"}]}"#, "events.name", "NAME_RESERVED"),
        (#"{"events":[{"name":"my event"}]}"#, "events.name", "NAME_INVALID"),
        (#"{"events":[{"name":"a","event_id":"x"}]}"#, "events.event_id", "NAME_INVALID"),
        (#"{"events":[{"name":"a","params":{"_x":1}}]}"#, "events.params._x", "NAME_RESERVED"),
        (#"{"events":[{"name":"a","params":{"x y":1}}]}"#, "events.params.x y", "NAME_INVALID"),
        (#"{"events":[{"name":"a","params":{"x":{}}}]}"#, "events.params.x", "VALUE_INVALID"),
        (#"{"events":[{"name":"a","params":{"value":1}}]}"#, "events.params.currency", "VALUE_REQUIRED"),
        (#"{"events":[{"name":"purchase","params":{}}]}"#, "events.params.transaction_id", "VALUE_REQUIRED"),
        (#"{"events":[{"name":"a","params":{"session_id":"x"}}]}"#, "events.params.session_id", "VALUE_INVALID"),
        (#"{"events":[{"name":"a","params":{"currency":"eur"}}]}"#, "events.params.currency", "VALUE_INVALID"),
        (#"{"events":[{"name":"a","params":{"items":[{}]}}]}"#, "events.params.items", "VALUE_REQUIRED"),
        (
            #"{"events":[{"name":"a","params":{"items":[{"item_id":"a","price":"1"}]}}]}"#,
            "events.params.items.price", "VALUE_INVALID"
        ),
    ])
    func whatGoogleObjectsToIsObjectedTo(_ body: String, _ path: String, _ code: String) throws {
        let messages = try messages(body)
        #expect(messages.contains { $0.fieldPath == path && $0.code.rawValue == code }, "\(messages)")
    }

    @Test func limitsAreGooglesOwn() throws {
        func members(_ count: Int, _ value: String) -> String {
            (0..<count).map { "\"a\($0)\":\(value)" }.joined(separator: ",")
        }
        let events = Array(repeating: #"{"name":"a"}"#, count: 26).joined(separator: ",")
        let item = #"{"item_id":"a"}"#
        let items = Array(repeating: item, count: 201).joined(separator: ",")
        for (body, path) in [
            (#"{"client_id":"1","events":[\#(events)]}"#, "events"),
            (#"{"client_id":"1","events":[{"name":"a","params":{\#(members(26, "1"))}}]}"#, "events.params"),
            (#"{"client_id":"1","user_properties":{\#(members(26, #"{"value":1}"#))}}"#, "user_properties"),
            (#"{"client_id":"1","events":[{"name":"a","params":{"items":[\#(items)]}}]}"#, "events.params.items"),
        ] {
            let found = try messages(body)
            #expect(found.map(\.code) == [.exceededMaxEntities], "\(path)")
            #expect(found.map(\.fieldPath) == [path])
        }
    }

    @Test func whatOnlyTheRelayCannotTakeIsSaidInTheSameForm() throws {
        let found = try messages(#"{"client_id":"1","events":[{"name":"a"},{"name":"b","params":{"x":1,"x":2}}]}"#)
        #expect(found.map(\.fieldPath) == ["events.params"])
        let region = try messages(#"{"client_id":"1","user_location":{"region_id":"Paris"},"events":[{"name":"a"}]}"#)
        #expect(region.map(\.fieldPath) == ["user_location.region_id"])
        #expect(region.map(\.code) == [.valueInvalid])
        #expect(region[0].description.contains("ISO 3166-2"))
    }

    @Test func theStreamMustBeNamed() throws {
        #expect(try messages(Self.good, query: "").map(\.fieldPath) == ["measurement_id"])
        #expect(try messages(Self.good, query: "firebase_app_id=1").map(\.fieldPath) == ["firebase_app_id"])
    }

    @Test func theIndexOfTheEventIsTold() throws {
        let found = try messages(#"{"client_id":"1","events":[{"name":"a"},{"name":"error"}]}"#)
        #expect(found.map(\.event) == [1])
        #expect(found[0].description.hasPrefix("Event at index [1]: "))
    }

    @Test func messagesAreBounded() throws {
        let names = (0..<5000).map { "\"_\($0)\":1" }.joined(separator: ",")
        #expect(try messages("{\(names)}").count <= 101)
    }
}
