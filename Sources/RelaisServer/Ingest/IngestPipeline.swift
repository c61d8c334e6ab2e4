internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisPrivacy
internal import RelaisRouting
internal import RelaisTelemetry

/// The way of a request from bytes to what the log is to hold: decode, normalise, hash, redact, plan. A pure value but for
/// the ids it makes.
struct IngestPipeline: Sendable {
    /// Where requests say for which measurement id they are.
    static let measurementIDPointers: Set = [
        GtagClient.measurementIDPointer, MeasurementProtocolClient.measurementIDPointer,
    ]

    let sources: SourceResolver
    let meter: IngestMeter
    private let clients: [(client: any Client, kind: SourceConfiguration.Client)]
    private let normalizer = Normalizer()
    private let limits: DecodingLimits
    private let hasher: UserDataHasher
    private let ipPrivacy: IPPrivacy
    private let planner: Planner
    let cookies: CookieRules
    private let proxies: ProxyRules
    private let dropBotsAbove: Double?
    /// Where visitors are looked up; nil: nowhere.
    var geo: GeoDatabase?

    /// `cookieKey`: what the relay's own cookies are made with; one made up serves for trials.
    init(
        configuration: RelaisConfiguration,
        manifests: [String: PluginManifest],
        cookieKey: CookieKey = .random(),
        geo: GeoDatabase? = nil,
        metrics: MetricStore = MetricStore()
    ) throws {
        self.geo = geo
        meter = IngestMeter(metrics, configuration: configuration, manifests: manifests)
        sources = SourceResolver(configuration: configuration)
        clients = [
            (RelaisClient(aliases: configuration.sites.compactMap(\.paths.events)), .relais),
            (GtagClient(aliases: configuration.sites.compactMap(\.paths.gtag)), .gtag),
            (SegmentClient(), .segment), (MeasurementProtocolClient(), .measurementProtocol),
        ]
        limits = DecodingLimits(configuration.limits)
        hasher = try UserDataHasher(wanted: Self.recipes(of: manifests))
        ipPrivacy = IPPrivacy(configuration.privacy.ip)
        planner = Planner(configuration: configuration, manifests: manifests)
        cookies = CookieRules(configuration: configuration, manifests: manifests, key: cookieKey)
        proxies = ProxyRules(configuration: configuration)
        dropBotsAbove = configuration.bots.dropAbove.map(Double.init)
    }

    func knowsPath(_ request: IncomingRequest) -> Bool {
        guard request.method == "OPTIONS" else { return clients.contains { $0.client.claims(request) } }
        return ["GET", "POST"].contains { method in
            var asked = request
            asked.method = method
            return clients.contains { $0.client.claims(asked) }
        }
    }

    func prepare(_ request: IncomingRequest) throws(RequestRejection) -> PreparedRequest {
        guard let (client, kind) = clients.first(where: { $0.client.claims(request) }) else {
            throw RequestRejection(status: 404, reason: "there is nothing at this path")
        }
        let key = shownKey(request, client)
        let sender = try refusing { () throws(SourceResolver.Refusal) in try sources.sender(showing: key, client: kind)
        }
        if let messages = client.validate(request, limits: limits) {
            return try validated(request, kind, sender, messages)
        }
        var decoded = try client.decode(request, limits: limits)
        let resolution = try resolve(request, sender, kind, decoded)
        var prepared = PreparedRequest(source: resolution.source.name, client: kind)
        prepared.plans = explains(request, resolution) ? [] : nil
        prepared.cookies = resolution.isKeyed ? nil : cookies.cookies(of: request, site: resolution.site)
        let context = context(request, kind, resolution)
        // Taken out one by one, so that each event is changed in place and never copied.
        decoded.reverse()
        var index = 0
        while let result = decoded.popLast() {
            do throws(EventRejection) {
                let incoming = try result.get()
                try check(client.measurementID(of: incoming, in: request), resolution.site)
                try add(incoming, index, context, resolution, &prepared)
            } catch {
                prepared.rejected.append((index, error))
            }
            index += 1
        }
        return prepared
    }

    /// A request that is only to be judged.
    private func validated(
        _ request: IncomingRequest,
        _ kind: SourceConfiguration.Client,
        _ sender: SourceResolver.Sender,
        _ messages: [ValidationMessage]
    ) throws(RequestRejection) -> PreparedRequest {
        let resolution = try resolve(request, sender, kind, [])
        var prepared = PreparedRequest(source: resolution.source.name, client: kind)
        var messages = messages
        if let id = request.queryValue("measurement_id"), !resolution.site.measurementIDs.contains(id) {
            messages.append(
                ValidationMessage(
                    fieldPath: "measurement_id",
                    description: Self.foreignID(id, resolution.site),
                    code: .valueInvalid
                )
            )
        }
        prepared.validation = messages
        return prepared
    }

    private func check(_ claim: MeasurementIDClaim?, _ site: SiteConfiguration) throws(EventRejection) {
        guard let claim, !site.measurementIDs.contains(claim.id) else { return }
        throw EventRejection(pointer: claim.pointer, reason: Self.foreignID(claim.id, site))
    }

    private static func foreignID(_ id: String, _ site: SiteConfiguration) -> String {
        guard !id.isEmpty else { return "the measurement id is missing: name the stream, such as G-ABC123" }
        return
            "\(id.prefix(32)) is not a measurement id of site \(site.name): add it to sites.\(site.name).measurement_id"
    }

    private func add(
        _ incoming: consuming IncomingEvent,
        _ index: Int,
        _ context: NormalizationContext,
        _ resolution: SourceResolver.Resolution,
        _ prepared: inout PreparedRequest
    ) throws(EventRejection) {
        var identities = normalizer.normalize(&incoming, in: context)
        InternalTraffic.mark(&incoming.event, networks: resolution.site.internalNetworks)
        if prepared.cookies != nil {
            let consent = cookies.consent(incoming.event, resolution.source, resolution.site)
            prepared.cookies?.complete(&incoming.event, consent: consent)
        }
        IdentityKey.complete(&identities, of: incoming.event)
        let hashed = hasher.hash(incoming.userData, defaultCountry: resolution.site.defaultCountry)
        incoming.event.userData = hashed.identifiers
        if let country = hashed.assumedCountry { incoming.event.set(.assumedCountry, country) }
        StorageConsent.apply(to: &incoming.event)
        Redactor.redact(&incoming.event)
        restrictAddress(&incoming.event)
        let plan = planner.plan(incoming.event, integrations: incoming.integrations)
        if plan.tellsBrowser { prepared.browserRequests[prepared.submissions.count] = plan.browserRequests }
        prepared.plans?.append(plan)
        prepared.names.append(incoming.event.string(.eventName) ?? "")
        prepared.indexes.append(index)
        prepared.identifiers.append(hashed.facts)
        prepared.bots.append(BotFinding(incoming.event, dropAbove: dropBotsAbove))
        prepared.submissions.append(submission(incoming.event, plan, identities))
    }

    /// With nobody entitled only a stub is kept, and nothing by which it could be found or recognised; for pings alone,
    /// nothing that tells visitors apart.
    private func submission(_ event: Event, _ plan: Plan, _ identities: [IdentityKey]) -> LogSubmission {
        guard plan.isEntitledSomewhere else { return stub(event, plan, identities) }
        var kept = event
        if plan.isForPingsOnly {
            kept.reduceToPing(keepsClickIDs: plan.decisions.contains { $0.ping?.contains(.adStorage) == true })
        }
        return LogSubmission(
            record: kept.record(),
            plan: plan,
            identities: identities,
            searchTerms: [EventField.eventID, .transactionID].compactMap { event.string($0) },
            isConsentUpdate: event.flags.contains(.consentUpdate)
        )
    }

    /// What the browser is told it is told once, so that a copy of the event must be recognised; the log keeps of it what
    /// the configuration says.
    private func stub(_ event: Event, _ plan: Plan, _ identities: [IdentityKey]) -> LogSubmission {
        var plan = plan
        for index in plan.browserRequests.indices { plan.browserRequests[index].forgetValues() }
        return LogSubmission(
            record: event.stubRecord(),
            plan: plan,
            identities: plan.tellsBrowser ? identities : [],
            searchTerms: []
        )
    }

    // MARK: The request

    /// Which of the configured write keys a request shows; nil when it shows none of them.
    func knownKey(_ request: IncomingRequest) -> Int? {
        guard let client = clients.first(where: { $0.client.claims(request) })?.client else { return nil }
        return sources.knownKey(shownKey(request, client))
    }

    private func shownKey(_ request: IncomingRequest, _ client: any Client) -> String? {
        WriteKey.shown(by: request) ?? client.writeKey(in: request)
    }

    private func resolve(
        _ request: IncomingRequest,
        _ sender: SourceResolver.Sender,
        _ kind: SourceConfiguration.Client,
        _ decoded: [Result<IncomingEvent, EventRejection>]
    ) throws(RequestRejection) -> SourceResolver.Resolution {
        try refusing { () throws(SourceResolver.Refusal) in
            try sources.resolve(
                request,
                from: sender,
                client: kind,
                pageHost: decoded.lazy.compactMap { try? $0.get() }.first?.event.string(.pageLocation)
                    .flatMap { HostText.ofURL($0) }
            )
        }
    }

    private func refusing<Value>(_ body: () throws(SourceResolver.Refusal) -> Value) throws(RequestRejection) -> Value {
        do {
            return try body()
        } catch {
            throw RequestRejection(status: Int(error.status.code), reason: error.reason)
        }
    }

    /// A keyed sender is a server: its own headers and address say nothing of the visitor.
    private func context(
        _ request: IncomingRequest,
        _ kind: SourceConfiguration.Client,
        _ resolution: SourceResolver.Resolution
    ) -> NormalizationContext {
        NormalizationContext(
            site: resolution.site.name,
            source: resolution.source.name,
            client: kind.rawValue,
            believesSender: resolution.isKeyed,
            visitor: resolution.isKeyed ? nil : VisitorHeaders(request, isSecure: isSecure(request)),
            address: resolution.isKeyed ? nil : proxies.visitorAddress(of: request),
            geo: geo,
            receivedMicros: request.receivedMicros
        )
    }

    /// A page that came over TLS sends over TLS, whatever proxies say: browsers see to that.
    private func isSecure(_ request: IncomingRequest) -> Bool {
        proxies.isSecure(request) || request.header("origin")?.hasPrefix("https:") ?? false
    }

    private func explains(_ request: IncomingRequest, _ resolution: SourceResolver.Resolution) -> Bool {
        resolution.isKeyed
            && request.query.split(separator: UInt8(ascii: "&")).contains { $0.elementsEqual("explain=1".utf8) }
    }

    private func restrictAddress(_ event: inout Event) {
        guard let address = event.string(.ipOverride) else { return }
        if let kept = ipPrivacy.apply(address) {
            if kept != address { event.set(.ipOverride, kept) }
        } else {
            event.remove(.ipOverride)
        }
    }

    private static func recipes(of manifests: [String: PluginManifest]) -> [UserDataKind: Set<String>] {
        var wanted: [UserDataKind: Set<String>] = [:]
        for manifest in manifests.values {
            for (kind, names) in manifest.userData { wanted[kind, default: []].formUnion(names) }
        }
        return wanted
    }
}

extension DecodingLimits {
    init(_ limits: LimitsConfiguration) {
        self.init()
        eventBytes = limits.eventBytes
        events = limits.eventsPerRequest
        depth = limits.depth
        items = limits.items
        params = limits.params
    }
}

extension IPPrivacy {
    init(_ precision: PrivacyConfiguration.AddressPrecision) {
        switch precision {
        case .full: self = .full
        case .truncated: self = .truncated
        case .none: self = .none
        }
    }
}
