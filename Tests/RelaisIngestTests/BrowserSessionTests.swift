import RelaisEvent
import RelaisIngest
import Testing

@Suite struct BrowserSessionTests {
    private func session() throws -> [Int: [IncomingEvent]] {
        var result: [Int: [IncomingEvent]] = [:]
        for (line, request) in try FixtureFile.browserSession().enumerated() where GtagClient().claims(request) {
            result[line] = try GtagClient().decode(request, limits: DecodingLimits()).map { try $0.get() }
        }
        return result
    }

    private func normalize(_ incoming: IncomingEvent, _ request: IncomingRequest) -> (Event, [IdentityKey]) {
        var incoming = incoming
        let context = NormalizationContext(
            site: "shop",
            source: "web",
            client: GtagClient.name,
            believesSender: false,
            visitor: VisitorHeaders(request),
            address: request.remoteAddress,
            receivedMicros: request.receivedMicros
        )
        let identities = Normalizer().normalize(&incoming, in: context)
        let policy = CookiePolicy(site: "shop", key: .random())
        var cookies = VisitorCookies(request, policy: policy, place: nil)
        cookies.complete(&incoming.event, consent: CookieConsent(incoming.event.consent) { _ in true })
        return (incoming.event, identities)
    }

    @Test func everyHitHasItsNames() throws {
        let names = try session().mapValues { $0.map { $0.event.string(.eventName) ?? "" } }
        #expect(
            names == [
                0: ["page_view"], 2: ["view_item"], 3: ["add_to_cart"], 4: ["purchase"], 5: ["user_engagement"],
                6: ["page_view"], 7: ["view_item", "add_to_cart"], 8: ["purchase"], 9: ["page_view"],
                10: ["purchase"], 11: ["user_engagement"], 13: ["user_engagement"], 14: ["page_view"],
                16: ["view_item"], 17: ["add_to_cart"], 18: ["purchase"], 19: ["user_engagement"],
                20: ["page_view"], 21: ["view_item", "add_to_cart"], 22: ["purchase"], 23: ["user_engagement"],
            ]
        )
    }

    @Test func consentFollowsTheVisitor() throws {
        for (line, events) in try session() {
            let expected: ConsentState =
                switch line {
                case 6...8: .pending
                case 9...19: .granted
                default: .unset
                }
            for purpose in [ConsentPurpose.adStorage, .analyticsStorage, .adUserData, .adPersonalization] {
                #expect(events.allSatisfy { $0.event.consent[purpose] == expected }, "line \(line)")
            }
        }
    }

    @Test func onlyTheSitesOwnEventsAreConsentCopies() throws {
        let session = try session()
        let copies = session.filter { $0.value.contains { $0.transmission.isConsentCopy } }.keys.sorted()
        #expect(copies == [9, 10])
        let updates = session.filter { $0.value.contains { $0.event.flags.contains(.consentUpdate) } }.keys.sorted()
        #expect(updates == [9, 10, 11])
    }

    @Test func purchasesBearTheirIdsAndMoney() throws {
        let incoming = try #require(session()[4]?.first)
        #expect(incoming.event.string(.eventID) == "evt-1795445371919")
        #expect(incoming.event.string(.transactionID) == "T-1795445371919")
        #expect(incoming.event.string(.value) == "129.9")
        #expect(incoming.event.number(.shipping) == 4.9)
        #expect(incoming.event.string(.itemCategory, ofItem: 0) == "Vêtements")
        #expect(incoming.event.string(.itemName, ofItem: 0) == "T-shirt ~ bleu")
        #expect(incoming.values(.email) == ["jane.doe@example.com"])
        #expect(incoming.values(.postalCode) == ["75001"])
        #expect(incoming.measurementID == "G-TEST123456")
    }

    @Test func theCopyOfAPurchaseSharesItsIdentities() throws {
        let requests = try FixtureFile.browserSession()
        let session = try session()
        let first = normalize(try #require(session[8]?.first), requests[8]).1
        let copy = normalize(try #require(session[10]?.first), requests[10]).1
        #expect(first.contains { $0.window == .purchase })
        #expect(first.filter { $0.role == .both } == copy)
        #expect(copy.count == 2)
    }

    @Test func theCopyOfAPageViewIsFoundByItsPageLoad() throws {
        let requests = try FixtureFile.browserSession()
        let session = try session()
        let first = normalize(try #require(session[6]?.first), requests[6]).1
        let copy = normalize(try #require(session[9]?.first), requests[9]).1
        let mark = try #require(first.first { $0.role == .mark })
        let match = try #require(copy.last)
        #expect(match == mark)
        #expect(match.role == .both)
        #expect(first.first != copy.first)
    }

    @Test func aRequestThatIsSentAgainMakesTheSameEventIds() throws {
        let requests = try FixtureFile.browserSession()
        let events = try #require(session()[7])
        let once = events.map { normalize($0, requests[7]).0.string(.eventID) }
        let again = events.map { normalize($0, requests[7]).0.string(.eventID) }
        #expect(once == again)
        #expect(Set(once).count == 2)
        #expect(once.allSatisfy { $0?.utf8.count == 32 })
    }

    @Test func headersAndCookiesOfTheBrowserAreTaken() throws {
        let requests = try FixtureFile.browserSession()
        let (event, _) = normalize(try #require(session()[4]?.first), requests[4])
        #expect(event.string(.userAgent)?.contains("HeadlessChrome/156") == true)
        #expect(event.string("sec-ch-ua-platform", in: .clientHints) == "\"Linux\"")
        #expect(event.string("sec-ch-ua-mobile", in: .clientHints) == "?0")
        #expect(event.string("_ga", in: .cookies) == "GA1.1.1747939876.1795445369")
        #expect(event.string("_ga_TEST123456", in: .cookies)?.hasPrefix("GS2.1.s1795445369") == true)
        #expect(event.string(.pageHostname) == "shop.example")
        #expect(event.string(.ipOverride) == "192.0.2.7")
        let (earlier, _) = normalize(try #require(session()[3]?.first), requests[3])
        #expect(earlier.parameter("_ga_TEST123456", in: .cookies) == nil)
    }

    @Test func noPersonalDataReachesTheRecord() throws {
        let canaries = ["jane", "Jane", "Doe", "doe@", "33612345678", "75001"]
        let requests = try FixtureFile.browserSession()
        for (line, events) in try session() {
            for incoming in events {
                let record = normalize(incoming, requests[line]).0.record()
                for canary in canaries { #expect(!contains(record, canary), "line \(line): \(canary)") }
            }
        }
    }
}
