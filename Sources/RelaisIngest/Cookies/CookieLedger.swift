internal import RelaisEvent

/// What one request's events come to: a cookie is set when every event of the request allows it, and forgotten when the
/// last one refuses it.
struct CookieLedger: Sendable {
    /// Bits by family.
    private var withheld: UInt8 = 0
    private var refused: UInt8 = 0
    private(set) var set: [SetCookie] = []
    private(set) var hasEvents = false
    private(set) var hasPageView = false

    mutating func note(_ consent: CookieConsent, isPageView: Bool) {
        hasEvents = true
        hasPageView = hasPageView || isPageView
        refused = 0
        for family in CookieFamily.allCases {
            switch consent[family] {
            case .granted: break
            case .denied:
                refused |= bit(family)
                withheld |= bit(family)
            case .unset, .pending: withheld |= bit(family)
            }
        }
    }

    /// In place of one of that name.
    mutating func add(_ cookie: SetCookie) {
        set.removeAll { $0.name == cookie.name }
        set.append(cookie)
    }

    func allows(_ family: CookieFamily) -> Bool { hasEvents && withheld & bit(family) == 0 }

    func refuses(_ family: CookieFamily) -> Bool { refused & bit(family) != 0 }

    private func bit(_ family: CookieFamily) -> UInt8 { 1 << UInt8(family.rawValue) }
}
