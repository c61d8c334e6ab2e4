internal import RelaisConfig
package import RelaisEvent

/// `relais doctor`: what stands between a configuration and visitors that are known again.
package struct Doctor: Sendable {
    package struct Options: Sendable {
        package var configurationPath: String
        package var environment: [String: String]
        /// A running relay, as browsers reach it; nil: only this machine is examined.
        package var url: RelayURL?
        /// A page of the site; nil: the front page of the site's domain that covers the relay's host.
        package var page: RelayURL?

        package init(
            configurationPath: String,
            environment: [String: String],
            url: RelayURL? = nil,
            page: RelayURL? = nil
        ) {
            self.configurationPath = configurationPath
            self.environment = environment
            self.url = url
            self.page = page
        }
    }

    private let options: Options
    private let lookup: HostLookup
    private let send: @Sendable (HTTPRequest) async -> HTTPResponse
    private let clock: any Clock

    package init(
        _ options: Options,
        lookup: HostLookup = .system,
        clock: any Clock = SystemClock(),
        send: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) {
        self.options = options
        self.lookup = lookup
        self.clock = clock
        self.send = send
    }

    package func examine() async -> DoctorReport {
        var installation = InstallationCheckup(
            configurationPath: options.configurationPath,
            environment: options.environment,
            now: clock.nowMicros() / 1_000_000
        )
        let configuration = installation.run()
        var report = installation.report
        guard let configuration else { return report }
        guard let url = options.url else {
            report.advise(
                "relay",
                "not asked: cookies, DNS and Safari are examined from outside",
                fix: "give --url https://t.example.com, the address that pages send to"
            )
            return report
        }
        let pageHost = options.page?.host ?? Self.frontPage(of: url, configuration) ?? url.host
        var relay = RelayCheckup(
            url: url,
            origin: "\(options.page?.isSecure == false ? "http" : "https")://\(pageHost)",
            send: send,
            clock: clock
        )
        await relay.run()
        report.add(relay.report)
        await checkSafari(url.host, pageHost, configuration, &report)
        return report
    }

    private static func frontPage(of url: RelayURL, _ configuration: RelaisConfiguration) -> String? {
        configuration.site(forHost: url.host)?.domain(covering: url.host)
    }

    private func checkSafari(
        _ relayHost: String,
        _ pageHost: String,
        _ configuration: RelaisConfiguration,
        _ report: inout DoctorReport
    ) async {
        guard let relay = await lookup.resolve(relayHost) else {
            return report.complain("dns", "\(relayHost) does not resolve", fix: "add an A or AAAA record for it")
        }
        guard let page = await lookup.resolve(pageHost) else {
            return report.complain(
                "dns",
                "the page's host \(pageHost) does not resolve",
                fix: "name a page with --page"
            )
        }
        let alias = relay.canonical == relay.name ? "" : " (by CNAME \(relay.canonical))"
        report.ok("dns", "\(relayHost) is \(relay.addresses.joined(separator: ", "))\(alias)")
        let domain = configuration.site(forHost: relayHost)?.domain(covering: relayHost)
        let isOneSite = domain.map { SiteConfiguration.covers($0, pageHost) } ?? false
        let rule = SafariRule(relay: relay, page: page, domain: isOneSite ? domain : nil)
        switch rule.outcome {
        case .kept: report.ok("safari", "cookies keep their lifetime: \(rule.reason)")
        case .cut:
            report.advise(
                "safari",
                "cookies end after 7 days: \(rule.reason)",
                fix: "serve the relay under a path of the page's own host, or from the same network"
            )
        case .blocked:
            report.complain(
                "safari",
                "no cookies are kept: \(rule.reason)",
                fix: "serve the relay within the site's domain, and name that in sites.<name>.domains"
            )
        }
    }
}
