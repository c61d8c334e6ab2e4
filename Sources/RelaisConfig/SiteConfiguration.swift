import RelaisEvent

/// One web property of `sites`.
package struct SiteConfiguration: Sendable {
    /// Which gtag measurement ids a site takes.
    package enum MeasurementIDs: Sendable, Hashable {
        /// `any`: every id, each kept.
        case any
        /// These; hits for others are refused.
        case only([String])

        package func contains(_ id: String) -> Bool {
            switch self {
            case .any: true
            case .only(let ids): ids.contains(id)
            }
        }
    }

    /// The key under `sites`.
    package var name: String
    /// `domains`: lower-case host names; their subdomains belong to the site too.
    package var domains: [String] = []
    /// `measurement_id`: an id, a list of ids, or `any`; needed when a source takes gtag hits.
    package var measurementIDs = MeasurementIDs.only([])
    /// `default_country`: ISO 3166-1 alpha-2, for phone numbers without a country; default none.
    package var defaultCountry: String?
    /// `internal`: networks of one's own people, whose events reach no ad vendor; default none.
    package var internalNetworks = NetworkRangeSet()
    /// `consent`: for purposes nobody spoke of; default all `denied`.
    package var consent = ConsentDefaults(fallback: .denied)
    /// `paths`
    package var paths = SitePaths()
    /// `google_scripts`; nil: not served.
    package var googleScripts: GoogleScriptsConfiguration?
    /// `cookies`: which first-party cookies the relay keeps, and how.
    package var cookies = SiteCookies()

    package init(name: String) {
        self.name = name
    }

    /// True for the site's domains and their subdomains; any letter case.
    package func covers(host: String) -> Bool {
        let host = host.lowercased()
        return domains.contains { SiteConfiguration.covers($0, host) }
    }

    /// The longest of the site's domains that a host is or belongs to, nil when it is another's; any letter case.
    package func domain(covering host: String) -> String? {
        let host = host.lowercased()
        return domains.filter { SiteConfiguration.covers($0, host) }.max { $0.utf8.count < $1.utf8.count }
    }

    package static func covers(_ domain: String, _ host: String) -> Bool {
        host == domain || (host.hasSuffix(domain) && host.dropLast(domain.count).hasSuffix("."))
    }
}
