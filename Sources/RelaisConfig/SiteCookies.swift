/// `cookies` of a site: which first-party cookies the relay keeps in browsers, and how.
package struct SiteCookies: Sendable, Hashable {
    /// What names a visitor.
    package enum ClientID: String, Sendable, CaseIterable {
        /// gtag's own cookie, set again by HTTP.
        case ga = "_ga"
        /// A cookie that scripts cannot read, in place of `_ga`.
        case fpid = "FPID"
        /// The relay sets no cookie of analytics.
        case none
    }

    package enum SameSite: String, Sendable, CaseIterable {
        case lax
        case strict
        case none
    }

    /// Whose click ids and browser ids are kept.
    package enum Vendor: String, Sendable, CaseIterable {
        case google
        case meta
        case tiktok
        case linkedin
    }

    /// `client_id`: default `_ga`.
    package var clientID = ClientID.ga
    /// `lifetime`: of the cookies of analytics and of the keeper, 1d to 400d, default 400d.
    package var lifetime = Duration.seconds(400 * 86_400)
    /// `same_site`: default `lax`.
    package var sameSite = SameSite.lax
    /// `secure`: whether cookies set over HTTPS come back over HTTPS only; default true.
    package var isSecure = true
    /// `domain`: nil (default) for the site's own domain that the request came in on.
    package var domain: String?
    /// `path`: default `/`.
    package var path = "/"
    /// `vendors`: nil (default) for those that have a destination.
    package var vendors: [Vendor]?
    /// `keeper`: whether copies in a cookie of the relay's own restore what browsers cut; default false.
    package var hasKeeper = false
    /// `adopt_fpid`: whether an FPID that another server made is kept; default false.
    package var adoptsFPID = false

    package init() {}
}

extension SiteCookies {
    mutating func read(_ reader: MappingReader, siteDomains: [String]) {
        clientID = reader.choice("client_id") ?? clientID
        lifetime = reader.duration("lifetime", from: "1d", to: "400d") ?? lifetime
        sameSite = reader.choice("same_site") ?? sameSite
        isSecure = reader.boolean("secure") ?? isSecure
        domain = readDomain(reader, siteDomains)
        path =
            reader.value("path", expecting: "a path", fix: "write /, or a path that begins with one") { text in
                text.hasPrefix("/") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }
                    ? text : nil
            } ?? path
        if let entry = reader.entry("vendors") {
            vendors = reader.elements(of: entry.value, path: reader.keyPath("vendors")).compactMap { node, path in
                reader.choice(node, path: path)
            }
        }
        hasKeeper = reader.boolean("keeper") ?? hasKeeper
        adoptsFPID = reader.boolean("adopt_fpid") ?? adoptsFPID
        reader.finish()
    }

    private func readDomain(_ reader: MappingReader, _ siteDomains: [String]) -> String? {
        reader.value(
            "domain",
            expecting: "a domain of the site, or one above it",
            fix: "write a host name that one of the site's domains is or ends with, e.g. example.com"
        ) { text in
            let lower = text.lowercased()
            let isRelated = siteDomains.contains {
                SiteConfiguration.covers(lower, $0) || SiteConfiguration.covers($0, lower)
            }
            return HostName.isValid(lower) && lower.contains(".") && isRelated ? lower : nil
        }
    }
}
