import RelaisEvent
import Testing

@Suite struct PingTests {
    @Test func aPlansPingSurvivesItsEncoding() throws {
        let ping = PingConsent(granted: [.adStorage, .adPersonalization, .securityStorage])
        let plan = Plan(decisions: [
            Decision(destination: "ga4", outcome: .entitled, sendAs: "x", withholdsUserData: true, ping: ping),
            Decision(destination: "meta", outcome: .entitled),
        ])
        #expect(ping.rawValue == 9)
        #expect(Plan(encoded: plan.encoded()) == plan)
        for length in 0..<plan.encoded().count { #expect(Plan(encoded: plan.encoded().prefix(length)) != plan) }
    }

    @Test func whatABrowserIsToldSurvivesTheEncodingBehindEverythingElse() {
        var plan = Plan(decisions: [Decision(destination: "ga4", outcome: .entitled)], copyOf: 7)
        let plain = plan.encoded()
        let told = Decision(destination: BrowserRequest.destination(named: "a"), outcome: .entitled)
        let refused = Decision(
            destination: BrowserRequest.destination(named: "b"),
            outcome: .refused,
            reason: "consent_denied",
            detail: "x"
        )
        plan.browserRequests = [
            BrowserRequest(decision: told, method: .fetch, url: "https://p.example/é"),
            BrowserRequest(decision: refused, method: .sendPixel, url: ""),
        ]
        #expect(Plan(encoded: plan.encoded()) == plan)
        #expect(plan.encoded().prefix(plain.count).dropFirst(2) == plain.dropFirst(2))
        for length in 0..<plan.encoded().count { #expect(Plan(encoded: plan.encoded().prefix(length)) != plan) }
    }

    @Test func aPlanIsForPingsOnlyWhenNobodyGetsMore() {
        let ping = Decision(destination: "ga4", outcome: .entitled, ping: [])
        let whole = Decision(destination: "meta", outcome: .entitled)
        let refused = Decision(destination: "meta", outcome: .refused)
        #expect(Plan(decisions: [ping, refused]).isForPingsOnly)
        #expect(!Plan(decisions: [ping, whole]).isForPingsOnly)
        #expect(!Plan(decisions: [refused]).isForPingsOnly)
    }

    @Test(arguments: [
        ("/events/3", 3, ""), ("/events/12/params/plan", 12, "/params/plan"), ("/events/0/", 0, "/"),
    ])
    func aPointerNamesAnEvent(text: String, index: Int, place: String) throws {
        let pointer = try #require(EventPointer(text))
        #expect(pointer.index == index && pointer.place == place)
    }

    @Test(arguments: [
        "", "/pixel_id", "/events", "/events/", "/events/x", "/events/-1", "/events/99999999999999999999",
    ])
    func otherPointersNameNone(text: String) {
        #expect(EventPointer(text) == nil)
    }

    private func hit(_ state: ConsentState) -> Event {
        var event = SampleEvent.full()
        event.consent[.analyticsStorage] = state
        event.set(.clientID, "1.2")
        event.set(.sessionID, "3")
        event[.ga4] = []
        for (key, value) in [
            ("en", "purchase"), ("cid", "1.2"), ("sid", "3"), ("uid", "u-1"), ("ecid", "9"), ("up.plan", "gold"),
            ("dl", "https://shop.example/"), ("_ss", "1"), ("ep.ga_temp_client_id", "7.8"), ("ep.method", "card"),
        ] { event.append(key, value, to: .ga4) }
        return event
    }

    private func keys(_ event: Event) -> [String] { event[.ga4].map { event.string($0.key) } }

    @Test(arguments: [ConsentState.granted, .unset])
    func whatIsKeptForPingsTellsNobodyApart(state: ConsentState) {
        var event = hit(state)
        event.reduceToPing(keepsClickIDs: false)
        #expect(event.userData.isEmpty)
        for field in [EventField.clientID, .userID, .sessionID, .ipOverride] { #expect(!event.has(field)) }
        for list in [ParameterList.cookies, .clickIDs, .userProperties] { #expect(event[list].isEmpty) }
        #expect(keys(event) == ["en", "dl", "ep.method"])
        #expect(event.string(.eventName) != nil && event.string(.eventID) != nil)
    }

    @Test func clickIDsLeavePageAddresses() {
        var event = hit(.denied)
        event.set(.pageLocation, "https://shop.example/a?utm_source=x&gclid=1&q=a%20b&_gl=1*abc#top")
        event.set(.pageReferrer, "https://m.example/?fbclid=9#_gl=1*x")
        event[.ga4] = []
        event.append("dl", "https://shop.example/?gclid=1", to: .ga4)
        event.append("dr", "https://m.example/plain?", to: .ga4)
        var kept = event
        event.reduceToPing(keepsClickIDs: false)
        #expect(event.string(.pageLocation) == "https://shop.example/a?utm_source=x&q=a%20b#top")
        #expect(event.string(.pageReferrer) == "https://m.example/")
        #expect(event.string("dl", in: .ga4) == "https://shop.example/")
        #expect(event.string("dr", in: .ga4) == "https://m.example/plain?")
        kept.reduceToPing(keepsClickIDs: true)
        #expect(kept.string(.pageLocation) == "https://shop.example/a?utm_source=x&gclid=1&q=a%20b#top")
        #expect(kept.string("dl", in: .ga4) == "https://shop.example/?gclid=1")
    }

    @Test(arguments: [ConsentState.denied, .pending])
    func idsThatEndWithThePageStayOnTheWire(state: ConsentState) {
        var event = hit(state)
        event.reduceToPing(keepsClickIDs: false)
        #expect(keys(event) == ["en", "cid", "sid", "dl", "_ss", "ep.method"])
        #expect(!event.has(.clientID) && !event.has(.userID) && event.userData.isEmpty)
    }
}
