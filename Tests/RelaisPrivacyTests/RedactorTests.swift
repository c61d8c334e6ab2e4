import RelaisEvent
import Testing

@testable import RelaisPrivacy

@Suite struct RedactorTests {
    @Test(arguments: [
        ("https://shop.example/?email=jane.doe@example.com&x=1", "https://shop.example/?email=redacted&x=1"),
        ("https://shop.example/?email=jane.doe%40example.com&x=1", "https://shop.example/?email=redacted&x=1"),
        (
            "https://x.example/?u=https%3A%2F%2Fy%3Fm%3Djane%2Bx%40example.com%26z",
            "https://x.example/?u=https%3A%2F%2Fy%3Fm%3Dredacted%26z"
        ),
        ("m%3Djane%2540example.com", "m%3Dredacted"),
        ("write to jane@example.com.", "write to redacted."),
        ("a@b.co c@d.co", "redacted redacted"),
        ("{\"m\":\"jane\\u0040example.com\"}", "{\"m\":\"redacted\"}"),
        ("josé@exämple.com", "redacted"),
    ])
    func addressesAreReplaced(text: String, expected: String) {
        #expect(Redactor.redact(text) == expected)
    }

    @Test(arguments: ["https://x.example/@user", "a@b", "5 @ 3.50", "@example.com", "price%4012", "x@.", "100%40"])
    func whatIsNoAddressStays(text: String) {
        #expect(Redactor.redact(text) == text)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["%40", "@", "a", "%41", "%2540", "a%40", ".@a", "%3D@", "\\u0040", "@a.", "%"]
    )
    func aLongHostileTextTakesNoLongerThanItsLength(piece: String) {
        let text = String(repeating: piece, count: (256 << 10) / piece.utf8.count)
        let start = ContinuousClock.now
        _ = Redactor.redact(text)
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test func idsOnTheWireThatAreAddressesStayApart() throws {
        var event = Event()
        event.set(.userID, "jane@example.com")
        for key in ["uid", "ep.transaction_id", "ep.event_id", "dl"] { event.append(key, "jane@example.com", to: .ga4) }
        Redactor.redact(&event)
        let user = try #require(event.string(.userID))
        for key in ["uid", "ep.transaction_id", "ep.event_id"] { #expect(event.string(key, in: .ga4) == user) }
        #expect(event.string("dl", in: .ga4) == "redacted")
    }

    @Test func vendorsNamedAfterAddressesAreDropped() {
        var event = Event()
        event.consent.vendors = [.init(name: "jane@example.com", state: .granted), .init(name: "meta", state: .denied)]
        Redactor.redact(&event)
        #expect(event.consent.vendors == [.init(name: "meta", state: .denied)])
    }

    @Test func nothingRawReachesTheRecord() throws {
        var event = Event()
        event.set(.eventName, "purchase")
        event.set(.pageLocation, "https://shop.example/?mail=jane.doe%40example.com")
        event.set(.userID, "jane.doe@example.com")
        event.append("comment", "from jane.doe@example.com", to: .params)
        event.append("userEmail", "jane.doe(at)example", to: .params)
        event.append("ep.phone_number", "+33612345678", to: .ga4)
        event.append("dl", "https://shop.example/?mail=jane.doe@example.com", to: .ga4)
        let json = event.store("{\"First-Name\": {\"a\":[\"Jane\"]}, \"k\":1}")
        event.append(Parameter(key: event.store("nested"), type: .json, number: 0, text: json), to: .params)
        var item = Item()
        item.values.append(Item.Value(field: .itemName, text: event.store("gift for jane.doe@example.com")))
        event.items.append(item)

        Redactor.redact(&event)

        let record = String(decoding: event.record(), as: UTF8.self)
        for raw in ["jane", "Jane", "612345678"] { #expect(!record.contains(raw)) }
        let read = try Event(record: event.record())
        #expect(read.string(.userID)?.count == 64)
        #expect(read.string("nested", in: .params) == "{\"First-Name\":null, \"k\":1}")
        #expect(read.parameter("userEmail", in: .params) == nil)
        #expect(read.string("dl", in: .ga4) == "https://shop.example/?mail=redacted")
    }

    @Test func eventsWithoutAddressesKeepEveryByte() {
        var event = Event()
        event.set(.eventName, "page_view")
        event.set(.pageLocation, "https://shop.example/?a=%20b&price=%2440")
        event.append("plan", "gold", to: .params)
        let before = event.record()
        Redactor.redact(&event)
        #expect(event.record() == before)
    }

    @Test(arguments: [
        ("203.0.113.7", "203.0.113.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("2001:db8::3", "2001:db8::"),
        ("::1", "::"),
    ])
    func truncatedAddressesLoseTheirHostPart(address: String, expected: String) {
        #expect(IPPrivacy.truncated.apply(address) == expected)
        #expect(IPPrivacy.full.apply(address) == address)
        #expect(IPPrivacy.none.apply(address) == nil)
    }
}
