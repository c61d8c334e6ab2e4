package import RelaisEvent

/// The first-party cookies of one browser's request: what of them its events may have, who the visitor is, and which
/// cookies the answer is to set. A pure value: the request's cookies, the site's policy, the events' consent and pages and
/// the time go in.
///
/// Nothing is read that consent refuses or has not been asked for, and nothing is set without consent. A refusal has the
/// browser forget what the relay keeps; a mere default (`pending`, `unset`) leaves it where it is.
package struct VisitorCookies: Sendable {
    let policy: CookiePolicy
    /// nil where no cookie can be set: the relay's host and the page are not of one site.
    let place: CookiePlace?
    /// Microseconds since 1970.
    let now: Int64
    let random: @Sendable () -> UInt64
    /// The browser's, and what has been made for it meanwhile.
    private(set) var present: [CookieHeader.Pair]
    /// Names that the browser sent.
    private let brought: [String]
    let kept: CookieKeeper
    private let bringsKeeper: Bool
    var ledger = CookieLedger()

    package init(
        _ request: IncomingRequest,
        policy: CookiePolicy,
        place: CookiePlace?,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }
    ) {
        self.policy = policy
        self.place = place
        self.random = random
        now = request.receivedMicros
        present = MarketingCookie.select(from: request)
        brought = present.map(\.name)
        let keeper = policy.hasKeeper ? request.cookie(CookieKeeper.name) : nil
        bringsKeeper = keeper != nil
        kept =
            keeper.flatMap {
                CookieKeeper($0, site: policy.site, key: policy.key, now: request.receivedMicros / 1_000_000)
            } ?? CookieKeeper()
    }

    var seconds: Int64 { now / 1_000_000 }

    func value(_ name: String) -> String? { present.first { $0.name == name }?.value }

    // MARK: Events

    /// Gives a normalised event the cookies and ids that its consent allows.
    package mutating func complete(_ event: inout Event, consent: CookieConsent) {
        let isPageView = event.string(.eventName) == "page_view"
        ledger.note(consent, isPageView: isPageView)
        restore(consent)
        if isPageView { renew(consent) }
        for cookie in present {
            guard let family = MarketingCookie.family(of: cookie.name), consent.allows(family),
                event.parameter(cookie.name, in: .cookies) == nil
            else { continue }
            event.append(cookie.name, cookie.value, to: .cookies)
        }
        identify(&event, consent)
        keepClicks(&event, consent, isPageView: isPageView)
    }

    /// Has the browser keep a cookie, and the event and those after it have it.
    mutating func keep(_ name: String, _ value: String, maxAge: Int64, in event: inout Event) {
        guard plan(name, value, maxAge: maxAge) else { return }
        show(name, value, in: &event)
    }

    /// Gives the event, and those after it, another value of a cookie.
    mutating func show(_ name: String, _ value: String, in event: inout Event) {
        let current = event
        event[.cookies] = current[.cookies].filter { !current.bytes($0.key).elementsEqual(name.utf8) }
        event.append(name, value, to: .cookies)
    }

    /// False when the cookie cannot be set here, or not written so.
    @discardableResult
    mutating func plan(_ name: String, _ value: String, maxAge: Int64, isHTTPOnly: Bool = false) -> Bool {
        guard maxAge > 0, SetCookie.isWritable(value), let cookie = cookie(name, value, maxAge, isHTTPOnly) else {
            return false
        }
        ledger.add(cookie)
        if let index = present.firstIndex(where: { $0.name == name }) {
            present[index].value = value
        } else {
            present.append(CookieHeader.Pair(name: name, value: value))
        }
        return true
    }

    /// What the browser cut comes back, but for `_ga`, which has rules of its own.
    private mutating func restore(_ consent: CookieConsent) {
        for entry in kept.entries where entry.name != "_ga" && value(entry.name) == nil {
            guard let family = MarketingCookie.family(of: entry.name), policy.sets(family), consent.allows(family)
            else { continue }
            plan(entry.name, entry.value, maxAge: entry.end - seconds)
        }
    }

    // MARK: The answer

    /// The cookies that the answer sets, once all events of the request are complete.
    package func setCookies() -> [SetCookie] {
        guard place != nil, ledger.hasEvents else { return [] }
        var cookies = ledger.set.filter { allows($0.name) }
        for name in brought {
            guard let family = MarketingCookie.family(of: name), policy.sets(family), ledger.refuses(family),
                let cookie = cookie(name, "", 0, false)
            else { continue }
            cookies.append(cookie)
        }
        if policy.hasKeeper, let keeper = keeper(setting: cookies) { cookies.append(keeper) }
        return cookies
    }

    package static let checkName = "relais_check"

    /// A cookie that says nothing, for a minute, with the attributes of the others: whether it comes back shows whether they
    /// do. nil where none can be set.
    package func checkCookie() -> SetCookie? { cookie(Self.checkName, "1", 60, true) }

    private func cookie(_ name: String, _ value: String, _ maxAge: Int64, _ isHTTPOnly: Bool) -> SetCookie? {
        guard let place else { return nil }
        let isSecure = place.isSecure && (policy.isSecure || policy.sameSite == .none)
        return SetCookie(
            name: name,
            value: value,
            maxAge: maxAge,
            domain: place.domain,
            path: policy.path,
            // Browsers refuse SameSite=None without Secure.
            sameSite: policy.sameSite == .none && !isSecure ? .lax : policy.sameSite,
            isSecure: isSecure,
            isHTTPOnly: isHTTPOnly
        )
    }

    /// nil when it may stay as it is. A refusal also ends one that the relay does not know as its own: ids lie in it all the
    /// same.
    private func keeper(setting cookies: [SetCookie]) -> SetCookie? {
        var keeper = CookieKeeper()
        keeper.entries = CookieKeeper.names.compactMap { entry($0, setting: cookies) }
        guard !keeper.entries.isEmpty else {
            let isForgotten = !kept.entries.isEmpty || bringsKeeper && ledger.refuses(.analytics)
            return isForgotten ? cookie(CookieKeeper.name, "", 0, true) : nil
        }
        let isRenewed = ledger.hasPageView && keeper.entries.contains { allows($0.name) }
        guard isRenewed || !keeper.hasSameCookies(as: kept) else { return nil }
        let value = keeper.value(site: policy.site, key: policy.key)
        return cookie(CookieKeeper.name, value, policy.lifetime, true)
    }

    private func allows(_ name: String) -> Bool { MarketingCookie.family(of: name).map { ledger.allows($0) } ?? false }

    private func entry(_ name: String, setting cookies: [SetCookie]) -> CookieKeeper.Entry? {
        guard let family = MarketingCookie.family(of: name), policy.sets(family), !ledger.refuses(family) else {
            return nil
        }
        guard ledger.allows(family), let value = value(name), SetCookie.isWritable(value) else { return kept[name] }
        if let set = cookies.first(where: { $0.name == name }) {
            return CookieKeeper.Entry(name: name, value: value, end: seconds + set.maxAge)
        }
        if let kept = kept[name], kept.value == value { return kept }
        guard let maxAge = lifetime(of: name, value) else { return nil }
        return CookieKeeper.Entry(name: name, value: value, end: seconds + maxAge)
    }
}
