import RelaisEvent
import RelaisIngest
import Testing

@Suite struct EventRejectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var members: String
        var pointer: String
        var hint: String
        var testDescription: String { members }
    }

    static let cases: [Case] = [
        Case(members: #""value":"129,90""#, pointer: "/value", hint: "129.90"),
        Case(members: #""value":"1 299,90 €""#, pointer: "/value", hint: "decimal"),
        Case(members: #""value":12e999"#, pointer: "/value", hint: "too large"),
        Case(members: #""value":"NaN""#, pointer: "/value", hint: "decimal"),
        Case(members: #""value":NaN"#, pointer: "/value", hint: "invalid JSON"),
        Case(members: #""value":"""#, pointer: "/value", hint: "decimal"),
        Case(members: #""value":true"#, pointer: "/value", hint: "a boolean"),
        Case(members: #""value":{"amount":1}"#, pointer: "/value", hint: "an object"),
        Case(members: #""tax":"012""#, pointer: "/tax", hint: "decimal"),
        Case(members: #""value":1,"value":2"#, pointer: "/value", hint: "twice"),
        Case(members: #""x":1,"x":2"#, pointer: "/x", hint: "twice"),
        Case(members: #""x":1,"params":{"x":2}"#, pointer: "/params/x", hint: "twice"),
        Case(members: #""timestamp_micros":1795445369000"#, pointer: "/timestamp_micros", hint: "milliseconds"),
        Case(members: #""timestamp_micros":1795445369"#, pointer: "/timestamp_micros", hint: "seconds"),
        Case(members: #""timestamp_micros":"2026-11-23T20:00:00Z""#, pointer: "/timestamp_micros", hint: "integer"),
        Case(members: #""timestamp_micros":1795445369000000.5"#, pointer: "/timestamp_micros", hint: "integer"),
        Case(members: #""timestamp_micros":-1"#, pointer: "/timestamp_micros", hint: "integer"),
        Case(members: #""currency":"EURO""#, pointer: "/currency", hint: "three-letter"),
        Case(members: #""currency":978"#, pointer: "/currency", hint: "a number"),
        Case(members: #""client_id":{}"#, pointer: "/client_id", hint: "a string"),
        Case(members: #""client_id":123.456"#, pointer: "/client_id", hint: "quotes"),
        Case(members: #""page_location":7"#, pointer: "/page_location", hint: "a string"),
        Case(members: #""items":{}"#, pointer: "/items", hint: "an array"),
        Case(members: #""items":[{},7]"#, pointer: "/items/1", hint: "an item"),
        Case(members: #""items":[{"price":"9,5"}]"#, pointer: "/items/0/price", hint: "decimal"),
        Case(members: #""items":[{"item_id":1.5}]"#, pointer: "/items/0/item_id", hint: "quotes"),
        Case(members: #""items":[{"a":1,"a":1}]"#, pointer: "/items/0/a", hint: "twice"),
        Case(members: #""user_data":"x""#, pointer: "/user_data", hint: "an object"),
        Case(
            members: #""user_data":{"email_address":7}"#,
            pointer: "/user_data/email_address",
            hint: "array of strings"
        ),
        Case(members: #""user_data":{"phone":["+1",{}]}"#, pointer: "/user_data/phone/1", hint: "a string"),
        Case(
            members: #""user_data":{"address":[{"city":true}]}"#,
            pointer: "/user_data/address/0/city",
            hint: "a string"
        ),
        Case(members: #""user_data":{"address":"x"}"#, pointer: "/user_data/address", hint: "an object"),
        Case(members: #""consent":{"ad_storage":true}"#, pointer: "/consent/ad_storage", hint: "granted"),
        Case(members: #""consent":{"ads":"granted"}"#, pointer: "/consent/ads", hint: "no purpose"),
        Case(members: #""consent":{"vendors":{"meta":"yes"}}"#, pointer: "/consent/vendors/meta", hint: "granted"),
        Case(members: #""consent":"granted""#, pointer: "/consent", hint: "an object"),
        Case(members: #""click_ids":[]"#, pointer: "/click_ids", hint: "an object"),
        Case(members: #""params":{"a/b~c":12e999}"#, pointer: "/params/a~1b~0c", hint: "too large"),
        Case(members: #""x":"\ud800""#, pointer: "/x", hint: "surrogate"),
        Case(members: #""":1"#, pointer: "/", hint: "needs a name"),
        Case(members: #""x":01"#, pointer: "", hint: "comma"),
    ]

    @Test(arguments: cases)
    func tellsWhereAndWhatToDo(_ sample: Case) throws {
        let rejection = try rejection(#"{"event_name":"a",\#(sample.members)}"#)
        #expect(rejection.pointer == sample.pointer)
        #expect(rejection.reason.contains(sample.hint), "\(rejection.reason)")
    }

    @Test(arguments: [
        #"{}"#, #"{"event_name":""}"#, #"{"event_name":null}"#, #"{"event_name":7}"#, #"{"event_name":"a\u0000"}"#,
    ])
    func asksForAName(_ body: String) throws {
        #expect(try rejection(body).pointer == "/event_name")
    }

    @Test func reasonsNeverQuoteValues() throws {
        for sample in Self.cases where !sample.members.contains("129") {
            let reason = try rejection(#"{"event_name":"a",\#(sample.members)}"#).reason
            #expect(!reason.contains("1 299") && !reason.contains("978") && !reason.contains("9,5"))
        }
    }

    @Test func enforcesLimits() throws {
        var limits = DecodingLimits()
        limits.items = 2
        limits.params = 2
        limits.depth = 3
        limits.textBytes = 10
        limits.nameBytes = 5
        limits.userDataValues = 1
        let cases: [(String, String)] = [
            (#""items":[{},{},{}]"#, "/items/2"),
            (#""a":1,"b":2,"c":3"#, "/c"),
            (#""items":[{"a":1,"b":2,"c":3}]"#, "/items/0/c"),
            (#""a":[[[1]]]"#, "/a"),
            (#""a":"12345678901""#, "/a"),
            (#""page_title":"12345678901""#, "/page_title"),
            (#""abcdef":1"#, "/abcdef"),
            (#""user_data":{"email":["a","b"]}"#, "/user_data/email/1"),
        ]
        for (members, pointer) in cases {
            let rejection = try rejection(#"{"event_name":"a",\#(members)}"#, limits: limits)
            #expect(rejection.pointer.hasPrefix(pointer) || members.contains("email"), "\(members) \(rejection)")
        }
        limits = DecodingLimits()
        limits.eventBytes = 100
        let long = String(repeating: "x", count: 90)
        #expect(try rejection(#"{"event_name":"a","p":"\#(long)"}"#, limits: limits).reason.contains("100 bytes"))
        #expect(try rejection(#"{"event_name":"\#(long)\#(long)"}"#).pointer == "/event_name")
    }

    @Test(arguments: ["event", "name", "eventName", "event_type", "en"])
    func aNameUnderAnotherProtocolsMemberIsPointedTo(_ member: String) throws {
        let refused = try rejection("{\"\(member)\":\"purchase\"}")
        #expect(refused.pointer == "/event_name")
        #expect(refused.reason.contains("this one has \"\(member)\": write \"event_name\""))
        #expect(try !rejection("{\"value\":1}").reason.contains("this one has"))
    }
}
