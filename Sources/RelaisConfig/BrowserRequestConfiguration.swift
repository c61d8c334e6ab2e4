package import RelaisEvent

/// One entry of `browser_requests`: what browsers are told, in the answer to a hit of gtag.js, to request themselves.
package struct BrowserRequestConfiguration: Sendable, Hashable {
    /// The key under `browser_requests`.
    package var name: String
    /// `when`: all must hold.
    package var conditions: [EventCondition] = []
    /// `consent.purposes`: all must be granted; default those that the ad vendors' plugins ask.
    package var purposes: [ConsentPurpose] = [.adStorage, .adUserData]
    /// `consent.vendor`: the name under which a CMP speaks of whoever is requested.
    package var vendor: String?
    /// `send_pixel` or `fetch`: which of the two is given.
    package var method = BrowserRequest.Method.sendPixel
    /// The value of that key.
    package var url = BrowserRequestURL()

    package init(name: String) {
        self.name = name
    }
}
