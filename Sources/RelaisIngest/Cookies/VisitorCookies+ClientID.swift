internal import RelaisEvent

extension VisitorCookies {
    /// Fills in who the visitor is and which session it is.
    mutating func identify(_ event: inout Event, _ consent: CookieConsent) {
        guard consent.allows(.analytics) else { return }
        setSession(&event)
        let maySet = place != nil
        switch policy.clientID {
        case .google where maySet: identifyByGoogle(&event)
        case .server: identifyByServer(&event, maySet: maySet)
        case .google, .none: setClientID(&event)
        }
    }

    private var googleClientID: String? { value("_ga").flatMap(GoogleCookie.clientID) }

    private func setClientID(_ event: inout Event) {
        guard !event.has(.clientID), let id = googleClientID else { return }
        event.set(.clientID, id)
    }

    // MARK: _ga

    /// `_ga` goes on as it is, set by HTTP. Where the browser has lost it, the keeper's copy comes back; where there was none,
    /// the id that gtag made for this page becomes it, or one in gtag's form.
    private mutating func identifyByGoogle(_ event: inout Event) {
        let given = event.string(.clientID)
        guard isGoogles(given) else { return renewGoogle() }
        if let restored = restoredClientID(given, event) {
            event.set(.clientID, restored)
            keep("_ga", cookie(of: restored), maxAge: policy.lifetime, in: &event)
        } else if googleClientID != nil {
            setClientID(&event)
            renewGoogle()
        } else {
            let id = given ?? linkedClientID(event) ?? newClientID()
            event.set(.clientID, id)
            keep("_ga", cookie(of: id), maxAge: policy.lifetime, in: &event)
        }
    }

    /// Whether the event's client id is gtag's to name: some pages name their visitors themselves.
    private func isGoogles(_ given: String?) -> Bool {
        guard let given else { return true }
        return given == googleClientID || (googleClientID == nil && GoogleCookie.isClientID(given))
    }

    /// A cookie that says it was set for another domain would get a twin.
    private mutating func renewGoogle() {
        guard let value = value("_ga"), GoogleCookie.clientID(value) != nil, let depth = GoogleCookie.depth(value),
            depth < 2 || depth == place?.labels
        else { return }
        plan("_ga", value, maxAge: policy.lifetime)
    }

    private func cookie(of clientID: String) -> String { "GA1.1.\(clientID)" }

    private func newClientID() -> String { "\(random() & 0x7FFF_FFFF).\(seconds)" }

    /// The keeper's id, when what the browser has is missing or younger: a script that finds no cookie makes a new one. A
    /// link from another domain of the site is no loss: gtag has taken over that domain's id.
    private func restoredClientID(_ given: String?, _ event: Event) -> String? {
        guard let kept = kept["_ga"].flatMap({ GoogleCookie.clientID($0.value) }),
            let made = GoogleCookie.creation(ofClientID: kept), linkedCookies(event)["_ga"] == nil
        else { return nil }
        guard let present = given ?? googleClientID, present != kept,
            let creation = GoogleCookie.creation(ofClientID: present)
        else { return given == nil && googleClientID == nil ? kept : nil }
        return creation > made ? kept : nil
    }

    // MARK: Links between domains

    private func linkedCookies(_ event: Event) -> [String: String] {
        event.string(.pageLocation).map(GoogleLinker.cookies) ?? [:]
    }

    /// An address with `_gl` may have been copied and passed on: it is believed only of visitors that come straight from
    /// another domain of the site.
    private func linkedClientID(_ event: Event) -> String? {
        guard let referrer = event.string(.pageReferrer).flatMap(HostText.ofURL), policy.isSiteHost(referrer),
            let page = event.string(.pageHostname), referrer != page
        else { return nil }
        return GoogleLinker.clientID(in: linkedCookies(event))
    }

    // MARK: FPID

    /// A link from another domain of the site outweighs the cookie, as it does with `_ga`.
    private mutating func identifyByServer(_ event: inout Event, maySet: Bool) {
        let linker = event.string("_fplc", in: .ga4)
        let own = value("FPID").flatMap(ServerClientID.init(cookie:)).flatMap { isBelieved($0) ? $0 : nil }
        guard maySet else {
            guard let own else { return setClientID(&event) }
            return event.set(.clientID, own.clientID)
        }
        let linked = linker.flatMap {
            ServerClientID(linker: $0, site: policy.site, key: policy.key, now: seconds)
        }
        let id = linked ?? own ?? serverClientID(for: event)
        event.set(.clientID, id.clientID)
        keep(id, linkerIsWanted: linked != nil || linker == "0", in: &event)
    }

    private func isBelieved(_ id: ServerClientID) -> Bool {
        policy.adoptsFPID || id.isOwn(site: policy.site, key: policy.key)
    }

    private func serverClientID(for event: Event) -> ServerClientID {
        let given = event.string(.clientID).flatMap { GoogleCookie.isClientID($0) ? $0 : nil }
        let kept = kept["_ga"].flatMap { GoogleCookie.clientID($0.value) }
        if let former = kept ?? googleClientID ?? given {
            return ServerClientID(replacing: former, site: policy.site, key: policy.key)
        }
        let words = [random(), random()]
        let name = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
        return ServerClientID(naming: name, seconds: seconds, site: policy.site, key: policy.key)
    }

    private mutating func keep(_ id: ServerClientID, linkerIsWanted: Bool, in event: inout Event) {
        let value = id.cookie(labels: place?.labels ?? 1)
        guard plan("FPID", value, maxAge: policy.lifetime, isHTTPOnly: true) else { return }
        show("FPID", value, in: &event)
        guard linkerIsWanted, let text = id.linker(site: policy.site, key: policy.key, now: seconds) else { return }
        plan("FPLC", text, maxAge: ServerClientID.linkerSeconds)
    }

    // MARK: Sessions

    /// From `_ga_<ID>`, for events that do not say it themselves.
    private func setSession(_ event: inout Event) {
        guard !event.has(.sessionID), let (id, number) = session(event) else { return }
        event.set(.sessionID, id)
        guard !event.has(.sessionNumber), let number, let value = Double(number) else { return }
        event.set(.sessionNumber, number: value, text: event.store(number))
    }

    private func session(_ event: Event) -> (id: String, number: String?)? {
        let asked = event.string("tid", in: .ga4).map { [$0] } ?? policy.measurementIDs ?? []
        for id in asked where id.hasPrefix("G-") {
            if let session = value("_ga_\(id.dropFirst(2))").flatMap(GoogleCookie.session) { return session }
        }
        return nil
    }

    /// Whether the cookie holds a session of one of the site's measurement ids.
    func isSession(_ name: String, _ value: String) -> Bool {
        guard name.hasPrefix("_ga_"), GoogleCookie.session(value) != nil else { return false }
        return policy.measurementIDs.map { $0.contains("G-\(name.dropFirst(4))") } ?? true
    }
}
