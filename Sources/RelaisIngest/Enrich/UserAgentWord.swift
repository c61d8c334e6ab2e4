internal import RelaisEvent

/// What a word of a user agent says, in lower case.
enum UserAgentWord: Sendable {
    case declaration(BotReason)
    case headless
    /// Counts as the first word only: browsers name libraries further behind.
    case library
    case chromium
    case firefox
    /// `Version/17.4` of Safari.
    case safariVersion
    case safari
    case embedded
    case mobile
    case platform(UserAgentClaim.Platform)

    static let table = KeyTable<UserAgentWord>(
        agents.map { ($0, .declaration(.aiAgent)) } + crawlers.map { ($0, .declaration(.aiCrawler)) }
            + bots.map { ($0, .declaration(.declaredBot)) } + withoutScreen.map { ($0, .headless) }
            + libraries.map { ($0, .library) } + browser
    )

    /// Names ending in `bot`, `crawler` or `spider`, between hyphens too (`AdsBot-Google`), are those of bots; Cubot makes
    /// telephones.
    static func isBotName(_ word: Bytes) -> Bool {
        var start = 0
        for end in 0...word.count where end == word.count || word[end] == UInt8(ascii: "-") {
            let part = word.slice(start..<end)
            start = end + 1
            guard hasSuffix(part, "bot") || hasSuffix(part, "crawler") || hasSuffix(part, "spider") else { continue }
            if !part.isEqual(to: "cubot") { return true }
        }
        return false
    }

    private static func hasSuffix(_ text: Bytes, _ suffix: StaticString) -> Bool {
        text.count >= suffix.utf8CodeUnitCount
            && text.dropPrefix(text.count - suffix.utf8CodeUnitCount).hasPrefix(suffix)
    }

    // As their operators document them; names that `isBotName` knows are listed only where they say more.

    private static let agents = [
        "chatgpt-user", "claude-user", "perplexity-user", "mistralai-user", "meta-externalfetcher", "duckassistbot",
        "gemini-deep-research", "google-notebooklm",
    ]
    private static let crawlers = [
        "gptbot", "oai-searchbot", "claudebot", "claude-searchbot", "claude-web", "anthropic-ai", "perplexitybot",
        "ccbot",
        "bytespider", "amazonbot", "applebot-extended", "meta-externalagent", "cohere-ai", "ai2bot", "diffbot",
        "youbot",
        "timpibot", "pangubot", "google-cloudvertexbot",
    ]
    private static let bots = [
        "slurp", "mediapartners-google", "google-inspectiontool", "googleother", "feedfetcher-google",
        "storebot-google",
        "chrome-lighthouse", "facebookexternalhit", "facebookcatalog", "ia_archiver", "heritrix", "skypeuripreview",
        "ahrefssiteaudit", "yandeximages", "yandexmetrika", "datadogsynthetics", "statuscake", "site24x7", "catchpoint",
        "ptst", "gtmetrix", "w3c_validator",
    ]
    private static let withoutScreen = ["headlesschrome", "phantomjs", "puppeteer", "playwright", "htmlunit", "jsdom"]
    private static let libraries = [
        "curl", "wget", "python", "python-requests", "python-urllib", "python-httpx", "go-http-client", "okhttp",
        "java",
        "apache-httpclient", "axios", "node", "node-fetch", "undici", "libwww-perl", "ruby", "php", "guzzlehttp",
        "postmanruntime", "scrapy", "dart", "httpie",
    ]
    private static let browser: [(String, UserAgentWord)] = [
        ("chrome", .chromium), ("chromium", .chromium), ("firefox", .firefox), ("version", .safariVersion),
        ("safari", .safari), ("wv", .embedded), ("mobile", .mobile), ("windows", .platform(.windows)),
        ("macintosh", .platform(.macOS)), ("linux", .platform(.linux)), ("x11", .platform(.linux)),
        ("android", .platform(.android)), ("iphone", .platform(.iOS)), ("ipad", .platform(.iOS)),
        ("cros", .platform(.chromeOS)),
    ]
}
