import RelaisEvent
import Testing

@testable import RelaisIngest

@Suite struct ServerClientIDTests {
    private static let key = CookieKey.random()
    private static let js = "1307714608.1760043792"
    private static let seconds: Int64 = 1_795_445_400

    private func take(
        _ cookie: String,
        hit query: String = "en=page_view",
        state: ConsentState = .granted,
        _ change: (inout CookiePolicy) -> Void = { _ in }
    ) throws -> (event: Event, set: [String: SetCookie]) {
        var policy = CookiePolicy(site: "shop", key: Self.key)
        policy.clientID = .server
        change(&policy)
        var request = hitRequest("")
        if !cookie.isEmpty { request.headers = [.init(name: "cookie", value: cookie)] }
        var cookies = VisitorCookies(
            request,
            policy: policy,
            place: CookiePlace(domain: "shop.example", isSecure: true)
        )
        var event = try hit(query).event
        var consent = Consent()
        consent[.analyticsStorage] = state
        cookies.complete(&event, consent: CookieConsent(consent) { _ in false })
        return (event, Dictionary(cookies.setCookies().map { ($0.name, $0) }) { first, _ in first })
    }

    @Test func itIsMadeFromGtagsIdSoThatNobodyBecomesANewVisitor() throws {
        let (event, set) = try take("_ga=GA1.1.\(Self.js)", hit: "en=page_view&cid=\(Self.js)")
        let made = ServerClientID(replacing: Self.js, site: "shop", key: Self.key)
        #expect(event.string(.clientID) == made.clientID)
        #expect(made.clientID.hasSuffix("=.1760043792"))
        #expect(set["FPID"]?.value == made.cookie(labels: 2))
        #expect(set["FPID"]?.isHTTPOnly == true)
        #expect(set["FPID"]?.maxAge == 34_560_000)
        #expect(set["_ga"] == nil)
        #expect(event.string("cid", in: .ga4) == Self.js)
        let again = try take("_ga=GA1.1.5.6; FPID=\(made.cookie(labels: 2))", hit: "en=page_view&cid=5.6")
        #expect(again.event.string(.clientID) == made.clientID)
        #expect(again.set["FPID"]?.value == made.cookie(labels: 2))
    }

    @Test func withoutAnyFormerIdItIsRandom() throws {
        let query = "en=page_view&cid=custom"
        let (one, two) = (try take("", hit: query).event, try take("", hit: query).event)
        #expect(one.string(.clientID)?.hasSuffix(".\(Self.seconds)") == true)
        #expect(one.string(.clientID) != two.string(.clientID))
    }

    @Test func anotherSiteOrKeyMakesAnother() {
        let id = ServerClientID(replacing: Self.js, site: "shop", key: Self.key)
        #expect(id != ServerClientID(replacing: Self.js, site: "blog", key: Self.key))
        #expect(id != ServerClientID(replacing: Self.js, site: "shop", key: .random()))
        #expect(id.isOwn(site: "shop", key: Self.key))
        #expect(!id.isOwn(site: "blog", key: Self.key))
    }

    @Test func oneThatThisRelayDidNotMakeIsReplacedUnlessItIsToBeAdopted() throws {
        let foreign = "FPID2.2.UGZp%2FI9CCimRLhiVfNThoJgIkddJ7DjNjuhYawNqaAM%3D.1760043792"
        let client = "UGZp/I9CCimRLhiVfNThoJgIkddJ7DjNjuhYawNqaAM=.1760043792"
        let replaced = try take("FPID=\(foreign)").event.string(.clientID)
        #expect(replaced != client)
        let adopted = try take("FPID=\(foreign)") { $0.adoptsFPID = true }
        #expect(adopted.event.string(.clientID) == client)
        #expect(adopted.set["FPID"]?.value == foreign)
    }

    @Test func withoutConsentNoneIsMadeOrRead() throws {
        let own = ServerClientID(replacing: Self.js, site: "shop", key: Self.key).cookie(labels: 2)
        let query = "en=page_view&cid=9.9"
        let refused = try take("FPID=\(own)", hit: query, state: .denied)
        #expect(refused.event.string(.clientID) == "9.9")
        #expect(refused.set["FPID"]?.maxAge == 0)
        let pending = try take("FPID=\(own)", hit: query, state: .pending)
        #expect(pending.event.string(.clientID) == "9.9")
        #expect(pending.set.isEmpty)
        let unset = try take("", hit: query, state: .unset)
        #expect(unset.event.string(.clientID) == "9.9")
        #expect(unset.set.isEmpty)
    }

    @Test func aLinkToAnotherDomainCarriesTheIdOnlyBrieflyAndOnlyWithinTheSite() throws {
        let first = try take("_ga=GA1.1.\(Self.js)", hit: "en=page_view&_fplc=0")
        let linker = try #require(first.set["FPLC"])
        #expect(linker.maxAge == 72_000)
        #expect(!linker.isHTTPOnly)
        let landed = try take("", hit: "en=page_view&cid=7.8&_fplc=\(linker.value)")
        #expect(landed.event.string(.clientID) == first.event.string(.clientID))
        #expect(landed.set["FPID"]?.value == first.set["FPID"]?.value)
        let other = ServerClientID(replacing: "7.8", site: "shop", key: Self.key).cookie(labels: 2)
        let merged = try take("FPID=\(other)", hit: "en=page_view&cid=7.8&_fplc=\(linker.value)")
        #expect(merged.event.string(.clientID) == first.event.string(.clientID))

        let elsewhere = ServerClientID(linker: linker.value, site: "blog", key: Self.key, now: Self.seconds)
        #expect(elsewhere == nil)
        #expect(ServerClientID(linker: linker.value, site: "shop", key: .random(), now: Self.seconds) == nil)
        #expect(ServerClientID(linker: linker.value, site: "shop", key: Self.key, now: Self.seconds + 72_001) == nil)
        #expect(ServerClientID(linker: linker.value, site: "shop", key: Self.key, now: Self.seconds - 1) == nil)
        #expect(ServerClientID(linker: "0", site: "shop", key: Self.key, now: Self.seconds) == nil)
    }

    @Test(arguments: ["", "FPID2", "FPID2.2.AAAA.1", "FPID1.2.\(String(repeating: "A", count: 43)).1", "FPID2.2..1"])
    func cookiesOfAnotherFormAreNone(_ value: String) {
        #expect(ServerClientID(cookie: value) == nil)
    }
}
