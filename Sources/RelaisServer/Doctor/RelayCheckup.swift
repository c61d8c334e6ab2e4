internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisPlugins

/// Examines a running relay from outside, as a page of the site sees it.
struct RelayCheckup {
    let url: RelayURL
    /// The page's origin: `https://shop.example`.
    let origin: String
    let send: @Sendable (HTTPRequest) async -> HTTPResponse
    let clock: any Clock
    private(set) var report = DoctorReport()

    init(
        url: RelayURL,
        origin: String,
        send: @escaping @Sendable (HTTPRequest) async -> HTTPResponse,
        clock: any Clock
    ) {
        self.url = url
        self.origin = origin
        self.send = send
        self.clock = clock
    }

    mutating func run() async {
        let started = clock.nowMicros()
        let first = await ask(cookie: nil)
        let middle = (started + clock.nowMicros()) / 2
        guard let answer = read(first) else { return }
        report.ok("relay", "\(url.text) answers\(url.isSecure ? ", with a valid certificate" : "")")
        if !url.isSecure {
            report.complain("relay", "\(url.text) is not HTTPS: pages on HTTPS cannot send there", fix: "see `tls`")
        }
        checkClock(answer.timeMillis, localMillis: middle / 1000)
        guard checkSite(answer), let cookie = checkCookie(first, answer) else { return }
        guard let second = CookieCheckAnswer.read(await ask(cookie: cookie).body), second.cameBack else {
            return report.complain(
                "cookies",
                "a cookie sent to \(url.text) does not reach the relay",
                fix: "have the proxy or CDN in front pass Cookie on"
            )
        }
        report.ok("cookies", "are set for \(answer.cookieDomain ?? answer.host) and come back")
    }

    private func ask(cookie: String?) async -> HTTPResponse {
        var headers = [HTTPRequest.Header(name: "Origin", value: origin)]
        if let cookie { headers.append(HTTPRequest.Header(name: "Cookie", value: cookie)) }
        return await send(
            HTTPRequest(
                method: "GET",
                url: "\(url.text)\(CookieCheckAnswer.path)?\(CookieCheckAnswer.query)",
                headers: headers,
                body: [],
                isIdempotent: true
            )
        )
    }

    private mutating func read(_ response: HTTPResponse) -> CookieCheckAnswer? {
        switch response.transport {
        case .none: break
        case .tls:
            report.complain(
                "tls",
                "the certificate of \(url.text) is not valid for it: expired, another name, or without its chain",
                fix: "install the full chain for \(url.host)"
            )
            return nil
        default:
            report.complain(
                "relay",
                "\(url.text) cannot be reached (\(response.transport.name))",
                fix: "is it running?"
            )
            return nil
        }
        if let answer = CookieCheckAnswer.read(response.body) { return answer }
        report.complain(
            "relay",
            "\(url.text) answers \(response.status), but no relay does",
            fix: "give the URL that stands before /v1/events, and have the proxy pass \(CookieCheckAnswer.path) on"
        )
        return nil
    }

    private mutating func checkClock(_ there: Int64, localMillis here: Int64) {
        let skew = abs(there - here) / 1000
        guard skew >= 5 else { return report.ok("clock", "the relay's clock agrees with this one") }
        let message = "the relay's clock and this one differ by \(skew) s"
        let fix = "have both kept by NTP"
        skew >= 60 ? report.complain("clock", message, fix: fix) : report.advise("clock", message, fix: fix)
    }

    private mutating func checkSite(_ answer: CookieCheckAnswer) -> Bool {
        if answer.host != url.host {
            report.complain(
                "cookies",
                "the relay is asked as \(answer.host), not as \(url.host), so it sets no cookies",
                fix: "have the proxy pass Host on, or send X-Forwarded-Host and stand in trusted_proxies"
            )
            return false
        }
        guard answer.site == nil else { return true }
        report.complain(
            "cookies",
            "\(url.host) belongs to no site, so the relay sets no cookies there",
            fix: "add its domain to sites.<name>.domains"
        )
        return false
    }

    /// The cookie to send back.
    private mutating func checkCookie(_ response: HTTPResponse, _ answer: CookieCheckAnswer) -> String? {
        guard answer.sets else {
            report.complain(
                "cookies",
                "the relay sets no cookies for pages of \(origin): another domain, or cookies.domain does not cover it",
                fix: "serve it within the domain of the pages"
            )
            return nil
        }
        let line = response.headers.first { $0.name == "set-cookie" && $0.value.hasPrefix(VisitorCookies.checkName) }
        guard let line = line?.value else {
            report.complain(
                "cookies",
                "the relay's Set-Cookie does not come through",
                fix: "have the proxy or CDN in front pass Set-Cookie on and cache nothing"
            )
            return nil
        }
        if url.isSecure, !answer.isSecure {
            report.complain(
                "cookies",
                "the relay does not know that it is reached over HTTPS: its cookies are not Secure",
                fix: "have the proxy send X-Forwarded-Proto, and name it in trusted_proxies"
            )
        }
        return String(line.prefix { $0 != ";" })
    }
}
