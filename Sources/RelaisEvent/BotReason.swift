/// What speaks for a bot. The raw value is the word in the event's `bot_reasons`, in metrics and in the documentation.
package enum BotReason: String, CaseIterable, Sendable {
    /// The user agent names a crawler, a monitor or a link preview.
    case declaredBot = "declared_bot"
    /// The user agent names a crawler that gathers text for a language model.
    case aiCrawler = "ai_crawler"
    /// The user agent, or a `Signature-Agent` header, names a program that reads or acts on a person's behalf.
    case aiAgent = "ai_agent"
    /// A browser without a screen, as tests and scrapers use it.
    case headless
    /// An HTTP library or a command-line tool instead of a browser.
    case httpLibrary = "http_library"
    case noUserAgent = "no_user_agent"
    /// Client hints beside the user agent of a browser that has none.
    case hintsOfAnotherBrowser = "hints_of_another_browser"
    /// `Sec-CH-UA-Platform` and the user agent name different systems.
    case platformMismatch = "platform_mismatch"
    /// `Sec-CH-UA` and the user agent name different versions.
    case versionMismatch = "version_mismatch"
    /// Over TLS, no `Sec-Fetch-*` of a browser that always sends it.
    case noFetchMetadata = "no_fetch_metadata"
    /// Over TLS, no `Sec-CH-UA` of a browser that always sends it.
    case noClientHints = "no_client_hints"
    /// `Sec-CH-UA-Mobile` and the user agent disagree on whether it is a phone.
    case mobileMismatch = "mobile_mismatch"
    case noLanguage = "no_language"

    /// What it adds to the score.
    package var weight: Int {
        switch self {
        case .declaredBot, .aiCrawler, .aiAgent: 100
        case .headless: 90
        case .httpLibrary: 80
        case .noUserAgent, .hintsOfAnotherBrowser: 60
        case .platformMismatch: 50
        case .versionMismatch, .noFetchMetadata, .noClientHints: 40
        case .mobileMismatch: 30
        case .noLanguage: 20
        }
    }

    /// It says so itself: no guess.
    package var isDeclaration: Bool {
        switch self {
        case .declaredBot, .aiCrawler, .aiAgent: true
        default: false
        }
    }
}
