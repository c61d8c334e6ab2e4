internal import RelaisEvent

/// What a visitor's browser says in its request headers; read once a request, used for each of its events.
package struct VisitorHeaders: Sendable {
    private var userAgent: String?
    private var language: String?
    private var clientHints: [IncomingRequest.Header] = []
    private var bot = BotVerdict()

    private static let maximumBytes = 4096

    /// `isSecure`: the browser sent it over TLS.
    package init(_ request: IncomingRequest, isSecure: Bool = false) {
        userAgent = request.header("user-agent").flatMap(Self.bounded)
        language = request.header("accept-language").flatMap(Self.firstLanguage)
        clientHints = request.headers.filter {
            $0.name.hasPrefix("sec-ch-ua") && !$0.value.isEmpty && Self.bounded($0.value) != nil
        }
        bot = BotSignals(request, isSecure: isSecure).verdict
    }

    /// Fills in what the event does not say itself.
    func enrich(_ event: inout Event) {
        if !event.has(.userAgent), let userAgent { event.set(.userAgent, userAgent) }
        if !event.has(.language), let language { event.set(.language, language) }
        bot.apply(to: &event)
        for hint in clientHints where event.parameter(hint.name, in: .clientHints) == nil {
            event.append(hint.name, hint.value, to: .clientHints)
        }
    }

    private static func bounded(_ text: String) -> String? {
        text.isEmpty || text.utf8.count > maximumBytes ? nil : text
    }

    /// `fr-FR,fr;q=0.9` → `fr-FR`.
    private static func firstLanguage(_ header: String) -> String? {
        let tag = header.utf8.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") }
        return tag.isEmpty || tag.first == UInt8(ascii: "*") ? nil : String(Substring(tag))
    }
}

extension BotSignals {
    /// What a browser's own request shows.
    init(_ request: IncomingRequest, isSecure: Bool) {
        self.init(request: Request(isSecure: isSecure, hasFetchMetadata: false, hasLanguage: false))
        for header in request.headers where !header.value.isEmpty {
            switch header.name {
            case "user-agent": userAgent = userAgent ?? header.value
            case "sec-ch-ua": brands = brands ?? header.value
            case "sec-ch-ua-platform": platform = platform ?? header.value
            case "sec-ch-ua-mobile": mobile = mobile ?? header.value
            case "sec-fetch-site", "sec-fetch-mode": self.request?.hasFetchMetadata = true
            case "accept-language": self.request?.hasLanguage = true
            case "signature-agent": self.request?.isSigned = true
            default: break
            }
        }
    }

    /// What a server tells of the visitor.
    init(_ event: Event) {
        self.init(
            userAgent: event.string(.userAgent),
            brands: event.string("sec-ch-ua", in: .clientHints),
            platform: event.string("sec-ch-ua-platform", in: .clientHints),
            mobile: event.string("sec-ch-ua-mobile", in: .clientHints)
        )
    }
}
