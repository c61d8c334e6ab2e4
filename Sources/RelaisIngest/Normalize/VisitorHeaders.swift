internal import RelaisEvent

/// What a visitor's browser says in its request headers; read once a request, used for each of its events.
package struct VisitorHeaders: Sendable {
    private var userAgent: String?
    private var language: String?
    private var clientHints: [IncomingRequest.Header] = []

    private static let maximumBytes = 4096

    package init(_ request: IncomingRequest) {
        userAgent = request.header("user-agent").flatMap(Self.bounded)
        language = request.header("accept-language").flatMap(Self.firstLanguage)
        clientHints = request.headers.filter {
            $0.name.hasPrefix("sec-ch-ua") && !$0.value.isEmpty && Self.bounded($0.value) != nil
        }
    }

    /// Fills in what the event does not say itself.
    func enrich(_ event: inout Event) {
        if !event.has(.userAgent), let userAgent { event.set(.userAgent, userAgent) }
        if !event.has(.language), let language { event.set(.language, language) }
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
