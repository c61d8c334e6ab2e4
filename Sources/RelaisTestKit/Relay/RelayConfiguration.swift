/// A `relais.yaml` for a test, by its parts.
package struct RelayConfiguration: Sendable {
    package static let writeKey = "test-write-key-0123456789"
    package static let publicKey = "test-public-key"
    package static let adminToken = "test-admin-token-0123456789"

    package var port: Int
    package var adminPort: Int
    package var sandboxPort: Int
    package var plugins: String
    package var state = "state"
    package var isolation = "process"
    /// In YAML.
    package var adminTokenValue = Self.adminToken
    package var domains = "[shop.example]"
    package var siteConsent = "{ default: denied }"
    /// More keys of the site, indented by four.
    package var siteExtra = ""
    /// More keys of the browsers' source, each with a comma before it.
    package var webExtra = ""
    package var serverConsent = "{ default: granted, reason: test }"
    /// Name and value (YAML flow style) of each destination.
    package var destinations: [(name: String, value: String)] = []
    /// More top-level keys.
    package var extra = ""

    package init(installation: Installation, sandboxPort: Int) throws {
        port = try FreePort.next()
        adminPort = try FreePort.next()
        self.sandboxPort = sandboxPort
        plugins = installation.plugins
        destinations = [("ga4", ga4()), ("meta", meta())]
    }

    package func ga4(_ more: String = "") -> String {
        """
        { plugin: ga4, config: { measurement_id: G-TEST123456, api_secret: secret-ga4-0123456789, \
        endpoint: "http://127.0.0.1:\(sandboxPort)/www.google-analytics.com" }\(more) }
        """
    }

    package func meta(_ more: String = "", token: String = "token-meta-0123456789") -> String {
        """
        { plugin: meta, browser_tag: false, config: { pixel_id: "123456789012345", access_token: \(token), \
        endpoint: "http://127.0.0.1:\(sandboxPort)/graph.facebook.com" }\(more) }
        """
    }

    /// Not among the destinations unless a test adds it.
    package func tiktok(_ more: String = "", token: String = "token-tiktok-0123456789") -> String {
        """
        { plugin: tiktok, browser_tag: false, config: { pixel_code: C0TESTPIXEL0CODE, access_token: \(token), \
        endpoint: "http://127.0.0.1:\(sandboxPort)/business-api.tiktok.com" }\(more) }
        """
    }

    /// `conversions` are entries in flow style; `more` goes into its `config`, `after` behind that.
    package func linkedin(
        _ conversions: [String],
        _ more: String = "",
        token: String = "token-linkedin-0123456789",
        after: String = ""
    ) -> String {
        """
        { plugin: linkedin, browser_tag: false, config: { access_token: \(token), \(more)\
        conversions: [\(conversions.joined(separator: ", "))], \
        endpoint: "http://127.0.0.1:\(sandboxPort)/api.linkedin.com" }\(after) }
        """
    }

    package var yaml: String {
        """
        listen: 127.0.0.1:\(port)
        admin: { listen: "127.0.0.1:\(adminPort)", token: \(adminTokenValue) }
        state: \(state)
        plugins: { directory: "\(plugins)", isolation: \(isolation) }
        sites:
          shop:
            domains: \(domains)
            measurement_id: G-TEST123456
            default_country: FR
            consent: \(siteConsent)
            \(siteExtra)
        sources:
          web: { clients: [gtag, relais, segment], site: shop, public_keys: [\(Self.publicKey)]\(webExtra) }
          server: { clients: [relais, segment, measurement-protocol], site: shop, write_keys: [\(Self.writeKey)],
                    consent: \(serverConsent) }
        destinations:
        \(destinations.map { "  \($0.name): \($0.value)" }.joined(separator: "\n"))
        \(extra)

        """
    }
}
