import RelaisEvent
import RelaisIngest
import Testing

@Suite struct GtagFixtureTests {
    struct Row: Sendable {
        var title: String
        var names: [String]
        var check: @Sendable ([IncomingEvent]) -> Void
    }

    private func decode(_ title: String, _ occurrence: Int = 0) throws -> [IncomingEvent] {
        let rows = try FixtureFile.hits("gtag-hits.tsv").filter { $0.title.contains(title) }
        return try GtagClient().decode(#require(rows.dropFirst(occurrence).first).request, limits: DecodingLimits())
            .map { try $0.get() }
    }

    @Test func everyRowDecodesOrIsAnsweredWithItsReason() throws {
        let client = GtagClient()
        var events = 0
        var refused: [String: Int] = [:]
        var unclaimed: [String] = []
        for (title, request) in try FixtureFile.hits("gtag-hits.tsv") {
            guard client.claims(request) else {
                unclaimed.append(request.path)
                continue
            }
            do throws(RequestRejection) {
                let results = try client.decode(request, limits: DecodingLimits())
                #expect(results.allSatisfy { $0.failure == nil }, "\(title)")
                events += results.count
            } catch {
                refused[title] = error.status
            }
        }
        #expect(events == 39)
        #expect(unclaimed == ["/_/service_worker/67r0/sw_iframe.html", "/_/service_worker/67r0/sw.js", "/log"])
        #expect(refused.values.sorted() == [204, 204, 204, 400, 400])
    }

    @Test func pageViewWithConsent() throws {
        let incoming = try #require(decode("pkg/encoding/gtag/decode_test.go").first)
        #expect(incoming.event.string(.eventName) == "page_view")
        #expect(incoming.event.string(.clientID) == "584335997.1746564151")
        #expect(incoming.event.number(.engagementTimeMsec) == 12397)
        #expect(incoming.event.consent[.adStorage] == .granted)
        #expect(incoming.event.consent[.adPersonalization] == .granted)
        #expect(incoming.event.string(.consentOrigin) == "gcd")
        #expect(incoming.event.string("richsstsse", in: .ga4) == "")
        #expect(incoming.transmission.pageLoad == "G-F9XM71K45T|584335997.1746564151|1749196701069")
        #expect(incoming.transmission.hit == "13|0")
    }

    @Test func addToCartWithAnItem() throws {
        let event = try #require(decode("pkg/encoding/gtag/decode_test.go", 1).first).event
        #expect(event.string(.eventName) == "add_to_cart")
        #expect(event.number(.value) == 30.03)
        #expect(event.string(.currency) == "USD")
        #expect(event.string(.itemName, ofItem: 0) == "Stan and Friends Tee")
        #expect(event.string(.itemCategory5, ofItem: 0) == "Short sleeve")
        #expect(event.items[0][.discount]?.number == 2.22)
    }

    @Test func deniedConsentIsPendingUntilUpdated() throws {
        let event = try #require(decode("pkg/encoding/gtag/encode_test.go").first).event
        #expect(event.string(.eventName) == "scroll")
        #expect(!event.has(.engagementTimeMsec))
        #expect(event.consent[.adStorage] == .pending)
        #expect(event.consent[.adUserData] == .pending)
        #expect(event.string("npa", in: .ga4) == "1")
        #expect(event.parameter("percent_scrolled", in: .params)?.number == 90)
    }

    @Test func refundAndSearch() throws {
        let refund = try #require(decode("refund.go").first).event
        #expect(refund.string(.eventName) == "refund")
        #expect(refund.string("_dbg", in: .ga4) == "1")
        #expect(try decode("search.go").first?.event.string(.eventName) == "search")
    }

    @Test func purchaseWithCustomFieldsAndUserData() throws {
        let incoming = try #require(decode("ga4-payload-parser README.md", 1).first)
        #expect(incoming.event.string(.eventName) == "purchase")
        #expect(incoming.event.string(.eventID) == "1738980736899_1739204876203")
        #expect(incoming.event.string(.transactionID) == "5502962827364")
        #expect(incoming.event.number(.value) == 7630)
        #expect(
            incoming.event.parameters(ofItem: 0) == [
                "variant_name": "Lithograph - Height: 9\" x Width: 12\"", "item_url": "/products/example-t-shirt",
                "imageURL":
                    "https://cdn.shopify.com/s/files/1/0693/7693/3988/files/green-t-shirt_64x64.jpg?v=1738978682",
            ]
        )
        #expect(incoming.values(.email) == ["user@example.com"])
        #expect(incoming.values(.street) == ["123 Main St"])
        #expect(incoming.values(.country) == ["USA"])
    }

    @Test func theWrappedFormIsTheSameHit() throws {
        let wrapped = try #require(decode("ga4-payload-parser README.md", 0).first)
        #expect(wrapped.event.string(.eventName) == "purchase")
        #expect(wrapped.event.string(.transactionID) == "5502962827364")
        #expect(wrapped.measurementID == "G-ABCDEF1234")
        #expect(wrapped.values(.firstName) == ["John"])
    }

    @Test func purchaseWithTwoItems() throws {
        let event = try #require(decode("ga4_purchase").first).event
        #expect(event.items.count == 2)
        #expect(event.number(.value) == 72.05)
        #expect(event.number(.tax) == 3.6)
        #expect(event.string(.coupon) == "SUMMER_SALE")
        #expect(event.string(.promotionName, ofItem: 1) == "Summer Sale")
        #expect(event.parameters(ofItem: 1) == ["google_business_vertical": "retail"])
        #expect(event.string("customer_type", in: .params) == "new")
    }

    @Test func batchWithTrailingLineBreak() throws {
        let events = try decode("batch, trailing CRLF")
        #expect(events.map { $0.event.string(.eventName) } == ["scroll", "user_engagement"])
        #expect(events[1].event.number(.engagementTimeMsec) == 5123)
        #expect(events.allSatisfy { $0.event.consent[.analyticsStorage] == .pending })
        #expect(events[0].transmission.pageLoad.isEmpty)
    }

    @Test func tagGatewayWithDeclaredConsent() throws {
        let event = try #require(decode("tag-gateway form").first).event
        #expect(event.string(.eventName) == "page_view")
        #expect(event.consent[.adUserData] == .granted)
        #expect(event.consent[.adStorage] == .unset)
        #expect(event.string("_uip", in: .ga4) == "::")
    }

    @Test func plusSignsAreSpaces() throws {
        #expect(
            try decode("README tracking pixel").first?.event.string(.pageTitle)?.hasPrefix(
                "ModuleFederationExamples server"
            ) == true
        )
        #expect(
            try decode("README tracking pixel").first?.event.string(.clientID) == "ae045149-9d17-0367-bbb0-11c41d92b411"
        )
    }

    @Test func itemListsWithEncodedSeparators() throws {
        let events = try decode("garbarino")
        #expect(events.allSatisfy { $0.event.string(.eventName) == "view_item_list" })
        #expect(events[0].event.string(.itemCategory, ofItem: 0) == "Celulares, Notebooks Y Tecnología")
        #expect(events[0].event.items[0][.price]?.number == 1_001_900)
        #expect(events[0].event.string(.language) == "es-419")
    }

    @Test func falseDebugModeIsLeftOut() throws {
        let event = try #require(decode("empty ep values").first).event
        #expect(event.string(.eventName) == "form_start")
        #expect(event.parameter("debug_mode", in: .params) == nil)
        #expect(event.parameter("form_length", in: .params)?.number == 9)
        #expect(event.string("form_id", in: .params) == "")
    }

    @Test func purchaseOfAnotherImplementation() throws {
        let event = try #require(decode("PHP gtag").first).event
        #expect(event.string(.transactionID) == "T-112")
        #expect(event.number(.value) == 16.97)
        #expect(event.string(.itemName, ofItem: 1) == "paper and cisors")
        #expect(event.string("debug_mode", in: .params) == "true")
    }

    @Test func bodyEventsReplaceTheQuerysEvent() throws {
        let events = try decode("en in query AND LF")
        #expect(events.map { $0.event.string(.eventName) } == ["scroll", "user_engagement"])
        #expect(events[0].event.string(.pageLocation) == "https://openart.ai/home")
    }

    @Test func companionsOfHashedUserDataLeaveTheWire() throws {
        let event = try #require(decode("redaction unit test").first).event
        #expect(event.string(.eventName) == "click")
        #expect(event.names(in: .ga4) == ["v", "tid", "en", "ep.click_text"])
    }

    @Test func fullHitsOfCurrentBuilds() throws {
        let rows = try FixtureFile.jsonLines("gtag-full-hits.jsonl")
        let events = try rows.map { row in
            try #require(decodeHit(row["raw_query"] as? String ?? "").first).get().event
        }
        #expect(events.map { $0.string(.eventName) } == ["user_engagement", "page_view"])
        #expect(events[0].parameter("device_pixel_ratio", in: .params)?.number == 2)
        #expect(events[0].consent.isUnset)
        #expect(events[1].string(.pageTitle) == "Home — Shop")
        #expect(events[1].string("uam", in: .ga4) == "Nexus 5")
    }
}
