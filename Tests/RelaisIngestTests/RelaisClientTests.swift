import RelaisEvent
import RelaisIngest
import Testing

@Suite struct RelaisClientTests {
    static let purchase = """
        {"event_name":"purchase","event_id":"e-1","timestamp_micros":1795445369000000,"client_id":"123.456",
        "user_id":"u-1","session_id":1795445369,"session_number":3,"page_location":"https://shop.example/thanks?gclid=abc",
        "page_title":"Merci \\u2764","currency":"eur","value":"129.90","tax":21.65,"shipping":4.9,"transaction_id":10042,
        "coupon":"WELCOME","items":[{"item_id":"SKU_1","item_name":"T-shirt","price":"29.95","quantity":2,
        "color":"blue","gift":true,"sizes":["S","M"]},{"item_id":7,"price":70}],
        "user_data":{"email_address":["Jane@Example.com","j@example.org"],"phone":"+33612345678",
        "sha256_phone_number":"8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4",
        "address":[{"first_name":"Jane","postal_code":75001},{"sha256_last_name":"ab","country":"FR"}],
        "external_id":12,"gender":"f","date_of_birth":"1990-01-01"},
        "consent":{"ad_storage":"granted","ad_user_data":"DENIED","vendors":{"meta":"denied"}},
        "click_ids":{"fbclid":"f1"},"cookies":{"_fbp":"fb.1.2.3"},"client_hints":{"mobile":false},
        "user_properties":{"plan":"gold"},"params":{"method":"card","n":1.50},"affiliation":"web","nested":{"a":[1]},
        "nothing":null}
        """

    @Test func decodesTheCanonicalVocabulary() throws {
        let event = try decodeEvent(Self.purchase).event
        #expect(event.string(.eventName) == "purchase")
        #expect(event.string(.eventID) == "e-1")
        #expect(event.integer(.timestampMicros) == 1_795_445_369_000_000)
        #expect(event.string(.sessionID) == "1795445369")
        #expect(event.number(.sessionNumber) == 3)
        #expect(event.string(.pageTitle) == "Merci ❤")
        #expect(event.string(.currency) == "EUR")
        #expect(event.number(.value) == 129.9)
        #expect(event.string(.value) == "129.90")
        #expect(event.number(.tax) == 21.65)
        #expect(event.string(.transactionID) == "10042")
        #expect(event.string(.coupon) == "WELCOME")
        #expect(event.string("fbclid", in: .clickIDs) == "f1")
        #expect(event.string("_fbp", in: .cookies) == "fb.1.2.3")
        #expect(event.parameter("mobile", in: .clientHints)?.type == .bool)
        #expect(event.string("plan", in: .userProperties) == "gold")
    }

    @Test func keepsUnknownMembersAsParametersWithTheirTypes() throws {
        let event = try decodeEvent(Self.purchase).event
        #expect(event.names(in: .params) == ["method", "n", "affiliation", "nested"])
        #expect(event.parameter("n", in: .params)?.type == .number)
        #expect(event.string("n", in: .params) == "1.50")
        #expect(event.parameter("nested", in: .params)?.type == .json)
        #expect(event.string("nested", in: .params) == #"{"a":[1]}"#)
    }

    @Test func decodesItemsWithTheirOwnParameters() throws {
        let event = try decodeEvent(Self.purchase).event
        #expect(event.items.count == 2)
        #expect(event.string(.itemID, ofItem: 0) == "SKU_1")
        #expect(event.items[0][.price]?.number == 29.95)
        #expect(event.items[0][.quantity]?.number == 2)
        #expect(event.parameters(ofItem: 0) == ["color": "blue", "gift": "true", "sizes": #"["S","M"]"#])
        #expect(event.string(.itemID, ofItem: 1) == "7")
    }

    @Test func takesUserDataBesideTheEvent() throws {
        let incoming = try decodeEvent(Self.purchase)
        #expect(incoming.values(.email) == ["Jane@Example.com", "j@example.org"])
        #expect(incoming.userData.values.filter { $0.kind == .email }.map(\.group) == [0, 1])
        #expect(incoming.userData.values.filter { $0.kind == .phone }.map(\.hashed) == [false, true])
        #expect(incoming.values(.postalCode) == ["75001"])
        #expect(incoming.userData.values.first { $0.kind == .lastName }?.group == 1)
        #expect(incoming.userData.values.first { $0.kind == .lastName }?.hashed == true)
        #expect(incoming.values(.externalID) == ["12"])
        #expect(incoming.values(.gender) == ["f"])
        #expect(incoming.values(.dateOfBirth) == ["1990-01-01"])
    }

    @Test func readsConsentPerPurposeAndVendor() throws {
        let event = try decodeEvent(Self.purchase).event
        #expect(event.consent[.adStorage] == .granted)
        #expect(event.consent[.adUserData] == .denied)
        #expect(event.consent[.analyticsStorage] == .unset)
        #expect(event.consent[vendor: "meta"] == .denied)
        #expect(event.string(.consentOrigin) == "event")
        let nested = try decodeEvent(
            #"{"event_name":"a","consent":{"purposes":{"ad_storage":"pending"},"origin":"cmp"}}"#
        )
        #expect(nested.event.consent[.adStorage] == .pending)
    }

    @Test func personalParametersBecomeUserData() throws {
        let incoming = try decodeEvent(
            #"{"event_name":"a","email":"j@example.com","params":{"phone":"+331","ok":1},"user_properties":{"lastName":"Doe"},"first_name":3}"#
        )
        #expect(incoming.values(.email) == ["j@example.com"])
        #expect(incoming.values(.phone) == ["+331"])
        #expect(incoming.values(.lastName) == ["Doe"])
        #expect(incoming.event.names(in: .params) == ["ok"])
        #expect(incoming.event[.userProperties].isEmpty)
    }

    @Test(arguments: [#""""#, #""0""#, #""undefined""#, #""null""#, "null", "0"])
    func placeholderIdsCountAsAbsent(_ id: String) throws {
        let event = try decodeEvent(#"{"event_name":"a","event_id":\#(id),"transaction_id":\#(id)}"#).event
        #expect(!event.has(.eventID))
        #expect(!event.has(.transactionID))
    }

    @Test func readsEscapedNames() throws {
        let event = try decodeEvent(#"{"event\u005fname":"a","\u0070":"x\ty"}"#).event
        #expect(event.string(.eventName) == "a")
        #expect(event.string("p", in: .params) == "x\ty")
    }

    // MARK: Bodies

    @Test func readsObjectArrayAndLines() throws {
        #expect(names(try decodeEvents(#"{"event_name":"a"}"#)) == ["a"])
        #expect(names(try decodeEvents(#" [ {"event_name":"a"} , {"event_name":"b"} ] "#)) == ["a", "b"])
        #expect(try decodeEvents("[]").isEmpty)
        let lines = "{\"event_name\":\"a\"}\r\n\n{\"event_name\":\"b\"}\n"
        #expect(names(try decodeEvents(lines)) == ["a", "b"])
        #expect(names(try decodeEvents(lines, contentType: "application/x-ndjson; charset=utf-8")) == ["a", "b"])
    }

    @Test func anElementThatIsRefusedSpoilsOnlyItself() throws {
        let results = try decodeEvents(
            #"[{"event_name":"a"},7,{"event_name":"b","value":"1,5"},{},{"event_name":"c"}]"#
        )
        #expect(names(results) == ["a", nil, nil, nil, "c"])
    }

    @Test func whatPrecedesBrokenJSONIsKept() throws {
        let results = try decodeEvents(
            #"[{"event_name":"a"},{"event_name":"b"},{"event_name":"c" "x":1},{"event_name":"d"}]"#
        )
        #expect(names(results) == ["a", "b", nil])
        #expect(names(try decodeEvents(#"[{"event_name":"a"} {"event_name":"b"}]"#)) == ["a", nil])
        #expect(names(try decodeEvents(#"[{"event_name":"a"}"#)) == ["a", nil])
        #expect(names(try decodeEvents(#"[{"event_name":"a"}] x"#)) == ["a", nil])
    }

    @Test func eachLineStandsAlone() throws {
        let lines = "{\"event_name\":\"a\"}\n{\"event_name\":\n{\"event_name\":\"c\"} x\n{\"event_name\":\"d\"}"
        #expect(names(try decodeEvents(lines, contentType: "application/x-ndjson")) == ["a", nil, nil, "d"])
        #expect(
            names(try decodeEvents("{\"event_name\":\"a\"}\n{\"event_name\":]\n{\"event_name\":\"c\"}")) == [
                "a", nil, "c",
            ]
        )
    }

    @Test(arguments: ["", " \n ", "7", "\"a\"", "event_name=a"])
    func bodiesWithoutEventsAreRefusedWhole(_ body: String) {
        #expect(throws: RequestRejection.self) { try decodeEvents(body) }
    }

    @Test func tooManyEventsAreRefusedWhole() throws {
        var limits = DecodingLimits()
        limits.events = 2
        let two = #"{"event_name":"a"},{"event_name":"b"}"#
        #expect(try decodeEvents("[\(two)]", limits: limits).count == 2)
        #expect(
            throws: RequestRejection(status: 413, reason: "more than 2 events in one request; send them in several")
        ) {
            try decodeEvents("[\(two),{}]", limits: limits)
        }
    }

    @Test func claimsItsPathOnly() {
        var request = eventsRequest("{}")
        #expect(RelaisClient().claims(request))
        request.method = "GET"
        #expect(!RelaisClient().claims(request))
        request.method = "POST"
        request.path = "/v1/events/x"
        #expect(!RelaisClient().claims(request))
        #expect(RelaisClient(aliases: ["/v1/events/x"]).claims(request))
    }

    @Test(arguments: ["-1", "86400001", "\"soon\"", "true"])
    func anAgeThatIsNoneIsRefused(age: String) throws {
        let results = try decodeEvents("{\"event_name\":\"a\",\"age_msec\":\(age)}")
        #expect(throws: EventRejection.self) { try results[0].get() }
    }

    @Test func acceptsServerContainerEventDataAndKeepsItsMembers() throws {
        var accepted = 0
        for row in try FixtureFile.text("server-container-event-data.jsonl").split(separator: "\n") {
            guard let start = row.firstRange(of: #""event_data": "#)?.upperBound else { continue }
            let data = String(row[start...].dropLast())
            guard data.contains("\"event_name\"") else { continue }
            let incoming = try decodeEvent(data)
            #expect(!(incoming.event.string(.eventName) ?? "").isEmpty)
            let known =
                data.contains("\"x-ga-page_id\"") ? incoming.event.names(in: .params).contains("x-ga-page_id") : true
            #expect(known)
            #expect(incoming.event.has(.sessionID) == data.contains("\"ga_session_id\""))
            accepted += 1
        }
        #expect(accepted >= 24)
    }

    @Test func readsTheValuesOfServerContainerEventData() throws {
        let rows = try FixtureFile.text("server-container-event-data.jsonl").split(separator: "\n")
        let row = try #require(rows.first)
        let start = try #require(row.firstRange(of: #""event_data": "#)?.upperBound)
        let event = try decodeEvent(String(row[start...].dropLast())).event
        #expect(event.string(.eventName) == "select_item")
        #expect(event.string(.sessionID) == "1695261065")
        #expect(event.number(.sessionNumber) == 1)
        #expect(event.items[0][.price]?.number == 35.6638714628)
        #expect(event.parameters(ofItem: 0)["region"] == "US")
        #expect(event.parameter("mobile", in: .clientHints)?.type == .bool)
        #expect(event.parameter("brands", in: .clientHints)?.type == .json)
        #expect(event.string("x-ga-measurement_id", in: .params) == "G-000000002")
        #expect(event.parameter("x-sst-system_properties", in: .params)?.type == .json)
    }
}
