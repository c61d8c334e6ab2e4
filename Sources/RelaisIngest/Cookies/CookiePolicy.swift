/// What a site's configuration says of cookies.
package struct CookiePolicy: Sendable {
    package enum ClientID: Sendable {
        /// gtag's `_ga`.
        case google
        /// `FPID`, which scripts cannot read.
        case server
        /// None is set.
        case none
    }

    package var site: String
    package var clientID = ClientID.google
    /// Seconds; of the cookies of analytics and of the keeper.
    package var lifetime: Int64 = 400 * 86_400
    package var sameSite = SetCookie.SameSite.lax
    package var isSecure = true
    package var path = "/"
    /// The site's `G-…` ids; nil for any.
    package var measurementIDs: [String]? = []
    /// Vendors whose cookies are set.
    package var vendors: Set<CookieFamily> = []
    /// Lower-case names by which a CMP may call them.
    package var vendorNames: [CookieFamily: Set<String>] = [:]
    /// `_fbp` is made where there is none: no pixel of the site does it.
    package var makesBrowserID = false
    package var hasKeeper = false
    /// An FPID that this relay did not make is kept.
    package var adoptsFPID = false
    package var key: CookieKey
    /// Whether a host belongs to the site.
    package var isSiteHost: @Sendable (String) -> Bool = { _ in false }

    package init(site: String, key: CookieKey) {
        self.site = site
        self.key = key
    }

    /// Whether cookies of the family are set, renewed and expired at all.
    func sets(_ family: CookieFamily) -> Bool {
        switch family {
        case .analytics: clientID != .none
        case .advertising: false
        case .google, .meta, .tiktok, .linkedin: vendors.contains(family)
        }
    }
}

/// Where a request's cookies belong.
package struct CookiePlace: Sendable, Equatable {
    /// The `Domain` attribute; nil for the host alone.
    package var domain: String?
    /// The request came over HTTPS.
    package var isSecure: Bool

    package init(domain: String?, isSecure: Bool) {
        self.domain = domain
        self.isSecure = isSecure
    }

    /// Labels of the domain, 1 for a host alone: what Google's cookies write in their second part.
    var labels: Int { domain.map { $0.utf8.count { $0 == UInt8(ascii: ".") } + 1 } ?? 1 }
}
