package import RelaisConfig
package import RelaisEvent

/// Decides which destinations are entitled to an event: a pure function of the event and the configuration.
package struct Planner: Sendable {
    private let routes: [Route]
    /// Consent defaults by site, and by source for those that have their own.
    private let siteFallbacks: [String: ConsentReading.Fallback]
    private let sourceFallbacks: [String: ConsentReading.Fallback]
    private let isStaging: Bool
    private let traffic: TrafficRules
    private let browserRequests: BrowserRequests

    /// `manifests`: by destination name; a destination without one is left out of every plan.
    package init(configuration: RelaisConfiguration, manifests: [String: PluginManifest]) {
        let siteNames = configuration.sites.map(\.name)
        routes = configuration.destinations.compactMap { destination in
            guard destination.isEnabled, let manifest = manifests[destination.name] else { return nil }
            return Route(destination, manifest: manifest, allSites: siteNames)
        }
        isStaging = configuration.environment == .staging
        traffic = TrafficRules(configuration.bots)
        browserRequests = BrowserRequests(configuration)
        siteFallbacks = Dictionary(
            configuration.sites.map { ($0.name, .init(defaults: $0.consent, origin: "site \($0.name)")) }
        ) { first, _ in first }
        sourceFallbacks = Dictionary(
            configuration.sources.compactMap { source in
                source.consent.map { (source.name, .init(defaults: $0, origin: "source \(source.name)")) }
            }
        ) { first, _ in first }
    }

    /// The plan of a normalised event; its site, source and name are set. `integrations`: what its sender switched off.
    package func plan(_ event: Event, integrations: IntegrationSwitches = IntegrationSwitches()) -> Plan {
        let name = event.string(.eventName) ?? ""
        let site = event.string(.site) ?? ""
        let source = event.string(.source) ?? ""
        let consent = ConsentReading(event.consent, fallback: fallback(source: source, site: site))
        let traffic = traffic.reading(of: event)
        var plan = Plan()
        plan.decisions.reserveCapacity(routes.count)
        for route in routes {
            if let refusal = route.integrations.refusal(by: integrations) {
                plan.decisions.append(.refusal(of: route.name, refusal))
            } else {
                plan.decisions.append(decide(route, event, name: name, site: site, source: source, traffic, consent))
            }
        }
        if !browserRequests.isEmpty {
            plan.browserRequests = browserRequests.requests(event, source: source, traffic, consent)
        }
        return plan
    }

    /// A source's defaults stand in place of its site's.
    private func fallback(source: String, site: String) -> ConsentReading.Fallback {
        sourceFallbacks[source] ?? siteFallbacks[site]
            ?? .init(defaults: ConsentDefaults(fallback: .denied), origin: "site unknown")
    }

    private func decide(
        _ route: Route,
        _ event: Event,
        name: String,
        site: String,
        source: String,
        _ traffic: TrafficReading,
        _ consent: ConsentReading
    ) -> Decision {
        if let refusal = traffic.refusal(isForAdvertising: false)
            ?? trigger(route, event, name: name, site: site, source: source)
            ?? traffic.refusal(isForAdvertising: route.isForAdvertising)
            ?? consent.refusal(ofVendor: route.vendor)
        {
            return .refusal(of: route.name, refusal)
        }
        if let refusal = consent.refusal(of: route.purposes, vendor: route.vendor) {
            return degraded(route, event, name: name, consent, because: refusal)
        }
        let withheld = consent.refusal(of: route.userDataPurposes, vendor: nil)
        if withheld == nil, consent.restsOnDefault(route.purposes) {
            return Decision(
                destination: route.name,
                outcome: .entitled,
                reason: "consent_by_default",
                detail: consent.defaultReason,
                sendAs: route.rules?[name]?.sentAs
            )
        }
        return Decision(
            destination: route.name,
            outcome: .entitled,
            reason: withheld == nil ? "" : "user_data_withheld",
            detail: withheld?.detail ?? "",
            sendAs: route.rules?[name]?.sentAs,
            withholdsUserData: withheld != nil
        )
    }

    /// What a destination gets of an event whose purposes are not all granted: a ping where its configuration wants one
    /// and the event can be one, otherwise nothing.
    private func degraded(
        _ route: Route,
        _ event: Event,
        name: String,
        _ consent: ConsentReading,
        because refusal: (reason: String, detail: String)
    ) -> Decision {
        guard let degrade = route.degrade else {
            return Decision(
                destination: route.name,
                outcome: .refused,
                reason: refusal.reason,
                detail: refusal.detail
            )
        }
        let client = event.string(.client) ?? ""
        guard degrade.clients.isEmpty || degrade.clients.contains(client) else {
            let clients = degrade.clients.joined(separator: " or ")
            return Decision(
                destination: route.name,
                outcome: .refused,
                reason: refusal.reason,
                detail: "\(refusal.detail); only an event of \(clients) can go as a ping"
            )
        }
        return Decision(
            destination: route.name,
            outcome: .entitled,
            reason: "consent_ping",
            detail: "\(refusal.detail): a ping without identity (when_denied)",
            sendAs: route.rules?[name]?.sentAs,
            withholdsUserData: true,
            ping: consent.ping(vendor: route.vendor)
        )
    }

    private func trigger(_ route: Route, _ event: Event, name: String, site: String, source: String)
        -> (reason: String, detail: String)?
    {
        if !route.sites.contains(site) { return ("not_for_site", "it takes no events of site \(site)") }
        if isStaging, !route.isHarmless {
            return (
                "environment",
                "environment: staging sends only where nothing counts as real: to an endpoint of your own, or with a test "
                    + "code by which the vendor counts nothing"
            )
        }
        if let sources = route.sources, !sources.contains(source) {
            return ("not_for_source", "it takes no events of source \(source)")
        }
        if route.excluded.contains(name) { return ("excluded", "exclude: names \(name)") }
        if let rules = route.rules {
            guard let rule = rules[name] else { return ("not_in_events", "events: does not name \(name)") }
            if let failed = rule.conditions.first(where: { !$0.holds(for: event) }) {
                return ("condition", "events.\(name).when: \(failed.text)")
            }
        } else if let mapped = route.mapped, !mapped.contains(name) {
            return ("not_mapped", route.notMapped)
        }
        if let failed = route.conditions.first(where: { !$0.holds(for: event) }) {
            return ("condition", "when: \(failed.text)")
        }
        if route.needsSharedEventID, !route.sharesID(of: event, name: name) {
            return (
                "no_shared_event_id", "browser_tag is true and the event has no id that the browser's copy could share"
            )
        }
        return nil
    }
}

extension Decision {
    fileprivate static func refusal(of destination: String, _ why: (reason: String, detail: String)) -> Decision {
        Decision(destination: destination, outcome: .refused, reason: why.reason, detail: why.detail)
    }
}
