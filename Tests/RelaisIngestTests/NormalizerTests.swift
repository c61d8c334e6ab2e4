import RelaisEvent
import RelaisIngest
import Testing

@Suite struct NormalizerTests {
    private static let day: Int64 = 86_400_000_000

    private func context(
        believesSender: Bool = false,
        headers: [(String, String)] = [],
        address: String? = "192.0.2.7",
        isServer: Bool = false
    ) -> NormalizationContext {
        var request = hitRequest("")
        request.headers = headers.map { IncomingRequest.Header(name: $0.0, value: $0.1) }
        return NormalizationContext(
            site: "shop",
            source: "web",
            client: "relais",
            believesSender: believesSender,
            visitor: isServer ? nil : VisitorHeaders(request),
            address: isServer ? nil : address,
            receivedMicros: now
        )
    }

    private func normalize(_ members: String, _ context: NormalizationContext) throws -> (Event, [IdentityKey]) {
        var incoming = try decodeEvent(
            #"{"event_name":"purchase","#.dropLast() + (members.isEmpty ? "}" : ",\(members)}")
        )
        let identities = Normalizer(makeEventID: { "made-up" }).normalize(&incoming, in: context)
        return (incoming.event, identities)
    }

    @Test func stampsSiteSourceClientAndTime() throws {
        let (event, _) = try normalize("", context())
        #expect(event.string(.site) == "shop")
        #expect(event.string(.source) == "web")
        #expect(event.string(.client) == "relais")
        #expect(event.integer(.receivedMicros) == now)
        #expect(event.integer(.timestampMicros) == now)
    }

    @Test func pastTimesAreBelievedOnlyOfTrustedSenders() throws {
        let hourAgo = now - 3_600_000_000
        let members = "\"timestamp_micros\":\(hourAgo)"
        #expect(try normalize(members, context()).0.integer(.timestampMicros) == now)
        let (event, _) = try normalize(members, context(believesSender: true))
        #expect(event.integer(.timestampMicros) == hourAgo)
        #expect(!event.flags.contains(.late))
        let (late, _) = try normalize("\"timestamp_micros\":\(now - Self.day - 1)", context(believesSender: true))
        #expect(late.flags.contains(.late))
        let (future, _) = try normalize("\"timestamp_micros\":\(now + Self.day)", context(believesSender: true))
        #expect(future.integer(.timestampMicros) == now)
    }

    @Test func howLongAnEventWasHeldBackIsBelievedOfEverybody() throws {
        #expect(try normalize("\"age_msec\":90000", context()).0.integer(.timestampMicros) == now - 90_000_000)
        let (both, _) = try normalize(
            "\"age_msec\":90000,\"timestamp_micros\":\(now - 5_000_000)",
            context(believesSender: true)
        )
        #expect(both.integer(.timestampMicros) == now - 5_000_000)
        #expect(both.parameter("age_msec", in: .params) == nil)
    }

    @Test func addressesAreBelievedOnlyOfTrustedSenders() throws {
        let members = #""ip_override":"203.0.113.5""#
        #expect(try normalize(members, context()).0.string(.ipOverride) == "192.0.2.7")
        #expect(try normalize(members, context(believesSender: true)).0.string(.ipOverride) == "203.0.113.5")
        #expect(try normalize("", context(isServer: true)).0.has(.ipOverride) == false)
        for given in ["203.0.113.5.AQQAAQIB", "203.0.113.5.BA"] {
            let (event, _) = try normalize(#""ip_override":"\#(given)""#, context(believesSender: true))
            #expect(event.string(.ipOverride) == "203.0.113.5")
        }
        let (six, _) = try normalize(#""ip_override":"2001:db8::7.AQQAAQIB""#, context(believesSender: true))
        #expect(six.string(.ipOverride) == "2001:db8::7")
        let (five, _) = try normalize(#""ip_override":"203.0.113.5.66""#, context(believesSender: true))
        #expect(five.string(.ipOverride) == "192.0.2.7")
        let (event, _) = try normalize(#""ip_override":"home""#, context(believesSender: true))
        #expect(event.string(.ipOverride) == "192.0.2.7")
    }

    @Test func ofARepeatedHintTheFirstIsKept() throws {
        let headers = [("sec-ch-ua-mobile", "?1"), ("sec-ch-ua", "a"), ("sec-ch-ua-mobile", "?0")]
        let (event, _) = try normalize("", context(headers: headers))
        #expect(event[.clientHints].count == 2)
        #expect(event.string("sec-ch-ua-mobile", in: .clientHints) == "?1")
    }

    @Test func headersFillInOnlyWhatTheEventDoesNotSay() throws {
        let headers = [
            ("user-agent", "Browser/1"), ("accept-language", "fr-CH,fr;q=0.9"), ("sec-ch-ua-mobile", "?1"),
        ]
        let (event, _) = try normalize("", context(headers: headers))
        #expect(event.string(.userAgent) == "Browser/1")
        #expect(event.string(.language) == "fr-ch")
        #expect(event.names(in: .clientHints) == ["sec-ch-ua-mobile"])
        let (own, _) = try normalize(#""user_agent":"Mine","language":"de_AT""#, context(headers: headers))
        #expect(own.string(.userAgent) == "Mine")
        #expect(own.string(.language) == "de-at")
        #expect(try normalize("", context(headers: headers, isServer: true)).0.has(.userAgent) == false)
    }

    @Test func languagesThatAreNoneAreLeftOut() throws {
        #expect(try normalize(#""language":"<script>""#, context()).0.has(.language) == false)
    }

    @Test(arguments: [
        ("https://Shop.Example:8443/a/b?x=1#f", "shop.example", "/a/b"), ("http://shop.example", "shop.example", "/"),
        ("https://shop.example?x=/y", "shop.example", "/"), ("https://u:p@shop.example/a", "shop.example", "/a"),
        ("https://[2001:db8::1]:443/a", "[2001:db8::1]", "/a"), ("HTTPS://shop.example/A", "shop.example", "/A"),
    ])
    func pagesAreTakenApart(_ location: String, _ host: String, _ path: String) throws {
        let (event, _) = try normalize("\"page_location\":\"\(location)\"", context())
        #expect(event.string(.pageHostname) == host)
        #expect(event.string(.pagePath) == path)
    }

    @Test(arguments: ["about:blank", "/relative", "https://", "https:///a", "ftp://x/y"])
    func whatIsNoPageIsLeftAlone(_ location: String) throws {
        let (event, _) = try normalize("\"page_location\":\"\(location)\"", context())
        #expect(!event.has(.pageHostname))
        #expect(event.string(.pageLocation) == location)
    }

    @Test func theCampaignIsTakenFromThePageUnderGoogleNames() throws {
        let page =
            "https://s.example/?utm_source=news&utm_medium=e%2Dmail&utm_campaign=Soldes%20d%27%C3%A9t%C3%A9&utm_id=7"
            + "&utm_term=&utm_content=undefined&utm_source=second#utm_term=no"
        let (event, _) = try normalize("\"page_location\":\"\(page)\"", context())
        #expect(
            event.names(in: .params) == ["campaign_source", "campaign_medium", "campaign_name", "campaign_id"]
        )
        #expect(event.string("campaign_source", in: .params) == "news")
        #expect(event.string("campaign_medium", in: .params) == "e-mail")
        #expect(event.string("campaign_name", in: .params) == "Soldes d'été")
    }

    @Test func aCampaignThatTheSenderNamesIsNotMixedWithThePages() throws {
        let page = #""page_location":"https://s.example/?utm_source=news&utm_medium=email""#
        let (event, _) = try normalize(page + #","params":{"campaign_source":"own"}"#, context())
        #expect(event.names(in: .params) == ["campaign_source"])
        #expect(event.string("campaign_source", in: .params) == "own")
        var hit = try hit("en=page_view&cs=own&cn=spring&dl=https%3A%2F%2Fs.example%2F%3Futm_medium%3Demail")
        _ = Normalizer().normalize(&hit, in: context())
        #expect(hit.event.string("campaign_source", in: .params) == "own")
        #expect(hit.event.string("campaign_name", in: .params) == "spring")
        #expect(hit.event.string("campaign_medium", in: .params) == nil)
    }

    @Test func clickIdsAreTakenFromThePage() throws {
        let (event, _) = try normalize(
            #""page_location":"https://s.example/?a=1&gclid=G%2B1&fbclid=&gclid=2&li_fat_id=u&ttclid=null#x&wbraid=3","click_ids":{"li_fat_id":"given"}"#,
            context()
        )
        #expect(event.names(in: .clickIDs) == ["li_fat_id", "gclid"])
        #expect(event.string("gclid", in: .clickIDs) == "G+1")
        #expect(event.string("li_fat_id", in: .clickIDs) == "given")
    }

    // MARK: Identity

    @Test func eventsWithoutAnyIdAreNeverMerged() throws {
        let (event, identities) = try normalize("", context())
        #expect(event.string(.eventID) == "made-up")
        #expect(identities.isEmpty)
    }

    @Test func madeUpIdsDiffer() {
        let ids = Set((0..<1000).map { _ in RandomEventID.make() })
        #expect(ids.count == 1000)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test func browserAndServerCopiesShareTheirIdentity() throws {
        let server = try normalize(#""event_id":"e1","transaction_id":"T1""#, context(isServer: true)).1
        var browser = try hit("en=purchase&ep.event_id=e1&ep.transaction_id=T1")
        let identities = Normalizer().normalize(&browser, in: context())
        #expect(server.count == 2)
        #expect(identities.filter { $0.role == .both } == server)
        #expect(server.map(\.window) == [.standard, .purchase])
    }

    @Test func identitiesTellSitesNamesAndIdsApart() throws {
        let base = try normalize(#""event_id":"e1""#, context()).1
        #expect(try normalize(#""event_id":"e2""#, context()).1 != base)
        var other = context()
        other.site = "blog"
        #expect(try normalize(#""event_id":"e1""#, other).1 != base)
        var hitWithID = try hit("en=refund&ep.event_id=e1&ep.transaction_id=T")
        let identities = Normalizer().normalize(&hitWithID, in: context())
        #expect(!identities.contains(base[0]))
        #expect(!identities.contains { $0.window == .purchase })
    }

    @Test func theMeasurementIdIsNoPartOfAGivenIdentity() throws {
        var first = try #require(decodeHit("v=2&tid=G-A&cid=1&_p=1&_s=1&en=a&ep.event_id=e").first).get()
        var second = try #require(decodeHit("v=2&tid=G-B&cid=1&_p=1&_s=1&en=a&ep.event_id=e").first).get()
        let one = Normalizer().normalize(&first, in: context())
        let two = Normalizer().normalize(&second, in: context())
        #expect(one.count == 1)
        #expect(one == two)
    }

    @Test func consentCopiesWithIdsNeedNoPageLoad() throws {
        var copy = try hit("en=add_to_cart&gcu=1&ep.event_id=e1")
        let identities = Normalizer().normalize(&copy, in: context())
        #expect(identities.count == 1)
        var bare = try hit("en=add_to_cart&gcu=1")
        let bareIdentities = Normalizer().normalize(&bare, in: context())
        #expect(bareIdentities.map(\.role) == [.both, .both])
        #expect(bare.event.string(.eventID)?.utf8.count == 32)
    }

    @Test func hitsWithoutPageLoadGetAMadeUpId() throws {
        var incoming = try #require(decodeHit("v=2&tid=G-A&cid=1&en=a").first).get()
        let identities = Normalizer(makeEventID: { "made-up" }).normalize(&incoming, in: context())
        #expect(incoming.event.string(.eventID) == "made-up")
        #expect(identities.isEmpty)
    }
}
