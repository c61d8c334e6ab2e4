/// Who may send: one entry of `sources`.
package struct SourceConfiguration: Sendable {
    /// The decoder of one wire protocol.
    package enum Client: String, Sendable, CaseIterable {
        /// `/g/collect`, the requests of gtag.js.
        case gtag
        /// `/v1/events`, the relay's own JSON.
        case relais
        /// `/v1/track`, `/v1/batch` and the other calls of the Segment spec.
        case segment
        /// `/mp/collect`, Google's Measurement Protocol.
        case measurementProtocol = "measurement-protocol"
    }

    /// The key under `sources`.
    package var name: String
    /// `clients`: the protocols it speaks; at least one.
    package var clients: [Client] = []
    /// `site`: where its events belong; may be left out when there is one site.
    package var site = ""
    /// `write_keys`: any of them opens the door; without keys the source is a browser, judged by its origin.
    package var writeKeys: [WriteKeyConfiguration] = []
    /// `public_keys`: what browser SDKs show where they must show a key. They are in every visitor's hands, so they prove
    /// nothing: a request with one is still judged by its origin.
    package var publicKeys: [String] = []
    /// `origins`: web origins beyond the site's domains and their subdomains, lower-case.
    package var origins: [WebOrigin] = []
    /// `consent`: what is taken for granted or denied where an event says nothing; default the site's.
    package var consent: ConsentDefaults?
    /// `browser_requests`: what the answers to gtag.js in server-container mode have browsers request; default nothing.
    package var browserRequests: [BrowserRequestConfiguration] = []

    package init(name: String) {
        self.name = name
    }

    package var isKeyed: Bool { !writeKeys.isEmpty }
}

/// A web origin: `https://shop.example.com` or `http://localhost:3000`.
package struct WebOrigin: Sendable, Hashable, CustomStringConvertible {
    package var scheme: String
    package var host: String
    /// nil for the default port of the scheme.
    package var port: Int?

    /// Parses an origin as browsers send it; nil with a path, a wildcard or another scheme than http and https.
    package init?(_ text: String) {
        let lower = text.lowercased()
        guard let scheme = ["https", "http"].first(where: { lower.hasPrefix("\($0)://") }) else { return nil }
        var rest = lower.dropFirst(scheme.count + 3)
        var port: Int?
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            let digits = rest[rest.index(after: colon)...]
            guard let number = Int(digits), (1...65535).contains(number), digits.allSatisfy(\.isNumber) else {
                return nil
            }
            port = number == (scheme == "https" ? 443 : 80) ? nil : number
            rest = rest[..<colon]
        }
        let isIPv6 = rest.hasPrefix("[") && rest.hasSuffix("]") && NetworkAddress(rest.dropFirst().dropLast()) != nil
        let isIPv4 = !rest.contains(":") && NetworkAddress(rest) != nil
        guard isIPv6 || isIPv4 || HostName.isValid(rest) else { return nil }
        self.scheme = scheme
        self.host = String(rest)
        self.port = port
    }

    package var description: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")" }
}
