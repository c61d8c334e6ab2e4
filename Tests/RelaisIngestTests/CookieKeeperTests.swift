import RelaisEvent
import Testing

@testable import RelaisIngest

@Suite struct CookieKeeperTests {
    private static let key = CookieKey.random()
    private static let seconds: Int64 = 1_795_445_400
    private static let old = "1307714608.1760043792"

    private func take(
        _ cookies: [String: String],
        hit query: String = "en=page_view&cid=55.1795445390",
        analytics: ConsentState = .granted,
        advertising: ConsentState = .granted
    ) throws -> (event: Event, set: [String: SetCookie]) {
        var policy = CookiePolicy(site: "shop", key: Self.key)
        policy.vendors = [.meta, .tiktok]
        policy.hasKeeper = true
        policy.isSiteHost = { $0.hasSuffix("shop.example") || $0.hasSuffix("shop.test") }
        var request = hitRequest("")
        let text = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        request.headers = [.init(name: "cookie", value: text)]
        var visitor = VisitorCookies(
            request,
            policy: policy,
            place: CookiePlace(domain: "shop.example", isSecure: true)
        )
        var event = try hit(query).event
        if let location = event.string(.pageLocation), let host = HostText.ofURL(location) {
            event.set(.pageHostname, host)
        }
        var consent = Consent()
        consent[.analyticsStorage] = analytics
        consent[.adStorage] = advertising
        visitor.complete(&event, consent: CookieConsent(consent) { _ in false })
        return (event, Dictionary(visitor.setCookies().map { ($0.name, $0) }) { first, _ in first })
    }

    private func keeper(_ entries: [(String, String, Int64)], site: String = "shop") -> String {
        var keeper = CookieKeeper()
        keeper.entries = entries.map { .init(name: $0.0, value: $0.1, end: Self.seconds + $0.2) }
        return keeper.value(site: site, key: Self.key)
    }

    private func kept(_ set: [String: SetCookie]) throws -> [String: String] {
        let value = try #require(set[CookieKeeper.name]?.value)
        let keeper = try #require(CookieKeeper(value, site: "shop", key: Self.key, now: Self.seconds))
        return Dictionary(uniqueKeysWithValues: keeper.entries.map { ($0.name, $0.value) })
    }

    @Test func whatTheBrowserHasIsKeptWhereScriptsCannotReach() throws {
        let set = try take(["_ga": "GA1.1.\(Self.old)", "_fbp": "fb.1.1795000000000.7"]).set
        #expect(set[CookieKeeper.name]?.isHTTPOnly == true)
        #expect(set[CookieKeeper.name]?.maxAge == 34_560_000)
        #expect(try kept(set) == ["_ga": "GA1.1.\(Self.old)", "_fbp": "fb.1.1795000000000.7"])
    }

    @Test func whatTheBrowserCutComesBackWithTheTimeItHadLeft() throws {
        let keeper = keeper([("_ga", "GA1.1.\(Self.old)", 9_000), ("ttclid", "E.C.P.1", 500), ("_ttp", "x", -1)])
        let (event, set) = try take(
            [CookieKeeper.name: keeper, "_ga": "GA1.1.55.1795445390"],
            hit: "en=page_view&cid=55.1795445390"
        )
        #expect(event.string(.clientID) == Self.old)
        #expect(event.string("_ga", in: .cookies) == "GA1.1.\(Self.old)")
        #expect(event.string("ttclid", in: .cookies) == "E.C.P.1")
        #expect(set["_ga"]?.value == "GA1.1.\(Self.old)")
        #expect(set["ttclid"]?.maxAge == 500)
        #expect(set["_ttp"] == nil)
        let gone = try take([CookieKeeper.name: keeper], hit: "en=page_view&cid=custom")
        #expect(gone.event.string(.clientID) == "custom")
        let without = try take([CookieKeeper.name: keeper])
        #expect(without.event.string(.clientID) == Self.old)
    }

    @Test func anOlderIdOfTheBrowserIsNoLoss() throws {
        let keeper = keeper([("_ga", "GA1.1.7.1790000000", 9_000)])
        let (event, set) = try take(
            [CookieKeeper.name: keeper, "_ga": "GA1.1.\(Self.old)"],
            hit: "en=page_view&cid=\(Self.old)"
        )
        #expect(event.string(.clientID) == Self.old)
        #expect(try kept(set)["_ga"] == "GA1.1.\(Self.old)")
    }

    @Test func anIdThatCameByALinkFromAnotherDomainIsNoLoss() throws {
        let keeper = keeper([("_ga", "GA1.1.\(Self.old)", 9_000)])
        let page = "https%3A%2F%2Fshop.example%2F%3F_gl%3D1*1abc*_ga*NTUuMTc5NTQ0NTM5MA.."
        let (event, set) = try take(
            [CookieKeeper.name: keeper, "_ga": "GA1.1.55.1795445390"],
            hit: "en=page_view&cid=55.1795445390&dl=\(page)"
        )
        #expect(event.string(.clientID) == "55.1795445390")
        #expect(try kept(set)["_ga"] == "GA1.1.55.1795445390")
    }

    @Test func aLinkersIdIsBelievedOfVisitorsFromTheSitesOtherDomainAlone() throws {
        let page = "https%3A%2F%2Fshop.example%2F%3F_gl%3D1*1abc*_ga*MTMwNzcxNDYwOC4xNzYwMDQzNzky"
        let base = "en=page_view&cid=&dl=\(page)&dr="
        #expect(try take([:], hit: base + "https%3A%2F%2Fshop.test%2F").event.string(.clientID) == Self.old)
        for referrer in ["https%3A%2F%2Fmail.example%2F", "", "https%3A%2F%2Fshop.example%2Fa"] {
            #expect(try take([:], hit: base + referrer).event.string(.clientID) != Self.old)
        }
    }

    @Test func aKeeperThatIsMadeUpOrAnothersIsIgnored() throws {
        let own = keeper([("_ga", "GA1.1.\(Self.old)", 9_000)])
        let forged = own.replacing(Self.old, with: "1.1")
        for value in [forged, keeper([("_ga", "GA1.1.\(Self.old)", 9_000)], site: "blog"), "1|", "|", ""] {
            let event = try take([CookieKeeper.name: value], hit: "en=page_view&cid=55.1795445390").event
            #expect(event.string(.clientID) == "55.1795445390")
        }
    }

    @Test func whatIsRefusedIsForgottenHereToo() throws {
        let keeper = keeper([("_ga", "GA1.1.\(Self.old)", 9_000), ("_fbp", "fb.1.1795000000000.7", 9_000)])
        let set = try take([CookieKeeper.name: keeper], advertising: .denied).set
        #expect(try kept(set).keys.sorted() == ["_ga"])
        let all = try take([CookieKeeper.name: keeper], analytics: .denied, advertising: .denied).set
        #expect(all[CookieKeeper.name]?.maxAge == 0)
        #expect(all["_ga"] == nil)
        let others = self.keeper([("_ga", "GA1.1.\(Self.old)", 9_000)], site: "blog")
        let ended = try take([CookieKeeper.name: others], analytics: .denied, advertising: .denied).set
        #expect(ended[CookieKeeper.name]?.maxAge == 0)
        #expect(try take([CookieKeeper.name: others], analytics: .pending, advertising: .denied).set.isEmpty)
        let asked = try take([CookieKeeper.name: keeper], analytics: .pending, advertising: .pending)
        #expect(asked.event[.cookies].isEmpty)
        #expect(asked.set.isEmpty)
    }

    @Test func itIsWrittenAgainOnlyForAPageViewOrAChange() throws {
        let keeper = keeper([("_ga", "GA1.1.\(Self.old)", 34_560_000)])
        let cookies = [CookieKeeper.name: keeper, "_ga": "GA1.1.\(Self.old)"]
        #expect(try take(cookies, hit: "en=scroll&cid=\(Self.old)").set.keys.sorted() == ["_ga"])
        #expect(try take(cookies, hit: "en=page_view&cid=\(Self.old)").set[CookieKeeper.name] != nil)
    }

    @Test func itNeverOutgrowsACookie() {
        let entries = (0..<9).map { ("_fbc", String(repeating: "a", count: 900) + "\($0)", Int64(60)) }
        #expect(keeper(entries).utf8.count < 3700)
    }
}
