internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest

/// The cookie policies of all sites, and where a request's cookies belong.
struct CookieRules: Sendable {
    private let policies: [String: CookiePolicy]
    private let configuration: RelaisConfiguration
    private let proxies: ProxyRules

    /// `manifests`: by destination name.
    init(configuration: RelaisConfiguration, manifests: [String: PluginManifest], key: CookieKey) {
        self.configuration = configuration
        proxies = ProxyRules(configuration: configuration)
        policies = Dictionary(
            configuration.sites.map { site in
                let destinations = configuration.destinations.filter { $0.isEnabled && $0.sites.contains(site.name) }
                let vendors = SiteVendors(destinations.map { ($0, manifests[$0.name]) })
                return (site.name, CookiePolicy(site, vendors: vendors, key: key))
            }
        ) { first, _ in first }
    }

    /// The cookies of a browser's request; nil when its site is not known.
    func cookies(of request: IncomingRequest, site: SiteConfiguration) -> VisitorCookies? {
        policies[site.name].map {
            VisitorCookies(request, policy: $0, place: place(of: request, site), random: Self.random)
        }
    }

    private static let random: @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }

    /// What an event's consent says of cookies, with the defaults of its source or site for what it leaves out.
    func consent(_ event: Event, _ source: SourceConfiguration, _ site: SiteConfiguration) -> CookieConsent {
        let defaults = source.consent ?? site.consent
        return CookieConsent(event.consent, vendorNames: policies[site.name]?.vendorNames ?? [:]) {
            defaults[$0] == .granted
        }
    }

    /// The answer to ``CookieCheckAnswer/isAsked(by:)`` and the cookie that goes with it.
    func check(_ request: IncomingRequest) -> (answer: CookieCheckAnswer, cookie: SetCookie?) {
        let host = proxies.host(of: request).map(HostText.name) ?? ""
        let site = configuration.site(forHost: host)
        let cookie = site.flatMap { cookies(of: request, site: $0) }?.checkCookie()
        let answer = CookieCheckAnswer(
            host: host,
            site: site?.name,
            cookieDomain: cookie?.domain,
            sets: cookie != nil,
            isSecure: proxies.isSecure(request),
            cameBack: request.cookie(VisitorCookies.checkName) != nil,
            timeMillis: request.receivedMicros / 1000
        )
        return (answer, cookie)
    }

    // MARK: Place

    /// nil unless the request's host and the page that it comes from lie within one domain of the site: elsewhere the
    /// cookies would be a third party's.
    func place(of request: IncomingRequest, _ site: SiteConfiguration) -> CookiePlace? {
        guard request.header("sec-fetch-site") != "cross-site", let host = proxies.host(of: request).map(HostText.name),
            let domain = site.domain(covering: host)
        else { return nil }
        let page = (request.header("origin") ?? request.header("referer")).flatMap(HostText.ofURL)
        if let page, site.domain(covering: page) != domain { return nil }
        guard let configured = site.cookies.domain else {
            return CookiePlace(domain: domain.isNamed ? domain : nil, isSecure: proxies.isSecure(request))
        }
        guard SiteConfiguration.covers(configured, host) else { return nil }
        return CookiePlace(domain: configured, isSecure: proxies.isSecure(request))
    }
}

extension String {
    /// Not an address, and not a name of one label, which browsers take no `Domain` attribute for.
    fileprivate var isNamed: Bool { contains(".") && NetworkAddress(self) == nil }
}

/// Which vendors a site's destinations belong to.
private struct SiteVendors {
    private static let families: [String: CookieFamily] = [
        "ga4": .google, "meta": .meta, "tiktok": .tiktok, "linkedin": .linkedin,
    ]

    var present: Set<CookieFamily> = []
    var names: [CookieFamily: Set<String>] = [:]
    /// A pixel of Meta's runs on the site.
    var hasMetaPixel = false

    init(_ destinations: [(destination: DestinationConfiguration, manifest: PluginManifest?)]) {
        for (destination, manifest) in destinations {
            guard let family = Self.families[destination.plugin] else { continue }
            present.insert(family)
            let name = destination.consent.vendor ?? manifest?.consent.vendor
            names[family, default: []].formUnion([name, destination.plugin].compactMap { $0?.lowercased() })
            if family == .meta, destination.browserTag == true { hasMetaPixel = true }
        }
    }
}

extension CookiePolicy {
    fileprivate init(_ site: SiteConfiguration, vendors found: SiteVendors, key: CookieKey) {
        self.init(site: site.name, key: key)
        let cookies = site.cookies
        switch cookies.clientID {
        case .ga: clientID = .google
        case .fpid: clientID = .server
        case .none: clientID = .none
        }
        lifetime = cookies.lifetime.components.seconds
        switch cookies.sameSite {
        case .lax: sameSite = .lax
        case .strict: sameSite = .strict
        case .none: sameSite = .none
        }
        isSecure = cookies.isSecure
        path = cookies.path
        if case .only(let ids) = site.measurementIDs { measurementIDs = ids } else { measurementIDs = nil }
        vendors = cookies.vendors.map { Set($0.map(\.family)) } ?? found.present
        vendorNames = found.names
        makesBrowserID = found.present.contains(.meta) && !found.hasMetaPixel
        hasKeeper = cookies.hasKeeper
        adoptsFPID = cookies.adoptsFPID
        isSiteHost = { site.covers(host: $0) }
    }
}

extension SiteCookies.Vendor {
    fileprivate var family: CookieFamily {
        switch self {
        case .google: .google
        case .meta: .meta
        case .tiktok: .tiktok
        case .linkedin: .linkedin
        }
    }
}
