import RelaisEvent
import RelaisIngest
import Testing

private let millis: Int64 = 1_795_445_400_000
private let day: Int64 = 86_400

/// One page view of a visitor who agreed, on a page of the shop.
private func visit(_ cookie: String = "", page: String = "/", referrer: String = "", _ members: String = "") throws
    -> (event: Event, set: [String: SetCookie])
{
    var policy = CookiePolicy(site: "shop", key: .random())
    policy.clientID = .none
    policy.vendors = [.google, .meta, .tiktok, .linkedin]
    policy.makesBrowserID = members.contains("\"make\"")
    return try take(cookie, page: page, referrer: referrer, members, policy)
}

private func take(_ cookie: String, page: String, referrer: String, _ members: String, _ policy: CookiePolicy) throws
    -> (event: Event, set: [String: SetCookie])
{
    var request = hitRequest("")
    if !cookie.isEmpty { request.headers = [.init(name: "cookie", value: cookie)] }
    var cookies = VisitorCookies(
        request,
        policy: policy,
        place: CookiePlace(domain: "shop.example.com", isSecure: true),
        random: { 5 }
    )
    let address = "\"page_location\":\"https://shop.example.com\(page)\",\"page_referrer\":\"\(referrer)\""
    var event = normalized(try decodeEvent("{\"event_name\":\"page_view\",\(address)\(members)}"))
    var consent = Consent()
    consent[.adStorage] = .granted
    cookies.complete(&event, consent: CookieConsent(consent) { _ in false })
    return (event, Dictionary(cookies.setCookies().map { ($0.name, $0) }) { first, _ in first })
}

@Suite struct ClickCookieTests {
    @Test(arguments: [
        ("", "/?fbclid=AbC-1_z", "", "fb.2.\(millis).AbC-1_z", 90 * day),
        ("", "/", "https://x.example/?fbclid=Ref", "fb.2.\(millis).Ref", 90 * day),
        ("", "/?fbclid=Page", "https://x.example/?fbclid=Ref", "fb.2.\(millis).Page", 90 * day),
        ("fb.1.1795000000000.AbC", "/?fbclid=AbC", "", "fb.1.1795000000000.AbC", 90 * day - 445_400),
        ("fb.1.1795000000000.AbC.AQQAAQIB", "/?fbclid=AbC", "", "fb.1.1795000000000.AbC.AQQAAQIB", 90 * day - 445_400),
        ("fb.1.1795000000000.a.b.c", "/?fbclid=a.b.c", "", "fb.1.1795000000000.a.b.c", 90 * day - 445_400),
        ("fb.1.1795000000000.AbC", "/?fbclid=abc", "", "fb.2.\(millis).abc", 90 * day),
        ("fb.1.1795000000000.AbC", "/", "", "fb.1.1795000000000.AbC", 90 * day - 445_400),
        ("nonsense", "/?fbclid=AbC", "", "fb.2.\(millis).AbC", 90 * day),
        ("fb.1.1700000000000.AbC", "/?fbclid=AbC", "", "fb.2.\(millis).AbC", 90 * day),
        ("fb.1.1999000000000.AbC", "/?fbclid=AbC", "", "fb.2.\(millis).AbC", 90 * day),
    ])
    func metasClickIsKeptByMetasRules(
        _ cookie: String,
        _ page: String,
        _ referrer: String,
        _ expected: String,
        _ maxAge: Int64
    ) throws {
        let (event, set) = try visit(cookie.isEmpty ? "" : "_fbc=\(cookie)", page: page, referrer: referrer)
        #expect(event.string("_fbc", in: .cookies) == expected)
        #expect(set["_fbc"]?.value == expected)
        #expect(set["_fbc"]?.maxAge == maxAge)
        #expect(set["_fbc"]?.isHTTPOnly == false)
        #expect(event[.cookies].count == 1)
    }

    @Test func clicksThatAreTooLongOrCannotBeWrittenAreNotKept() throws {
        let long = String(repeating: "a", count: 501)
        #expect(try visit(page: "/?fbclid=\(long)").set.isEmpty)
        #expect(try visit(page: "/?fbclid=a%3Bb&ttclid=a%22b&li_fat_id=a%20b&gclid=a%0Ab").set.isEmpty)
    }

    @Test func aCookieThatTheEventBringsItselfOutweighsTheBrowsers() throws {
        let given = #","cookies":{"_fbc":"fb.1.5.Own"}"#
        let (event, set) = try visit(page: "/?fbclid=AbC", given)
        #expect(event.string("_fbc", in: .cookies) == "fb.1.5.Own")
        #expect(set["_fbc"] == nil)
    }

    @Test func metasBrowserIdIsRenewedAndOnlyMadeWhereNoPixelDoesIt() throws {
        let present = try visit("_fbp=fb.1.1700000000000.77").set
        #expect(present["_fbp"]?.value == "fb.1.1700000000000.77")
        #expect(present["_fbp"]?.maxAge == 90 * day)
        #expect(try visit().set["_fbp"] == nil)
        let (event, set) = try visit("", #","make":"1""#)
        #expect(set["_fbp"]?.value == "fb.2.\(millis).1000000005")
        #expect(event.string("_fbp", in: .cookies) == "fb.2.\(millis).1000000005")
    }

    @Test(arguments: [
        ("", "/?gclid=Cj0", "GCL.1795445400.Cj0", 90 * day), ("GCL.1795000000.Cj0", "/?gclid=Cj0", nil, 0),
        ("2.1.kCj0$i1795000000$b9", "/?gclid=Cj0", nil, 0),
        ("GCL.1795000000.Cj0", "/?gclid=New", "GCL.1795445400.New", 90 * day),
    ])
    func googlesClickIsKeptOnce(_ cookie: String, _ page: String, _ expected: String?, _ maxAge: Int64) throws {
        let set = try visit(cookie.isEmpty ? "" : "_gcl_aw=\(cookie)", page: page).set
        #expect(set["_gcl_aw"]?.value == expected ?? cookie)
        #expect(set["_gcl_aw"]?.maxAge == (expected == nil ? 90 * day - 445_400 : maxAge))
    }

    @Test func otherClicksAreKeptRawForTheirOwnTimes() throws {
        let (event, set) = try visit(page: "/?ttclid=E.C.P.1&li_fat_id=df5gf5-gh6t7")
        #expect(set["ttclid"]?.text.hasPrefix("ttclid=E.C.P.1; Max-Age=2592000; ") == true)
        #expect(set["li_fat_id"]?.text.hasPrefix("li_fat_id=df5gf5-gh6t7; Max-Age=7776000; ") == true)
        #expect(event.string("ttclid", in: .cookies) == "E.C.P.1")
        #expect(try visit("ttclid=E.C.P.1; li_fat_id=df5gf5-gh6t7").set.isEmpty)
        #expect(try visit("ttclid=E.C.P.1", page: "/?ttclid=E.C.P.2").set["ttclid"]?.value == "E.C.P.2")
        #expect(try visit("_ttp=2F7h37YkS1j57AYSKTI7IHhJPYH").set["_ttp"]?.maxAge == 390 * day)
    }
}
