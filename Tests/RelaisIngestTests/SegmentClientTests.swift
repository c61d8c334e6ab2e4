import RelaisEvent
import Testing

@testable import RelaisIngest

func segmentRequest(_ body: String, path: String = "/v1/track", query: String = "") -> IncomingRequest {
    IncomingRequest(
        method: "POST",
        path: path,
        query: Array(query.utf8),
        body: Array(body.utf8),
        remoteAddress: "192.0.2.7",
        receivedMicros: now
    )
}

func decodeSegment(_ body: String, path: String = "/v1/track", limits: DecodingLimits = DecodingLimits()) throws
    -> [Result<IncomingEvent, EventRejection>]
{
    try SegmentClient().decode(segmentRequest(body, path: path), limits: limits)
}

func message(_ body: String, path: String = "/v1/track") throws -> IncomingEvent {
    try #require(try decodeSegment(body, path: path).first).get()
}

func track(_ event: String, _ properties: String = "{}", more: String = "") throws -> IncomingEvent {
    try message(#"{"userId":"u-1","event":"\#(event)","properties":\#(properties)\#(more)}"#)
}

@Suite struct SegmentClientTests {
    private static let order = #"""
        {"properties":{"checkout_id":"c-1","order_id":"50314b8e","affiliation":"Google Store","total":27.50,
        "subtotal":22.50,"revenue":25.00,"shipping":3,"tax":2,"discount":2.5,"coupon":"hasbros","currency":"usd","products":[
        {"product_id":"507f","sku":"45790-32","name":"Monopoly","price":19,"quantity":1,"category":"Games",
        "url":"https://shop.example/p"},{"sku":"46493-32","name":"Uno","price":"3.10","quantity":2,"position":2}]},
        "event":"Order Completed","type":"track","userId":"u-1","anonymousId":"a-1","messageId":"m-1"}
        """#

    @Test func anOrderIsAPurchase() throws {
        let event = try message(Self.order).event
        #expect(event.string(.eventName) == "purchase")
        #expect(event.string(.eventID) == "m-1")
        #expect(event.string(.userID) == "u-1")
        #expect(event.string(.clientID) == "a-1")
        #expect(event.string(.transactionID) == "50314b8e")
        #expect(event.string(.value) == "25.00")
        #expect(event.string(.currency) == "USD")
        #expect(event.number(.tax) == 2)
        #expect(event.number(.shipping) == 3)
        #expect(event.string(.coupon) == "hasbros")
        #expect(event.names(in: .params) == ["checkout_id", "affiliation", "discount", "subtotal", "total"])
    }

    @Test func productsAreItems() throws {
        let event = try message(Self.order).event
        #expect(event.items.count == 2)
        #expect(event.string(.itemID, ofItem: 0) == "507f")
        #expect(event.string(.itemName, ofItem: 0) == "Monopoly")
        #expect(event.string(.itemCategory, ofItem: 0) == "Games")
        #expect(event.string(.price, ofItem: 1) == "3.10")
        #expect(event.string(.index, ofItem: 1) == "2")
        #expect(event.string(.itemID, ofItem: 1) == "46493-32")
        #expect(event.parameters(ofItem: 0) == ["sku": "45790-32", "url": "https://shop.example/p"])
    }

    @Test(arguments: EcommerceEvent.all.map { ($0.segmentName, $0.name) })
    func everyNameOfTheSpecIsGA4s(_ segment: String, _ name: String) throws {
        #expect(try track(segment).event.string(.eventName) == name)
        #expect(try track(segment.lowercased()).event.string(.eventName) == name)
        #expect(try track(name).event.string(.eventName) == name)
    }

    @Test(arguments: [
        ("Newsletter Signed Up", "newsletter_signed_up"), ("orderCompleted", "purchase"), ("SKU Added!", "sku_added"),
        ("  spaced -- out  ", "spaced_out"), ("généré", "généré"), ("purchase", "purchase"), ("GA4Event", "ga4_event"),
    ])
    func otherNamesAreSnakeCase(_ sent: String, _ name: String) throws {
        #expect(try track(sent).event.string(.eventName) == name)
    }

    @Test func propertiesWithGA4sNamesAreReadToo() throws {
        let event = try track(
            "purchase",
            #"{"transaction_id":7,"value":"9.90","currency":"EUR","items":[{"item_id":"A","item_name":"Tee","price":9.9}]}"#
        ).event
        #expect(event.string(.transactionID) == "7")
        #expect(event.string(.value) == "9.90")
        #expect(event.string(.itemID, ofItem: 0) == "A")
        #expect(event.string(.itemName, ofItem: 0) == "Tee")
    }

    @Test func aProductEventIsAboutOneItemAndWorthItsPriceTimesItsQuantity() throws {
        let event = try track(
            "Product Added",
            #"""
            {"cart_id":"c","sku":"G-32","name":"Monopoly","brand":"Hasbro","variant":"200","price":18.99,"quantity":3,
            "coupon":"MAY","position":3,"list_id":"hot"}
            """#
        ).event
        #expect(event.string(.value) == "56.97")
        #expect(event.items.count == 1)
        #expect(event.string(.itemID, ofItem: 0) == "G-32")
        #expect(event.string(.itemBrand, ofItem: 0) == "Hasbro")
        #expect(event.string(.coupon, ofItem: 0) == "MAY")
        #expect(event.string("item_list_id", in: .params) == "hot")
        #expect(event.string("cart_id", in: .params) == "c")
        #expect(try track("Product Viewed", #"{"product_id":"1","price":"0.05"}"#).event.string(.value) == "0.05")
        #expect(try track("Product Viewed", #"{"product_id":"1","price":5,"value":7}"#).event.string(.value) == "7")
        #expect(try track("Product Clicked", #"{"product_id":"1","price":5}"#).event.has(.value) == false)
    }

    @Test func searchesListsPromotionsAndPaymentsHaveGA4sParameters() throws {
        let list = try track("Product List Viewed", #"{"list_id":"hot_1","category":"Deals"}"#).event
        #expect(list.string("item_list_id", in: .params) == "hot_1")
        #expect(list.string("item_list_name", in: .params) == "Deals")
        let promotion = try track(
            "Promotion Clicked",
            #"{"promotion_id":"p","creative":"top","name":"Sale","position":"home"}"#
        ).event
        #expect(
            promotion.names(in: .params) == ["promotion_id", "creative_name", "promotion_name", "creative_slot"]
        )
        #expect(
            try track("Products Searched", #"{"query":"blue roses"}"#).event.string("search_term", in: .params)
                == "blue roses"
        )
        let payment = try track("Payment Info Entered", #"{"payment_method":"Visa","shipping_method":"Fedex"}"#).event
        #expect(payment.string("payment_type", in: .params) == "Visa")
        #expect(payment.string("shipping_tier", in: .params) == "Fedex")
    }

    @Test func whatIsNoNumberStaysAParameter() throws {
        let event = try track(
            "Order Completed",
            #"{"revenue":"129,90","total":"31.00","tax":"a lot","currency":"euros","products":"none","order_id":null}"#
        ).event
        #expect(event.string(.value) == "31.00")
        #expect(event.string("revenue", in: .params) == "129,90")
        #expect(event.string("tax", in: .params) == "a lot")
        #expect(event.string("currency", in: .params) == "euros")
        #expect(event.items.isEmpty)
        #expect(!event.has(.transactionID))
    }

    @Test func aParameterNeverBearsTheNameOfAFieldThatIsThere() throws {
        let event = try track("Order Completed", #"{"value":"129,90","total":31,"tax":"much","tax":5}"#).event
        #expect(event.string(.value) == "31")
        #expect(event.names(in: .params).isEmpty)
        let item = try track(
            "Product Added",
            #"{"product_id":"A","item_id":"B","price":5,"price":6,"coupon":{"a":1},"coupon":"MAY","name":"Tee","name":"T"}"#
        ).event
        #expect(item.string(.itemID, ofItem: 0) == "A")
        #expect(item.string(.price, ofItem: 0) == "5")
        #expect(item.string(.coupon, ofItem: 0) == "MAY")
        #expect(item.parameters(ofItem: 0) == ["name": "T"])
    }

    @Test func pagesAndScreensAreViews() throws {
        let page = try message(
            #"""
            {"anonymousId":"a","name":"Home","category":"Docs","properties":{"url":"https://shop.example/x?gclid=1",
            "path":"/x","referrer":"https://g.example/","title":"Welcome","plan":"b"}}
            """#,
            path: "/v1/page"
        ).event
        #expect(page.string(.eventName) == "page_view")
        #expect(page.string(.pageLocation) == "https://shop.example/x?gclid=1")
        #expect(page.string(.pageTitle) == "Welcome")
        #expect(page.string(.pageReferrer) == "https://g.example/")
        #expect(page.names(in: .params) == ["plan", "page_name", "page_category"])
        let screen = try message(#"{"userId":"u","name":"Cart","category":"Shop"}"#, path: "/v1/s").event
        #expect(screen.string(.eventName) == "screen_view")
        #expect(screen.string("screen_name", in: .params) == "Cart")
        #expect(screen.string("screen_class", in: .params) == "Shop")
        #expect(
            try message(#"{"userId":"u","name":"Cart"}"#, path: "/v1/p").event.string(.pageTitle) == "Cart"
        )
    }

    @Test func traitsAreUserDataAndUserProperties() throws {
        let incoming = try message(
            #"""
            {"userId":"u-7","traits":{"email":"jane@example.org","phone":"0612345678","firstName":"Jane","lastName":"Doe",
            "name":"Other Name","birthday":"1990-01-31","gender":"f","plan":"gold","logins":3,"avatar":"https://x.example/j",
            "address":{"street":"1 rue","city":"Paris","state":"IDF","postalCode":75001,"country":"FR"}}}
            """#,
            path: "/v1/identify"
        )
        #expect(incoming.event.string(.eventName) == "identify")
        #expect(incoming.values(.email) == ["jane@example.org"])
        #expect(incoming.values(.phone) == ["0612345678"])
        #expect(incoming.values(.firstName) == ["Jane"])
        #expect(incoming.values(.lastName) == ["Doe"])
        #expect(incoming.values(.dateOfBirth) == ["1990-01-31"])
        #expect(incoming.values(.city) == ["Paris"])
        #expect(incoming.values(.region) == ["IDF"])
        #expect(incoming.values(.postalCode) == ["75001"])
        #expect(incoming.values(.externalID) == ["u-7"])
        #expect(incoming.event.names(in: .userProperties) == ["plan", "logins"])
        #expect(!contains(incoming.event.record(), "jane@example.org"))
        #expect(!contains(incoming.event.record(), "Doe"))
    }

    @Test func traitsOfTheContextBelongToThePersonToo() throws {
        let incoming = try track("X", "{}", more: #","context":{"traits":{"email":"j@example.org","name":"Jane Doe"}}"#)
        #expect(incoming.values(.email) == ["j@example.org"])
        #expect(incoming.values(.firstName) == ["Jane"])
        #expect(incoming.values(.lastName) == ["Doe"])
    }

    @Test func aGroupsTraitsAreNobodysUserData() throws {
        let incoming = try message(
            #"{"userId":"u","groupId":"g-1","traits":{"name":"Initech","email":"info@initech.example","employees":329}}"#,
            path: "/v1/group"
        )
        #expect(incoming.event.string(.eventName) == "join_group")
        #expect(incoming.event.string("group_id", in: .params) == "g-1")
        #expect(incoming.event.string("employees", in: .params) == "329")
        #expect(incoming.values(.email).isEmpty)
        #expect(!contains(incoming.event.record(), "info@"))
    }

    @Test func theContextTellsOfThePageTheVisitorAndTheCampaign() throws {
        let event = try track(
            "X",
            "{}",
            more: #"""
                ,"context":{"ip":"203.0.113.9","userAgent":"Mozilla/5.0","locale":"fr-FR","timezone":"Europe/Paris",
                "library":{"name":"x"},"screen":{"width":1440,"height":900,"density":2},"fbp":"fb.1.2.3",
                "page":{"url":"https://shop.example/a","path":"/a","title":"A","search":""},
                "campaign":{"source":"news","name":"may","medium":"email"}}
                """#
        ).event
        #expect(event.string(.ipOverride) == "203.0.113.9")
        #expect(event.string(.userAgent) == "Mozilla/5.0")
        #expect(event.string(.language) == "fr-FR")
        #expect(event.string(.screenResolution) == "1440x900")
        #expect(event.string(.pageLocation) == "https://shop.example/a")
        #expect(event.string("_fbp", in: .cookies) == "fb.1.2.3")
        #expect(
            event.names(in: .params) == ["timezone", "campaign_source", "campaign_name", "campaign_medium"]
        )
    }

    @Test func oneClockCorrectsTheOther() throws {
        func time(_ members: String) throws -> Int64? {
            try track("X", "{}", more: members).event.integer(.timestampMicros)
        }
        let late = #","timestamp":"2020-01-01T00:00:00.000Z","sentAt":"2020-01-01T00:01:30.000Z""#
        #expect(try time(late) == now - 90_000_000)
        #expect(try time(#","originalTimestamp":"2026-11-26T11:00:00+01:00""#) == 1_795_687_200_000_000)
        #expect(try time("") == nil)
        #expect(try time(#","timestamp":null"#) == nil)
    }

    @Test func aBatchSaysForItsMessagesWhatTheyDoNotSayThemselves() throws {
        let results = try decodeSegment(
            #"""
            {"batch":[{"type":"track","event":"A","userId":"u","timestamp":"2020-01-01T00:00:00Z","messageId":"1"},
            {"type":"page","anonymousId":"a","context":{"ip":"203.0.113.2"},"messageId":"2"},
            {"type":"alias","userId":"u","previousId":"old","messageId":"3"}],
            "sentAt":"2020-01-01T00:00:10Z","context":{"ip":"203.0.113.1","locale":"de"},"integrations":{"Meta":false}}
            """#,
            path: "/v1/batch"
        )
        let incoming = try results.map { try $0.get() }
        #expect(incoming.map { $0.event.string(.eventName) } == ["a", "page_view", "alias"])
        #expect(incoming.map { $0.event.string(.ipOverride) } == ["203.0.113.1", "203.0.113.2", "203.0.113.1"])
        #expect(incoming.map { $0.event.string(.language) } == ["de", "de", "de"])
        #expect(incoming[0].event.integer(.timestampMicros) == now - 10_000_000)
        #expect(incoming[2].event.string("previous_id", in: .params) == "old")
        #expect(incoming.allSatisfy { $0.integrations.named == [.init(name: "Meta", isOn: false)] })
    }

    @Test func integrationsSwitchDestinationsAndNameTheGoogleSession() throws {
        let incoming = try track(
            "X",
            "{}",
            more: #"""
                ,"integrations":{"All":false,"Facebook Conversions API":true,"Google Analytics 4":{"clientId":"12.34",
                "sessionId":1795445369,"other":[1]},"TikTok":null}
                """#
        )
        #expect(!incoming.integrations.all)
        #expect(
            incoming.integrations.named == [
                .init(name: "Facebook Conversions API", isOn: true), .init(name: "Google Analytics 4", isOn: true),
            ]
        )
        #expect(incoming.event.string(.clientID) == "12.34")
        #expect(incoming.event.string(.sessionID) == "1795445369")
    }

    @Test(arguments: [
        (#"{"categoryPreferences":{"Advertising":true,"Analytics":false}}"#, "granted denied granted granted"),
        (#"{"categoryPreferences":{"C0002":true,"C0004":false}}"#, "denied granted denied denied"),
        (#"{"categoryPreferences":{"Analytics":true,"Data Sharing":false}}"#, "denied granted denied denied"),
        (#"{"categoryPreferences":{"ad_storage":true,"Data Sharing":true}}"#, "granted unset unset unset"),
        (#"{"ad_storage":"granted","ad_user_data":"denied"}"#, "granted unset denied unset"),
    ])
    func consentIsReadFromCategories(_ consent: String, _ expected: String) throws {
        let event = try track("X", "{}", more: #","context":{"consent":\#(consent),"locale":"fr"}"#).event
        let purposes: [ConsentPurpose] = [.adStorage, .analyticsStorage, .adUserData, .adPersonalization]
        #expect(purposes.map { event.consent[$0].name }.joined(separator: " ") == expected)
        #expect(event.string(.consentOrigin) == "event")
        #expect(event.string(.language) == "fr")
    }

    @Test func consentOfRudderStackIsTwoListsOfCategories() throws {
        let event = try track(
            "X",
            "{}",
            more: #"""
                ,"context":{"consentManagement":{"provider":"oneTrust","allowedConsentIds":["C0002"],
                "deniedConsentIds":["C0004"]}}
                """#
        ).event
        #expect(event.consent[.analyticsStorage] == .granted)
        #expect(event.consent[.adUserData] == .denied)
    }

    @Test(arguments: [
        (#"{"event":"X"}"#, "", "a message needs a userId or an anonymousId"),
        (#"{"userId":"u"}"#, "/event", "a tracked event needs a name"),
        (#"{"userId":"u","event":"!!"}"#, "/event", "no letter or digit"),
        (#"{"userId":true,"event":"X"}"#, "/userId", "a string is expected"),
        (
            #"{"userId":"u","event":"X","properties":{"products":[{},{"colour":1,"colour":2}]}}"#,
            "/properties/products/1/colour", "given twice"
        ),
        (#"{"userId":"u","event":"X","timestamp":"yesterday"}"#, "/timestamp", "ISO 8601"),
        (#"{"userId":"u","event":"X","sentAt":5,"timestamp":"2026-01-01T00:00:00Z"}"#, "/sentAt", "ISO 8601"),
        (
            #"{"userId":"u","event":"X","context":{"consent":{"ad_storge":"denied"}}}"#, "/context/consent/ad_storge",
            "no purpose"
        ),
    ])
    func aRefusedMessageSaysWhere(_ body: String, _ pointer: String, _ reason: String) throws {
        guard case .failure(let rejection) = try #require(try decodeSegment(body).first) else {
            throw UnexpectedAcceptance(body: body)
        }
        #expect(rejection.pointer == pointer)
        #expect(rejection.reason.contains(reason))
    }

    @Test func aRefusedMessageSpoilsNoOther() throws {
        let results = try decodeSegment(
            #"""
            {"batch":[{"type":"track","event":"A","userId":"u"},7,{"type":"tracks","userId":"u"},{"userId":"u"},
            {"type":"page","userId":"u","userId":"v"},{"type":"identify","userId":"u"}]}
            """#,
            path: "/v1/import"
        )
        #expect(names(results) == ["a", nil, nil, nil, nil, "identify"])
    }

    @Test(arguments: [
        ("", 400), ("[]", 400), ("{", 400), (#"{"batch":{}}"#, 400), (#"{"batch":[1,]}"#, 400), ("{}", 400),
        (#"{"batch":[]} x"#, 400), (#"{"batch":[1,2,3]}"#, 413),
    ])
    func aBodyThatIsNoBatchIsRefusedAsAWhole(_ body: String, _ status: Int) throws {
        var limits = DecodingLimits()
        limits.events = 2
        let error = #expect(throws: RequestRejection.self) {
            try decodeSegment(body, path: "/v1/batch", limits: limits)
        }
        #expect(error?.status == status)
    }

    @Test(arguments: [
        (#"{"writeKey":"k-1","batch":[]}"#, "", "k-1"), (#"{"batch":[{"writeKey":"k-2"}]}"#, "", "k-2"),
        (#"{"batch":[{"writeKey":"k-2"}],"writeKey":"k-1"}"#, "", "k-1"), ("{}", "writeKey=k%2D3", "k-3"),
        (#"{"writeKey":7}"#, "", nil), ("{", "x=1&writeKey=", nil),
    ])
    func theKeyIsFoundInQueryBodyAndMessage(_ body: String, _ query: String, _ key: String?) {
        #expect(SegmentClient().writeKey(in: segmentRequest(body, path: "/v1/batch", query: query)) == key)
    }

    @Test func onlyItsPathsAreClaimed() {
        for path in [
            "/v1/track", "/v1/t", "/v1/p", "/v1/i", "/v1/g", "/v1/a", "/v1/s", "/v1/b", "/v1/batch", "/v1/import",
        ] {
            #expect(SegmentClient().claims(segmentRequest("{}", path: path)))
        }
        for path in ["/v1/events", "/v1/", "/v1/tracks", "/track", "/v1/track/"] {
            #expect(!SegmentClient().claims(segmentRequest("{}", path: path)))
        }
        var get = segmentRequest("{}")
        get.method = "GET"
        #expect(!SegmentClient().claims(get))
    }
}

@Suite struct ISOTimeTests {
    private func micros(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { ISOTime.micros($0) }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-26T10:00:00Z", 1_795_687_200_000_000),
            ("2026-11-26T11:00:00+01:00", 1_795_687_200_000_000), ("2026-11-26 04:30:00.5-0530", 1_795_687_200_500_000),
            ("2026-11-26T10:00:00.123456789Z", 1_795_687_200_123_456), ("2024-02-29T12:00Z", 1_709_208_000_000_000),
            ("2000-03-01T00:00:00", 951_868_800_000_000), ("1969-12-31T23:59:59Z", -1_000_000),
        ] as [(String, Int64)]
    )
    func timesAreRead(_ text: String, _ expected: Int64) { #expect(micros(text) == expected) }

    @Test(arguments: [
        "", "2026", "2026-11-26", "2026-13-01T00:00:00Z", "2026-11-26T24:00:00Z", "2026-11-26T10:00:00.Z",
        "2026-11-26T10:00:00+1", "2026-11-26T10:00:00Zx", "26 Nov 2026 10:00:00", "1795687200", "２０２６-11-26T10:00:00Z",
    ])
    func whatIsNoTimeIsRefused(_ text: String) { #expect(micros(text) == nil) }
}

@Suite struct DecimalProductTests {
    @Test(arguments: [
        ("18.99", "3", "56.97"), ("0.05", "2", "0.10"), ("-2.5", "3", "-7.5"), ("7", "0", "0"), ("0.005", "1", "0.005"),
        ("1e3", "2", nil), ("3", "1.5", nil), ("999999999999999999", "999", nil),
    ])
    func productsAreExact(_ decimal: String, _ factor: String, _ expected: String?) {
        let product = Array(decimal.utf8).withUnsafeBufferPointer { decimal in
            Array(factor.utf8).withUnsafeBufferPointer { DecimalText.product(decimal, by: $0) }
        }
        #expect(product.map { String(decoding: $0, as: UTF8.self) } == expected)
    }
}
