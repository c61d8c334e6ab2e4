import RelaisEvent
import RelaisIngest
import Testing

/// 2026-11-23 14:50 UTC, as `now`.
private let seconds: Int64 = 1_795_445_400
private let visitor = "1307714608.1760043792"

/// A browser's request and what came of it.
private struct Visit {
    var policy = CookiePolicy(site: "shop", key: key)
    var place: CookiePlace? = CookiePlace(domain: "shop.example", isSecure: true)
    var cookie = ""
    var states: [ConsentPurpose: ConsentState] = [.analyticsStorage: .granted, .adStorage: .granted]
    var vendors: [String: ConsentState] = [:]

    static let key = CookieKey(bytes: Array(1...32)) ?? .random()

    init(_ cookie: String = "", _ change: (inout Visit) -> Void = { _ in }) {
        policy.measurementIDs = ["G-ABC"]
        policy.vendors = [.google, .meta, .tiktok, .linkedin]
        policy.vendorNames = [.meta: ["meta", "facebook"], .tiktok: ["tiktok"]]
        policy.isSiteHost = { $0 == "shop.example" || $0 == "shop.test" }
        self.cookie = cookie
        change(&self)
    }

    func begin() -> VisitorCookies {
        var request = hitRequest("")
        if !cookie.isEmpty { request.headers = [.init(name: "cookie", value: cookie)] }
        return VisitorCookies(request, policy: policy, place: place, random: { 0x0123_4567_89AB_CDEF })
    }

    var consent: CookieConsent {
        var stated = Consent()
        for (purpose, state) in states { stated[purpose] = state }
        stated.vendors = vendors.map { Consent.Vendor(name: $0.key, state: $0.value) }
        return CookieConsent(stated, vendorNames: policy.vendorNames) { _ in false }
    }

    static func event(_ members: String, hit query: String? = nil) throws -> Event {
        if let query { return normalized(try hit(query)) }
        return normalized(try decodeEvent("{\"event_name\":\"page_view\"\(members.isEmpty ? "" : ",")\(members)}"))
    }

    /// The event, and the cookies of the answer by name.
    func take(_ members: String = "", hit query: String? = nil) throws -> (event: Event, set: [String: SetCookie]) {
        var cookies = begin()
        var event = try Self.event(members, hit: query)
        cookies.complete(&event, consent: consent)
        let set = cookies.setCookies()
        #expect(Set(set.map(\.name)).count == set.count)
        return (event, Dictionary(set.map { ($0.name, $0) }) { first, _ in first })
    }
}

@Suite struct VisitorCookiesTests {
    // MARK: _ga

    @Test func gtagsOwnCookieStaysTheVisitorAndIsSetAgain() throws {
        let (event, set) = try Visit("_ga=GA1.1.\(visitor); session=secret").take()
        #expect(event.string(.clientID) == visitor)
        #expect(
            set["_ga"]?.text
                == "_ga=GA1.1.\(visitor); Max-Age=34560000; Path=/; Domain=shop.example; Secure; SameSite=Lax"
        )
        #expect(event.names(in: .cookies) == ["_ga"])
        #expect(set.count == 1)
    }

    @Test func theSessionCookieIsSetAgainOnPageViewsAndFillsInTheSession() throws {
        let value = "GS2.1.s1795445000$o3$g1$t1795445390$j60$l0$h0"
        let visit = Visit("_ga=GA1.1.\(visitor); _ga_ABC=\(value); _ga_OTHER=\(value)")
        let (event, set) = try visit.take()
        #expect(event.string(.sessionID) == "1795445000")
        #expect(event.number(.sessionNumber) == 3)
        #expect(set["_ga_ABC"]?.value == value)
        #expect(set["_ga_OTHER"] == nil)
        #expect(try visit.take(hit: "en=scroll").set.keys.sorted() == ["_ga"])
        #expect(try visit.take("\"session_id\":\"7\"").event.string(.sessionID) == "7")
        let old = try Visit("_ga_ABC=GS1.1.1712887266.2.1.1712887474.0.0.0").take().event
        #expect(old.string(.sessionID) == "1712887266")
        #expect(old.number(.sessionNumber) == 2)
    }

    @Test func aVisitorWithoutCookieGetsTheIdThatGtagMade() throws {
        let (event, set) = try Visit().take(hit: "en=page_view&cid=\(visitor)")
        #expect(event.string(.clientID) == visitor)
        #expect(set["_ga"]?.value == "GA1.1.\(visitor)")
        #expect(event.string("_ga", in: .cookies) == "GA1.1.\(visitor)")
    }

    @Test func aVisitorWithoutAnyIdGetsOneInGtagsForm() throws {
        let (event, set) = try Visit().take()
        #expect(event.string(.clientID) == "162254319.\(seconds)")
        #expect(set["_ga"]?.value == "GA1.1.162254319.\(seconds)")
    }

    @Test func allEventsOfARequestAreOneVisitors() throws {
        var cookies = Visit().begin()
        var events = try [Visit.event(""), Visit.event("")]
        for index in events.indices { cookies.complete(&events[index], consent: Visit().consent) }
        #expect(events[0].has(.clientID))
        #expect(events[0].string(.clientID) == events[1].string(.clientID))
        #expect(cookies.setCookies().map(\.name) == ["_ga"])
    }

    @Test func aPageThatNamesItsVisitorsItselfIsLeftAlone() throws {
        let (event, set) = try Visit().take("\"client_id\":\"customer-7\"")
        #expect(event.string(.clientID) == "customer-7")
        #expect(set.isEmpty)
        let both = try Visit("_ga=GA1.1.\(visitor)").take("\"client_id\":\"customer-7\"")
        #expect(both.event.string(.clientID) == "customer-7")
        #expect(both.set["_ga"]?.value == "GA1.1.\(visitor)")
    }

    @Test(arguments: ["GA1.3.\(visitor)", "GA1.1.x.y", "GA1.1.1", "\"quoted"])
    func aCookieOfAnotherDomainOrFormIsNotSetAgain(_ value: String) throws {
        let set = try Visit("_ga=\(value)").take(hit: "en=page_view&cid=custom").set
        #expect(set["_ga"] == nil)
    }

    @Test func withoutAPlaceForThemCookiesAreOnlyRead() throws {
        let visit = Visit("_ga=GA1.1.\(visitor); _fbp=fb.1.1795000000000.7") { $0.place = nil }
        let (event, set) = try visit.take("\"page_location\":\"https://shop.example/?fbclid=AbC\"")
        #expect(event.string(.clientID) == visitor)
        #expect(event.string("_fbp", in: .cookies) == "fb.1.1795000000000.7")
        #expect(set.isEmpty)
    }

    @Test func withoutACookieOfAnalyticsNoneIsSet() throws {
        let visit = Visit("_ga=GA1.1.\(visitor)") { $0.policy.clientID = .none }
        let (event, set) = try visit.take()
        #expect(event.string(.clientID) == visitor)
        #expect(set.isEmpty)
        #expect(try Visit { $0.policy.clientID = .none }.take().event.has(.clientID) == false)
    }

    // MARK: Consent

    private static let everything =
        "_ga=GA1.1.\(visitor); _ga_ABC=GS1.1.5.1; FPID=x; _fbp=fb.1.1795000000000.7; _fbc=fb.1.1795000000000.AbC; "
        + "ttclid=E.C.P.1; li_fat_id=uuid; _gcl_aw=GCL.1795000000.Cj; other=1"

    @Test(arguments: [ConsentState.denied, .pending, .unset])
    func whatIsRefusedOrNotYetAskedForIsNotRead(_ state: ConsentState) throws {
        let visit = Visit(Self.everything) { $0.states = [.analyticsStorage: state, .adStorage: state] }
        let (event, _) = try visit.take("\"page_location\":\"https://shop.example/?fbclid=New\"")
        #expect(event[.cookies].isEmpty)
        #expect(!event.has(.clientID))
        #expect(!event.has(.sessionID))
    }

    @Test(arguments: [ConsentState.pending, .unset])
    func aMereDefaultSetsNothingAndForgetsNothing(_ state: ConsentState) throws {
        let visit = Visit(Self.everything) { $0.states = [.analyticsStorage: state, .adStorage: state] }
        #expect(try visit.take("\"page_location\":\"https://shop.example/?fbclid=New&gclid=1\"").set.isEmpty)
        let fresh = Visit { $0.states = [.analyticsStorage: state, .adStorage: state] }
        #expect(try fresh.take(hit: "en=page_view&cid=\(visitor)").set.isEmpty)
    }

    @Test func aRefusalHasTheBrowserForgetWhatTheRelayKeeps() throws {
        let visit = Visit(Self.everything) { $0.states = [.analyticsStorage: .denied, .adStorage: .denied] }
        let set = try visit.take().set
        #expect(
            set.keys.sorted() == ["FPID", "_fbc", "_fbp", "_ga", "_ga_ABC", "_gcl_aw", "li_fat_id", "ttclid"]
        )
        #expect(set.values.allSatisfy { $0.maxAge == 0 && $0.value.isEmpty && $0.domain == "shop.example" })
        let advertising = Visit(Self.everything) { $0.states = [.analyticsStorage: .granted, .adStorage: .denied] }
        let kept = try advertising.take().set
        #expect(kept["_ga"]?.maxAge == 34_560_000)
        #expect(kept["_fbp"]?.maxAge == 0)
    }

    @Test func oneVendorMayBeRefusedByName() throws {
        let visit = Visit(Self.everything) { $0.vendors = ["Facebook": .denied] }
        let (event, set) = try visit.take()
        #expect(event.string("_fbp", in: .cookies) == nil)
        #expect(event.string("ttclid", in: .cookies) == "E.C.P.1")
        #expect(set["_fbp"]?.maxAge == 0)
        #expect(set["_gcl_aw"]?.maxAge != 0)
    }

    @Test func aVendorGrantedByNameNeedsNoPurposeThatNobodySpokeOf() throws {
        let visit = Visit {
            $0.states = [:]
            $0.vendors = ["meta": .granted]
        }
        let set = try visit.take("\"page_location\":\"https://shop.example/?fbclid=AbC&gclid=1\"").set
        #expect(set.keys.sorted() == ["_fbc"])
    }

    @Test func vendorsThatTheSiteDoesNotUseAreLeftAlone() throws {
        let visit = Visit(Self.everything) {
            $0.policy.vendors = [.linkedin]
            $0.states = [.analyticsStorage: .granted, .adStorage: .denied]
        }
        #expect(try visit.take().set.keys.sorted() == ["_ga", "_ga_ABC", "li_fat_id"])
    }

    @Test func cookiesAreSetOnlyWhenEveryEventOfTheRequestAllowsIt() throws {
        let refusing = Visit { $0.states = [.analyticsStorage: .denied, .adStorage: .denied] }
        for order in [[true, false], [false, true]] {
            var cookies = Visit("_ga=GA1.1.\(visitor)").begin()
            for isGranted in order {
                var event = try Visit.event("")
                cookies.complete(&event, consent: isGranted ? Visit().consent : refusing.consent)
            }
            #expect(cookies.setCookies().map(\.maxAge) == (order[1] ? [] : [0]))
        }
    }

    // MARK: Attributes

    @Test func overPlainHTTPTheCookiesAreNotSecure() throws {
        let visit = Visit("_ga=GA1.1.\(visitor)") { $0.place?.isSecure = false }
        #expect(try visit.take().set["_ga"]?.text.contains("Secure") == false)
        let none = Visit("_ga=GA1.1.\(visitor)") {
            $0.place?.isSecure = false
            $0.policy.sameSite = .none
        }
        #expect(try none.take().set["_ga"]?.sameSite == .lax)
    }

    @Test func sameSiteNoneIsAlwaysSecure() throws {
        let visit = Visit("_ga=GA1.1.\(visitor)") {
            $0.policy.sameSite = .none
            $0.policy.isSecure = false
            $0.policy.path = "/shop"
            $0.policy.lifetime = 86_400
            $0.place?.domain = nil
        }
        let text = try visit.take().set["_ga"]?.text
        #expect(text == "_ga=GA1.1.\(visitor); Max-Age=86400; Path=/shop; Secure; SameSite=None")
    }
}
