import RelaisEvent
import RelaisIngest
import Testing

@Suite struct GtagClientTests {
    @Test func decodesAPurchaseWithItems() throws {
        let event = try hit(
            "cu=usd&sid=1712891587&sct=2&dl=https%3A%2F%2Fshop.example%2Fa%2Bb&dr=&dt=Caf%C3%A9+cr%C3%A8me&ul=fr-fr&sr=1920x1080"
                + "&en=purchase&_et=1200&uid=u1&pr2=idB~pr70~qt1~lp1~nmJean%20%26%20ceinture&pr1=idA~nmT-shirt%20~~%20bleu~pr29.95~qt2"
                + "~k0color~v0bleu&ep.transaction_id=T-1&ep.event_id=e1&ep.value=129.9&epn.tax=21.65&epn.shipping=9.5e%2B01"
                + "&ep.coupon=HI&ep.method=card&epn.steps=3&up.plan=gold&upn.age=7&richsstsse"
        ).event
        #expect(event.string(.eventName) == "purchase")
        #expect(event.string(.currency) == "USD")
        #expect(event.string(.sessionID) == "1712891587")
        #expect(event.number(.sessionNumber) == 2)
        #expect(event.number(.engagementTimeMsec) == 1200)
        #expect(event.string(.pageLocation) == "https://shop.example/a+b")
        #expect(!event.has(.pageReferrer))
        #expect(event.string(.pageTitle) == "Café crème")
        #expect(event.string(.userID) == "u1")
        #expect(event.string(.transactionID) == "T-1")
        #expect(event.string(.eventID) == "e1")
        #expect(event.number(.value) == 129.9)
        #expect(event.number(.tax) == 21.65)
        #expect(event.number(.shipping) == 95)
        #expect(event.string(.coupon) == "HI")
        #expect(event.names(in: .params) == ["method", "steps"])
        #expect(event.parameter("steps", in: .params)?.number == 3)
        #expect(event.parameter("age", in: .userProperties)?.type == .number)
        #expect(event.items.count == 2)
        #expect(event.string(.itemName, ofItem: 0) == "T-shirt ~ bleu")
        #expect(event.items[0][.price]?.number == 29.95)
        #expect(event.parameters(ofItem: 0) == ["color": "bleu"])
        #expect(event.string(.itemName, ofItem: 1) == "Jean & ceinture")
        #expect(event.items[1][.index]?.number == 1)
    }

    @Test func keepsTheWireInOrderWithRepeats() throws {
        let incoming = try hit("en=a&x=1&x=2&ep.k=1&ep.k=2&flag&_tu=DA")
        let event = incoming.event
        #expect(
            event.names(in: .ga4)
                == ["v", "tid", "cid", "_p", "_s", "en", "x", "x", "ep.k", "ep.k", "flag", "_tu"]
        )
        #expect(event.string("x", in: .ga4) == "2")
        #expect(event.names(in: .params) == ["k"])
        #expect(event.string("k", in: .params) == "2")
        #expect(incoming.measurementID == "G-TEST1")
    }

    @Test func linesOverlayTheQueryAndReplaceItsEvent() throws {
        let query = "v=2&tid=G-ABC&cid=1.2&en=page_view&dt=Query&_s=3&_p=7"
        let results = try decodeHit(
            query,
            body: "en=scroll&dt=Line&epn.percent_scrolled=90\r\n\r\nen=user_engagement&_et=5123\r\n"
        )
        #expect(names(results) == ["scroll", "user_engagement"])
        let first = try results[0].get()
        #expect(first.event.string(.pageTitle) == "Line")
        #expect(first.event.names(in: .ga4) == ["v", "tid", "cid", "_s", "_p", "en", "dt", "epn.percent_scrolled"])
        #expect(first.transmission.pageLoad == "G-ABC|1.2|7")
        #expect(first.transmission.hit == "3|0")
        let second = try results[1].get()
        #expect(second.event.string(.pageTitle) == "Query")
        #expect(second.transmission.hit == "3|1")
    }

    @Test func linesAreToldApartBeforeDecoding() throws {
        let results = try decodeHit("v=2&tid=G-A", body: "en=a&pr1=idX~nmone%0Atwo%26three\nen=b")
        #expect(names(results) == ["a", "b"])
        #expect(try results[0].get().event.string(.itemName, ofItem: 0) == "one\ntwo&three")
    }

    @Test func numbersAreReadLeniently() throws {
        let event = try hit("en=a&_et=NaN&sct=&epn.value=x&epn.n=NaN&epn.m=&ep.tax=1%2C5").event
        #expect(!event.has(.engagementTimeMsec))
        #expect(!event.has(.sessionNumber))
        #expect(!event.has(.value))
        #expect(event.string("value", in: .params) == "x")
        #expect(event.parameter("n", in: .params)?.type == .string)
        #expect(event.string("tax", in: .params) == "1,5")
    }

    @Test func debugModeStaysOnlyWhenItIsOn() throws {
        for value in ["false", "0", ""] {
            let event = try hit("en=a&ep.debug_mode=\(value)").event
            #expect(event.parameter("debug_mode", in: .params) == nil)
            #expect(event.parameter("ep.debug_mode", in: .ga4) == nil)
        }
        let event = try hit("en=a&ep.debug_mode=true&_dbg=1").event
        #expect(event.string("debug_mode", in: .params) == "true")
        #expect(event.string("_dbg", in: .ga4) == "1")
        #expect(!event.flags.contains(.test))
    }

    @Test func currenciesThatAreNoneBecomeParameters() throws {
        let event = try hit("en=a&cu=EURO").event
        #expect(!event.has(.currency))
        #expect(event.string("currency", in: .params) == "EURO")
    }

    @Test func addressOverridesLeaveTheWire() throws {
        let event = try hit("en=a&_uip=203.0.113.9").event
        #expect(event.string(.ipOverride) == "203.0.113.9")
        #expect(event.parameter("_uip", in: .ga4) == nil)
        let redacted = try hit("en=a&_uip=%3A%3A").event
        #expect(!redacted.has(.ipOverride))
        #expect(redacted.string("_uip", in: .ga4) == "::")
    }

    @Test func clientHintsAreThoseOfTheHeaders() throws {
        let event = try hit(
            "en=a&uaa=x86&uab=64&uam=Pixel%209%20%22Pro%22&uap=Android&uapv=15.0.0&uamb=1&uaw=0"
                + "&uafvl=Google%2520Chrome%3B143.0.7499.147%7CNot%253BA%253DBrand%3B24.0.0.0"
        ).event
        let hints = Dictionary(
            uniqueKeysWithValues: event[.clientHints].map { (event.string($0.key), event.string($0.text)) }
        )
        #expect(
            hints == [
                "sec-ch-ua-arch": "\"x86\"", "sec-ch-ua-bitness": "\"64\"", "sec-ch-ua-mobile": "?1",
                "sec-ch-ua-model": #""Pixel 9 \"Pro\"""#, "sec-ch-ua-platform": "\"Android\"",
                "sec-ch-ua-platform-version": "\"15.0.0\"", "sec-ch-ua-wow64": "?0",
                "sec-ch-ua-full-version-list": #""Google Chrome";v="143.0.7499.147", "Not;A=Brand";v="24.0.0.0""#,
            ]
        )
        #expect(event.string("uam", in: .ga4) == "Pixel 9 \"Pro\"")
    }

    @Test func clientHintsThatSayNothingAreLeftOut() throws {
        let event = try hit("en=a&uaa=&uam=&uapv=&uamb=x&uap=caf%C3%A9&uafvl=Chrome").event
        #expect(event[.clientHints].isEmpty)
    }

    @Test(arguments: [
        ("US-CA", "US", "CA"), ("fr-idf", "FR", "IDF"), ("DE", "DE", nil), ("", nil, nil), ("X1-AB", nil, nil),
    ])
    func theRegionOfTheVisitorIsRead(_ value: String, _ country: String?, _ region: String?) throws {
        let event = try hit("en=a&ur=\(value)").event
        #expect(event.string(.geoCountry) == country)
        #expect(event.string(.geoRegion) == region)
        #expect(event.string("ur", in: .ga4) == value)
    }

    @Test func currencyIsReadFromTheParameterWhereThereIsNoCu() throws {
        #expect(try hit("en=a&ep.currency=usd").event.string(.currency) == "USD")
        #expect(try hit("en=a&ep.currency=usd&cu=EUR").event.string(.currency) == "EUR")
        #expect(try hit("en=a&cu=EUR&ep.currency=usd").event.string(.currency) == "EUR")
        #expect(try hit("en=a&ep.currency=usd").event.names(in: .params).isEmpty)
    }

    @Test func internalTrafficIsAParameter() throws {
        #expect(try hit("en=a&tt=internal").event.string("traffic_type", in: .params) == "internal")
        #expect(try hit("en=a&tt=").event.names(in: .params).isEmpty)
    }

    @Test(arguments: ["", "0", "undefined", "null"])
    func placeholderIdsCountAsAbsent(_ id: String) throws {
        let event = try hit("en=a&ep.event_id=\(id)&ep.transaction_id=\(id)&uid=\(id)").event
        #expect(!event.has(.eventID))
        #expect(!event.has(.transactionID))
        #expect(!event.has(.userID))
    }

    @Test func nothingIsInAnItemTwice() throws {
        let event = try hit("en=purchase&pr1=idA~qtmany~k0price~v07~qt2~pr10~k1item_id~v1B~zzx~zzy").event
        let item = try #require(event.items.first)
        #expect(item[.quantity]?.number == 2)
        #expect(item[.price]?.number == 10)
        #expect(event.string(.itemID, ofItem: 0) == "A")
        #expect(item.params.map { event.bytes($0.key).elementsEqual("zz".utf8) } == [true])
    }

    @Test func itemsMayHaveGapsCustomFieldsAndText() throws {
        let event = try hit(
            "en=a&pr200=idLast&pr3=idThird~prfree~kvariant_name~v0Large~k1url~v1%2Fp~zzodd&pr0=idNo&pr201x=idNo&print=1"
        ).event
        #expect(event.items.count == 2)
        #expect(event.string(.itemID, ofItem: 1) == "Last")
        #expect(event.items[0][.price] == nil)
        #expect(event.parameters(ofItem: 0) == ["price": "free", "variant_name": "Large", "url": "/p", "zz": "odd"])
        #expect(names(try decodeHit("v=2&tid=G-A&en=a&pr201=idX")) == [nil])
    }

    // MARK: User data

    @Test func userDataIsUnflattenedAndTakenOffTheWire() throws {
        let incoming = try hit(
            "en=a&ep.user_data.email=j%40example.com&ep.user_data.phone_number.0=%2B331&ep.user_data.phone_number.1=%2B332"
                + "&ep.user_data.address.0.first_name=Jane&ep.user_data.address.1.first_name=Joan"
                + "&ep.user_data.address.city=Paris&ep.user_data.sha256_email_address=ab&ep.user_data._tag_mode=CODE"
                + "&epn.user_data.external_id=12&ep.email=k%40example.com&up.phone=%2B333&ep.kept=1"
        )
        #expect(incoming.values(.email) == ["j@example.com", "ab", "k@example.com"])
        #expect(incoming.userData.values.filter { $0.kind == .email }.map(\.hashed) == [false, true, false])
        #expect(incoming.values(.phone) == ["+331", "+332", "+333"])
        #expect(incoming.userData.values.filter { $0.kind == .firstName }.map(\.group) == [0, 1])
        #expect(incoming.values(.city) == ["Paris"])
        #expect(incoming.values(.externalID) == ["12"])
        #expect(incoming.event.names(in: .ga4).filter { $0.hasPrefix("ep") } == ["ep.kept"])
        #expect(incoming.event.names(in: .params) == ["kept"])
    }

    @Test func hashedUserDataIsReadAndTakenOffTheWire() throws {
        let hash = "lz3-Rj7IV4X1-Vr1ujkG7tstkxwk5pgkqJ6mXbpOgTs"
        let incoming = try hit(
            "en=a&em=tv.1~em.\(hash)~pn.e1~fn0.\(hash)~ct0.S%25C3%25A3o%2520Paulo~fn1.\(hash)~ec.e3&eme=x&emd=y&ecsid=z"
        )
        let hex = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
        #expect(incoming.values(.email) == [hex])
        #expect(incoming.values(.phone).isEmpty)
        #expect(incoming.userData.values.filter { $0.kind == .firstName }.map(\.group) == [0, 1])
        #expect(incoming.values(.city) == ["São Paulo"])
        #expect(incoming.userData.values.allSatisfy { $0.hashed == ($0.kind != .city) })
        #expect(Set(incoming.event.names(in: .ga4)).isDisjoint(with: ["em", "eme", "emd", "ecsid"]))
    }

    // MARK: Requests

    @Test func claimsItsPathsUnderAnyPrefix() {
        for path in ["/g/collect", "/metrics/g/collect", "/x/ag/g/c", "/j/collect", "/collect", "/g/s/collect"] {
            #expect(GtagClient().claims(hitRequest("", path: path)))
        }
        for path in ["/mp/collect", "/debug/mp/collect", "/v1/events", "/g/collect/x", "/"] {
            #expect(!GtagClient().claims(hitRequest("", path: path)))
        }
        #expect(GtagClient(aliases: ["/t"]).claims(hitRequest("", path: "/t")))
        var request = hitRequest("")
        request.method = "PUT"
        #expect(!GtagClient().claims(request))
    }

    @Test(arguments: [
        ("tid=G-A&en=a", 400, "/v"), ("v=2&en=a", 400, "/tid"), ("v=2&tid=AW-1&en=a", 400, "/tid"),
        ("v=2&tid=G-a&en=a", 400, "/tid"), ("v=2&tid=G-&en=a", 400, "/tid"),
    ])
    func refusesRequestsThatAreNoHits(_ query: String, _ status: Int, _ pointer: String) {
        let error = #expect(throws: RequestRejection.self) { try decodeHit(query) }
        #expect(error?.status == status)
        #expect(error?.pointer == pointer)
        #expect(error?.isDropped == false)
    }

    @Test(arguments: [
        ("/g/collect", "v=1&tid=UA-1-1&t=pageview"), ("/g/collect", "v=2&tid=G-A"),
        ("/g/s/collect", "v=2&tid=G-A&en=a"),
        ("/j/collect", "v=1&tid=UA-1-1"), ("/collect", "v=1&tid=UA-1-1"), ("/collect", "x=1"),
        ("/ccm/collect", "en=page_view"), ("/metrics/gs/ccm/collect", "en=page_view"),
        ("/mc/collect", "v=2&tid=MC-1&en=a"), ("/ads/ga-audiences", "t=sr"), ("/ccm/form-data/123", "gtm=1"),
        ("/metrics/as/d/x", "v=2&tid=G-A&en=a"), ("/d/pagead/form-data", ""), ("/_/set_cookie", "val=x"),
        ("/a", "id=G-A&v=3&t=t"), ("/metrics/td", "id=GTM-A"),
    ])
    func dropsPingsThatCarryNoEvent(_ path: String, _ query: String) {
        let error = #expect(throws: RequestRejection.self) {
            try GtagClient().decode(hitRequest(query, path: path), limits: DecodingLimits())
        }
        #expect(error?.isDropped == true)
    }

    @Test func linesWithoutANameAreRefusedAlone() throws {
        let results = try decodeHit("v=2&tid=G-A", body: "en=a\nepn.x=1\nen=b")
        #expect(names(results) == ["a", nil, "b"])
        #expect(results[1].failure?.pointer == "/en")
    }

    @Test func enforcesLimits() throws {
        var limits = DecodingLimits()
        limits.events = 2
        #expect(throws: RequestRejection.self) {
            try decodeHit("v=2&tid=G-A", body: "en=a\nen=b\nen=c", limits: limits)
        }
        limits = DecodingLimits()
        limits.wireParameters = 3
        #expect(throws: RequestRejection.self) { try decodeHit("v=2&tid=G-A&en=a&x=1", limits: limits) }
        #expect(names(try decodeHit("v=2&tid=G-A&en=a", body: "a=1&b=1&c=1&d=1\nen=b", limits: limits)) == [nil, "b"])
        limits = DecodingLimits()
        limits.params = 1
        #expect(names(try decodeHit("v=2&tid=G-A&en=a&ep.a=1&ep.b=1", limits: limits)) == [nil])
        limits = DecodingLimits()
        limits.textBytes = 5
        #expect(names(try decodeHit("v=2&tid=G-A&en=a&dt=123456", limits: limits)) == [nil])
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
