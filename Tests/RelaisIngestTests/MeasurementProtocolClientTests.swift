import RelaisEvent
import RelaisIngest
import Testing

@Suite struct MeasurementProtocolClientTests {
    static let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"

    static func request(
        _ body: String,
        path: String = "/mp/collect",
        query: String = "measurement_id=G-SHOP1&api_secret=s%2Fecret"
    ) -> IncomingRequest {
        IncomingRequest(
            method: "POST",
            path: path,
            query: Array(query.utf8),
            body: Array(body.utf8),
            remoteAddress: "192.0.2.7",
            receivedMicros: now
        )
    }

    private func decode(_ body: String, limits: DecodingLimits = DecodingLimits()) throws
        -> [Result<IncomingEvent, EventRejection>]
    {
        try MeasurementProtocolClient().decode(Self.request(body), limits: limits)
    }

    private func event(_ body: String) throws -> IncomingEvent {
        try #require(try decode(body).first).get()
    }

    private func refusal(_ body: String) throws -> EventRejection {
        try #require(try decode(body).first?.failure)
    }

    @Test func thePathsAreTakenUnderAnyPrefixByPostOnly() {
        let client = MeasurementProtocolClient()
        for path in ["/mp/collect", "/debug/mp/collect", "/metrics/mp/collect"] {
            #expect(client.claims(Self.request("", path: path)))
            #expect(!GtagClient().claims(Self.request("", path: path)))
        }
        var request = Self.request("")
        request.method = "GET"
        #expect(!client.claims(request))
    }

    @Test func theSecretIsReadFromTheQuery() {
        let client = MeasurementProtocolClient()
        #expect(client.writeKey(in: Self.request("")) == "s/ecret")
        #expect(client.writeKey(in: Self.request("", query: "measurement_id=G-1")) == nil)
    }

    @Test func everythingOfABodyIsRead() throws {
        let incoming = try event(
            """
            {"events":[{"name":"purchase","params":{"session_id":1795445369,"session_number":3,\
            "engagement_time_msec":"100","page_location":"https://shop.example/merci","page_title":"Merci",\
            "currency":"eur","value":129.90,"tax":21.65,"transaction_id":"T-1","event_id":"e-1","method":"card",\
            "steps":3,"items":[{"item_id":"A","price":129.90,"quantity":1,"colour":"bleu"}]}}],\
            "client_id":"4711.1795440000","user_id":"u-7","timestamp_micros":"1795445300000000",\
            "user_properties":{"plan":{"value":"gold"},"since":{"value":2019,"timestamp_micros":1795445000000000}},\
            "user_data":{"sha256_email_address":["\(Self.hash)"],"address":{"sha256_first_name":"\(Self.hash)",\
            "city":"paris","country":"FR"}},"consent":{"ad_user_data":"GRANTED","ad_personalization":"DENIED"},\
            "ip_override":"203.0.113.9","user_agent":"Mozilla/5.0","user_location":{"city":"Paris",\
            "region_id":"fr-idf","country_id":"FR","continent_id":"150"},\
            "device":{"category":"mobile","language":"fr-fr","screen_resolution":"390x844","model":"Pixel 9"}}
            """
        )
        let event = incoming.event
        #expect(event.string(.eventName) == "purchase")
        #expect(event.string(.clientID) == "4711.1795440000")
        #expect(event.string(.userID) == "u-7")
        #expect(event.string(.sessionID) == "1795445369")
        #expect(event.number(.sessionNumber) == 3)
        #expect(event.number(.engagementTimeMsec) == 100)
        #expect(event.integer(.timestampMicros) == 1_795_445_300_000_000)
        #expect(event.string(.currency) == "EUR")
        #expect(event.string(.value) == "129.90")
        #expect(event.string(.transactionID) == "T-1")
        #expect(event.string(.eventID) == "e-1")
        #expect(event.string(.pageTitle) == "Merci")
        #expect(event.names(in: .params) == ["device", "method", "steps"])
        #expect(event.parameters(ofItem: 0) == ["colour": "bleu"])
        #expect(event.string("plan", in: .userProperties) == "gold")
        #expect(
            event.string("since", in: .userProperties) == #"{"value":2019,"timestamp_micros":1795445000000000}"#
        )
        #expect(incoming.values(.email) == [Self.hash])
        #expect(incoming.userData.values.filter(\.hashed).count == 2)
        #expect(incoming.values(.city) == ["paris"])
        #expect(event.consent[.adUserData] == .granted)
        #expect(event.consent[.adPersonalization] == .denied)
        #expect(event.string(.consentOrigin) == "event")
        #expect(event.string(.ipOverride) == "203.0.113.9")
        #expect(event.string(.userAgent) == "Mozilla/5.0")
        #expect(event.string(.geoCountry) == "FR")
        #expect(event.string(.geoRegion) == "IDF")
        #expect(event.string(.geoCity) == "Paris")
        #expect(event.string(.language) == "fr-fr")
        #expect(event.string(.screenResolution) == "390x844")
        #expect(event.parameter("device", in: .params)?.type == .json)
        #expect(event[.ga4].isEmpty)
    }

    @Test func aTimeOfTheEventOutweighsThatOfTheBody() throws {
        let results = try decode(
            """
            {"client_id":"1.2","timestamp_micros":1795445300000000,"events":[{"name":"a"},\
            {"name":"b","timestamp_micros":1795445200000000}]}
            """
        )
        let times = try results.map { try $0.get().event.integer(.timestampMicros) }
        #expect(times == [1_795_445_300_000_000, 1_795_445_200_000_000])
    }

    @Test func theMeasurementIdIsTheQuerys() throws {
        let client = MeasurementProtocolClient()
        let incoming = try event(#"{"client_id":"1.2","events":[{"name":"a"}]}"#)
        #expect(
            client.measurementID(of: incoming, in: Self.request(""))
                == MeasurementIDClaim(id: "G-SHOP1", pointer: "/measurement_id")
        )
        #expect(client.measurementID(of: incoming, in: Self.request("", query: ""))?.id == "")
    }

    @Test func debugModeStaysOnlyWhenItIsOn() throws {
        for value in ["false", "0", #""false""#] {
            let body = #"{"client_id":"1.2","events":[{"name":"a","params":{"debug_mode":\#(value),"x":1}}]}"#
            #expect(try event(body).event.names(in: .params) == ["x"])
        }
        let on = try event(#"{"client_id":"1.2","events":[{"name":"a","params":{"debug_mode":true}}]}"#)
        #expect(on.event.names(in: .params) == ["debug_mode"])
    }

    @Test(arguments: [true, false])
    func adsWithoutPersonalisationAreARefusalWhereConsentSaysNothing(_ isFirst: Bool) throws {
        let flag = #""non_personalized_ads":true"#
        let consent = #""consent":{"ad_personalization":"GRANTED"}"#
        let both = isFirst ? "\(flag),\(consent)" : "\(consent),\(flag)"
        let alone = try event(#"{"client_id":"1.2",\#(flag),"events":[{"name":"a"}]}"#)
        #expect(alone.event.consent[.adPersonalization] == .denied)
        let outweighed = try event(#"{"client_id":"1.2",\#(both),"events":[{"name":"a"}]}"#)
        #expect(outweighed.event.consent[.adPersonalization] == .granted)
    }

    @Test func personalParametersBecomeUserData() throws {
        let incoming = try event(
            #"{"client_id":"1.2","events":[{"name":"a","params":{"email":"a@b.example","user_data":{"phone":"+331"}}}]}"#
        )
        #expect(incoming.values(.email) == ["a@b.example"])
        #expect(incoming.values(.phone) == ["+331"])
        #expect(incoming.event.names(in: .params).isEmpty)
    }

    @Test(arguments: [
        ("nonsense", ""), ("[]", ""), (#"{"client_id":"1.2","events":[{"name":"a"}]} x"#, ""),
        (#"{"events":[{"name":"a"}]}"#, "/client_id"), (#"{"client_id":"","events":[{"name":"a"}]}"#, "/client_id"),
        (#"{"app_instance_id":"a","events":[{"name":"a"}]}"#, "/app_instance_id"),
        (#"{"client_id":"1.2","consent":{"ad_storge":"DENIED"},"events":[{"name":"a"}]}"#, "/consent/ad_storge"),
        (#"{"client_id":"1.2","events":{}}"#, "/events"), (#"{"client_id":"1.2","events":[7]}"#, "/events/0"),
        (#"{"client_id":"1.2","events":[{"params":{}}]}"#, "/events/0/name"),
        (#"{"client_id":"1.2","events":[{"name":"session_start"}]}"#, "/events/0/name"),
        (#"{"client_id":"1.2","events":[{"name":"_x"}]}"#, "/events/0/name"),
        (#"{"client_id":"1.2","events":[{"name":"a","params":[]}]}"#, "/events/0/params"),
        (#"{"client_id":"1.2","events":[{"name":"a","params":{"value":"1,5"}}]}"#, "/events/0/params/value"),
        (
            #"{"client_id":"1.2","events":[{"name":"a","params":{"items":[{"price":"x"}]}}]}"#,
            "/events/0/params/items/0/price"
        ),
        (#"{"client_id":"1.2","timestamp_micros":1795445300000,"events":[{"name":"a"}]}"#, "/timestamp_micros"),
        (#"{"client_id":"1.2","user_properties":{"a":{"x":1}},"events":[{"name":"a"}]}"#, "/user_properties/a"),
        (
            #"{"client_id":"1.2","user_location":{"country_id":"France"},"events":[{"name":"a"}]}"#,
            "/user_location/country_id"
        ),
        (#"{"client_id":"1.2","client_id":"3.4","events":[{"name":"a"}]}"#, "/client_id"),
    ])
    func whatCannotBeTakenIsToldByItsPlace(_ body: String, _ pointer: String) throws {
        #expect(try refusal(body).pointer == pointer)
    }

    @Test func oneBadEventSpoilsNoOther() throws {
        let body = #"{"client_id":"1.2","events":[{"name":"a"},{"name":"error"},{"name":"c"}]}"#
        #expect(names(try decode(body)) == ["a", nil, "c"])
    }

    @Test func underEnforcedRecommendationsOnlyWhatIsFlawlessIsTaken() throws {
        let events = #""events":[{"name":"a","params":{"x":"\#(String(repeating: "y", count: 101))"}},{"name":"b"}]"#
        #expect(names(try decode(#"{"client_id":"1.2",\#(events)}"#)) == ["a", "b"])
        let enforced = try decode(
            #"{"client_id":"1.2","validation_behavior":"ENFORCE_RECOMMENDATIONS",\#(events)}"#
        )
        #expect(names(enforced) == [nil, "b"])
        #expect(enforced[0].failure?.pointer == "/events/0/params/x")
    }

    @Test func aBodyWithoutEventsIsDropped() {
        let error = #expect(throws: RequestRejection.self) {
            try decode(#"{"client_id":"1.2","user_properties":{"plan":{"value":"gold"}}}"#)
        }
        #expect(error?.isDropped == true)
    }

    @Test func enforcesLimits() throws {
        var limits = DecodingLimits()
        limits.events = 1
        #expect(throws: RequestRejection.self) {
            try decode(#"{"client_id":"1.2","events":[{"name":"a"},{"name":"b"}]}"#, limits: limits)
        }
        limits = DecodingLimits()
        limits.eventBytes = 40
        let events = #"{"name":"a","params":{"x":"\#(String(repeating: "y", count: 40))"}},{"name":"b"}"#
        #expect(names(try decode(#"{"client_id":"1.2","events":[\#(events)]}"#, limits: limits)) == [nil, "b"])
        let agent = String(repeating: "u", count: 700)
        #expect(throws: RequestRejection.self) {
            try decode(#"{"client_id":"1.2","user_agent":"\#(agent)","events":[{"name":"a"}]}"#, limits: limits)
        }
    }
}
