import RelaisEvent
import RelaisIngest
import Testing

@Suite struct BotSignalsTests {
    private static let chrome =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
    private static let chromeOnWindows = chrome.replacing("X11; Linux x86_64", with: "Windows NT 10.0; Win64; x64")
    private static let pixel =
        "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"
    private static let webView =
        "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36"
    private static let iPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
    private static let chromeOnIPhone = iPhone.replacing("Version/17.4", with: "CriOS/150.0.0.0")
    private static let oldSafari = iPhone.replacing("17.4", with: "15.6")
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    private static let chromebook = chrome.replacing("X11; Linux x86_64", with: "X11; CrOS x86_64 14541.0.0")
    private static let edge = chromeOnWindows + " Edg/156.0.0.0"
    private static let brands = #""Not:A-Brand";v="8", "Chromium";v="156""#

    private static func browser(isSecure: Bool = true, hasFetchMetadata: Bool = true, hasLanguage: Bool = true)
        -> BotSignals.Request
    {
        BotSignals.Request(isSecure: isSecure, hasFetchMetadata: hasFetchMetadata, hasLanguage: hasLanguage)
    }

    private static func signals(
        _ userAgent: String?,
        brands: String? = BotSignalsTests.brands,
        platform: String? = nil,
        mobile: String? = nil,
        _ request: BotSignals.Request? = BotSignalsTests.browser()
    ) -> BotSignals {
        BotSignals(userAgent: userAgent, brands: brands, platform: platform, mobile: mobile, request: request)
    }

    @Test(arguments: [
        signals(chrome, platform: #""Linux""#, mobile: "?0"), signals(chromeOnWindows, platform: #""Windows""#),
        signals(edge, platform: #""Windows""#, mobile: "?0"), signals(pixel, platform: #""Android""#, mobile: "?1"),
        signals(chromebook, platform: #""Chrome OS""#), signals(iPhone, brands: nil), signals(firefox, brands: nil),
        signals(chromeOnIPhone, brands: nil), signals(chrome, platform: #""Unknown""#),
        signals(oldSafari, brands: nil, browser(hasFetchMetadata: false)),
        signals(webView, brands: nil, browser(hasFetchMetadata: false)),
        signals(chrome, brands: nil, browser(isSecure: false, hasFetchMetadata: false)),
        signals(chrome.replacing("Chrome/156", with: "Chrome/70"), brands: nil, browser(hasFetchMetadata: false)),
        signals(
            "Mozilla/5.0 (Linux; Android 13; CUBOT_NOTE_50) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
        ),
        signals("Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"),
        signals(chrome, brands: nil, nil), signals(nil, brands: nil, nil),
    ])
    func nothingSpeaksForABot(_ signals: BotSignals) {
        #expect(signals.verdict.reasons == [])
        #expect(signals.verdict.score == 0)
    }

    @Test(
        arguments: [
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", .declaredBot),
            (
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0.0.0",
                .declaredBot
            ),
            ("facebookexternalhit/1.1", .declaredBot), ("Slackbot-LinkExpanding 1.0", .declaredBot),
            ("AdsBot-Google", .declaredBot), ("Baiduspider", .declaredBot), ("DatadogSynthetics", .declaredBot),
            ("Mozilla/5.0 (compatible; archive.org_bot)", .declaredBot),
            ("Mozilla/5.0 (compatible; Unheard/1.0; +https://unheard.example)", .declaredBot),
            ("Mozilla/5.0 Chrome/119.0.0.0 (compatible; GPTBot/1.1; +https://openai.com/gptbot)", .aiCrawler),
            ("Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", .aiCrawler),
            ("CCBot/2.0 (https://commoncrawl.org/faq/)", .aiCrawler),
            ("Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)", .aiAgent),
            ("Mozilla/5.0 (compatible; Claude-User/1.0)", .aiAgent), ("Perplexity-User/1.0", .aiAgent),
        ] as [(String, BotReason)]
    )
    func botsThatSayWhatTheyAreAreCertain(_ userAgent: String, _ reason: BotReason) {
        #expect(Self.signals(userAgent).verdict == BotVerdict([reason]))
        #expect(Self.signals(userAgent, brands: nil, nil).verdict == BotVerdict([reason]))
        #expect(BotVerdict([reason]).score == 100)
        #expect(reason.isDeclaration)
    }

    @Test func aSignedRequestIsAnAgents() {
        var request = Self.browser()
        request.isSigned = true
        #expect(Self.signals(Self.chrome, request).verdict.reasons == [.aiAgent])
        #expect(Self.signals(nil, brands: nil, request).verdict.reasons == [.aiAgent])
    }

    @Test(
        arguments: [
            (signals(chrome.replacing("Chrome/", with: "HeadlessChrome/")), [.headless]),
            (signals(chrome, brands: #""HeadlessChrome";v="156", "Chromium";v="156""#), [.headless]),
            (signals("python-requests/2.31.0", brands: nil), [.httpLibrary]),
            (signals("curl/8.5.0", brands: nil, browser(hasLanguage: false)), [.httpLibrary, .noLanguage]),
            (signals(nil, brands: nil), [.noUserAgent]), (signals("", brands: nil), [.noUserAgent]),
            (signals(nil, brands: nil, browser(hasLanguage: false)), [.noUserAgent, .noLanguage]),
            (signals(firefox), [.hintsOfAnotherBrowser]), (signals(iPhone), [.hintsOfAnotherBrowser]),
            (signals(chromeOnWindows, platform: #""Linux""#), [.platformMismatch]),
            (signals(pixel, platform: #""Linux""#), [.platformMismatch]),
            (signals(chrome, brands: #""Chromium";v="120""#), [.versionMismatch]),
            (signals(chrome, mobile: "?1"), [.mobileMismatch]), (signals(pixel, mobile: "?0"), [.mobileMismatch]),
            (signals(chrome, brands: nil), [.noClientHints]),
            (signals(chrome, browser(hasFetchMetadata: false)), [.noFetchMetadata]),
            (signals(firefox, brands: nil, browser(hasFetchMetadata: false)), [.noFetchMetadata]),
            (signals(iPhone, brands: nil, browser(hasFetchMetadata: false)), [.noFetchMetadata]),
            (
                signals(chrome, brands: nil, browser(hasFetchMetadata: false, hasLanguage: false)),
                [.noFetchMetadata, .noClientHints, .noLanguage]
            ),
            (signals(chromeOnWindows, platform: #""Linux""#, nil), [.platformMismatch]),
        ] as [(BotSignals, [BotReason])]
    )
    func whatDoesNotFitIsAReason(_ signals: BotSignals, _ reasons: [BotReason]) {
        #expect(signals.verdict.reasons == reasons)
        #expect(signals.verdict.score == min(100, reasons.reduce(0) { $0 + $1.weight }))
        #expect(reasons.allSatisfy { !$0.isDeclaration })
    }

    @Test func headersAreReadAndTheVerdictIsWrittenIntoTheEvent() throws {
        let headers = [("user-agent", "Mozilla/5.0 (compatible; GPTBot/1.1)"), ("accept-language", "en")]
        let bot = try event(headers, isSecure: true)
        #expect(bot.number(.botScore) == 100 && bot.string(.botScore) == "100")
        #expect(bot.string(.botReasons) == "ai_crawler")
        let person = try event(
            [
                ("user-agent", Self.chrome), ("sec-ch-ua", Self.brands), ("sec-ch-ua-platform", #""Linux""#),
                ("sec-ch-ua-mobile", "?0"), ("sec-fetch-site", "same-site"), ("accept-language", "fr"),
            ],
            isSecure: true
        )
        #expect(person.number(.botScore) == 0)
        #expect(!person.has(.botReasons))
        #expect(try event([("user-agent", Self.chrome)], isSecure: true).number(.botScore) == 100)
        #expect(try event([("user-agent", Self.chrome)], isSecure: false).number(.botScore) == 20)
    }

    @Test func ofAServersEventOnlyWhatItTellsIsJudged() throws {
        #expect(try event([("user-agent", "curl/8")], isSecure: true, isServer: true).number(.botScore) == 0)
        let told = try event([], #","user_agent":"GPTBot/1.1""#, isSecure: true, isServer: true)
        #expect(told.string(.botReasons) == "ai_crawler")
    }

    private func event(
        _ headers: [(String, String)],
        _ members: String = "",
        isSecure: Bool,
        isServer: Bool = false
    ) throws -> Event {
        var incoming = try decodeEvent("{\"event_name\":\"page_view\"\(members)}")
        var request = hitRequest("")
        request.headers = headers.map { IncomingRequest.Header(name: $0.0, value: $0.1) }
        let context = NormalizationContext(
            site: "shop",
            source: "web",
            client: "relais",
            believesSender: isServer,
            visitor: isServer ? nil : VisitorHeaders(request, isSecure: isSecure),
            address: nil,
            receivedMicros: now
        )
        _ = Normalizer().normalize(&incoming, in: context)
        return incoming.event
    }
}
