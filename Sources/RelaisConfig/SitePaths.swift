/// `paths` of a site: names of its own for what filter lists know by the usual ones. The usual ones stay.
package struct SitePaths: Sendable, Equatable {
    /// `tracker`: beside `/relais.js`.
    package var tracker: String?
    /// `events`: beside `/v1/events`; the tracker sends there.
    package var events: String?
    /// `gtag`: beside `/g/collect`; Google's scripts that the relay serves send there.
    package var gtag: String?

    package init() {}
}
