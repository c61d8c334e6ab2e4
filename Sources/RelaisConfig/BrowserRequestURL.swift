package import RelaisEvent

/// An `https` URL with placeholders for values of an event: `https://pixel.example/p?id={event_id}`.
package struct BrowserRequestURL: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case text(String)
        case field(EventField)
    }

    /// Why a text is none.
    package enum Failure: Error, Equatable {
        case notHTTPS
        case character
        case brace
        case placeholder(String)
    }

    /// What a placeholder may name: what happened, and nothing by which a visitor is known.
    package static let fields: [EventField] = [
        .eventName, .eventID, .transactionID, .value, .currency, .tax, .shipping, .coupon, .pageHostname,
    ]

    /// As the file writes it.
    package private(set) var text = ""
    package private(set) var parts: [Part] = []

    init() {}

    /// Parses a URL; the host has no placeholder, so that no event can say where browsers go.
    package init(_ text: String) throws(Failure) {
        guard Self.hasHTTPSHost(text) else { throw .notHTTPS }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`|"#.utf8.contains($0) }) else {
            throw .character
        }
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { throw .brace }
            let name = rest[open...close].dropFirst().dropLast()
            guard let field = Self.fields.first(where: { $0.name == name }) else {
                throw .placeholder(String(name))
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.text = text
    }

    /// Where nothing but a path, a query or the end follows the authority.
    private static func hasHTTPSHost(_ text: String) -> Bool {
        let scheme = "https://"
        guard text.utf8.count <= 2000, text.lowercased().hasPrefix(scheme) else { return false }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        return WebOrigin(scheme + authority) != nil
    }
}
