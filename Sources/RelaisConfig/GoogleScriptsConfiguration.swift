/// `google_scripts` of a site: Google's tag scripts, served from the site's own domain. Off unless the key is there.
package struct GoogleScriptsConfiguration: Sendable, Equatable {
    package static let defaultUpstream = "https://www.googletagmanager.com"

    /// Which containers and tags are served. Anybody could have another one's container served from the site's domain
    /// otherwise, past its content security policy.
    package var ids: [String] = []
    /// `gtag`: beside `/gtag/js`.
    package var gtag: String?
    /// `gtm`: beside `/gtm.js`.
    package var gtm: String?
    /// `destination`: beside `/gtag/destination`.
    package var destination: String?
    /// Scheme, host and, for tests, port and path, without a slash at the end.
    package var upstream = defaultUpstream
    /// `cache`: how long a script is served before it is fetched again.
    package var cache: Duration = .seconds(900)

    package init() {}
}
