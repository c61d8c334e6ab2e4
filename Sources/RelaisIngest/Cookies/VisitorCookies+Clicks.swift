internal import RelaisEvent

/// Ids of ad clicks and browsers, kept as their vendors' own tags keep them: names, forms and lifetimes are the vendors',
/// so that the tags on the page read the same.
extension VisitorCookies {
    /// Days that TikTok advises to keep a click at least: 28 (its page "send TikTok Click ID", 2026); its own template
    /// keeps 30.
    private static let tiktokClickSeconds: Int64 = 30 * 86_400
    /// LinkedIn's longest attribution window.
    private static let linkedinClickSeconds: Int64 = 90 * 86_400
    /// 13 months in TikTok's template; browsers cut at 400 days.
    private static let tiktokBrowserSeconds: Int64 = 390 * 86_400
    private static let maximumClickBytes = 1000

    mutating func keepClicks(_ event: inout Event, _ consent: CookieConsent, isPageView: Bool) {
        guard place != nil else { return }
        if maySet(.meta, consent) {
            keepMetaClick(&event)
            if isPageView { makeMetaBrowserID(&event) }
        }
        if maySet(.google, consent) { keepGoogleClick(&event) }
        if maySet(.tiktok, consent) { keepClick("ttclid", Self.tiktokClickSeconds, &event) }
        if maySet(.linkedin, consent) { keepClick("li_fat_id", Self.linkedinClickSeconds, &event) }
    }

    private func maySet(_ family: CookieFamily, _ consent: CookieConsent) -> Bool {
        policy.sets(family) && consent.allows(family)
    }

    /// The sender's own value of a cookie, given in the event, outweighs the browser's: nothing is made of either.
    private func isSendersOwn(_ name: String, _ event: Event) -> Bool {
        event.string(name, in: .cookies).map { $0 != value(name) } ?? false
    }

    // MARK: Vendors

    /// The click in the page's address, then in the referrer's; the cookie is written anew only for another click.
    private mutating func keepMetaClick(_ event: inout Event) {
        guard !isSendersOwn("_fbc", event),
            let click = event.string("fbclid", in: .clickIDs)
                ?? event.string(.pageReferrer).flatMap({ QueryValue.find("fbclid", in: $0) }),
            click.utf8.count <= MetaCookie.maximumClickBytes
        else { return }
        if let present = value("_fbc").flatMap(MetaCookie.init), present.isClick(click),
            present.secondsLeft(nowMillis: now / 1000) > 0
        {
            return
        }
        keep("_fbc", metaText(click), maxAge: MetaCookie.lifetime, in: &event)
    }

    private mutating func makeMetaBrowserID(_ event: inout Event) {
        guard policy.makesBrowserID, event.parameter("_fbp", in: .cookies) == nil else { return }
        let number = 1_000_000_000 + random() % 1_147_483_647
        keep("_fbp", metaText(String(number)), maxAge: MetaCookie.lifetime, in: &event)
    }

    private func metaText(_ payload: String) -> String {
        MetaCookie.text(labels: place?.labels ?? 1, creation: now / 1000, payload: payload)
    }

    private mutating func keepGoogleClick(_ event: inout Event) {
        guard !isSendersOwn("_gcl_aw", event), let click = event.string("gclid", in: .clickIDs),
            click.utf8.count <= Self.maximumClickBytes,
            value("_gcl_aw").flatMap(GoogleClickCookie.init)?.clickID != click
        else { return }
        let text = GoogleClickCookie.text(click, seconds: seconds)
        keep("_gcl_aw", text, maxAge: GoogleClickCookie.lifetime, in: &event)
    }

    /// A cookie that is the click id itself.
    private mutating func keepClick(_ name: String, _ lifetime: Int64, _ event: inout Event) {
        guard !isSendersOwn(name, event), let click = event.string(name, in: .clickIDs),
            click.utf8.count <= Self.maximumClickBytes, value(name) != click
        else { return }
        keep(name, click, maxAge: lifetime, in: &event)
    }

    // MARK: Lifetimes

    /// Sets again by HTTP what scripts have written and browsers would cut, on page views: more often would let an answer
    /// overtake what a script writes meanwhile. What says its age keeps it.
    mutating func renew(_ consent: CookieConsent) {
        for cookie in present where cookie.name != "_ga" && cookie.name != "FPID" && cookie.name != "FPLC" {
            guard let family = MarketingCookie.family(of: cookie.name), maySet(family, consent),
                isRenewable(cookie), let maxAge = lifetime(of: cookie.name, cookie.value)
            else { continue }
            plan(cookie.name, cookie.value, maxAge: maxAge)
        }
    }

    /// Not the click ids that do not say when they were clicked: they would never end.
    private func isRenewable(_ cookie: CookieHeader.Pair) -> Bool {
        cookie.name != "ttclid" && cookie.name != "li_fat_id"
            && !ledger.set.contains { $0.name == cookie.name && $0.value == cookie.value }
    }

    /// Seconds that a cookie has from now on; nil for what is not of its form or has ended.
    func lifetime(of name: String, _ value: String) -> Int64? {
        switch name {
        case "_ga": return GoogleCookie.clientID(value) == nil ? nil : policy.lifetime
        case "_fbp": return MetaCookie(value) == nil ? nil : MetaCookie.lifetime
        case "_fbc": return MetaCookie(value).map { $0.secondsLeft(nowMillis: now / 1000) }
        case "_ttp": return (20...64).contains(value.utf8.count) ? Self.tiktokBrowserSeconds : nil
        case "ttclid": return Self.tiktokClickSeconds
        case "li_fat_id": return Self.linkedinClickSeconds
        case "_gcl_au": return GoogleClickCookie.lifetime
        case "_gcl_aw", "_gcl_dc", "_gcl_gb", "_gcl_ag", "_gcl_gs":
            return GoogleClickCookie(value).map { $0.secondsLeft(now: seconds) }
        default: return isSession(name, value) ? policy.lifetime : nil
        }
    }
}
