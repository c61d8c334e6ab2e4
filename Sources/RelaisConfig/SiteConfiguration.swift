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
    /// `consent`: for purposes nobody spoke of; default all `denied`.
    package var consent = ConsentDefaults(fallback: .denied)
    /// `paths`
    package var paths = SitePaths()
    /// `google_scripts`; nil: not served.
    package var googleScripts: GoogleScriptsConfiguration?

    package init(name: String) {
        self.name = name
    }

    /// True for the site's domains and their subdomains; any letter case.
    package func covers(host: String) -> Bool {
        let host = host.lowercased()
        return domains.contains { SiteConfiguration.covers($0, host) }
    }

    static func covers(_ domain: String, _ host: String) -> Bool {
        host == domain || (host.hasSuffix(domain) && host.dropLast(domain.count).hasSuffix("."))
    }
}
