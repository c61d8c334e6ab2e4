internal import NIOHTTP1
internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisPrivacy
internal import RelaisRouting

/// The way of a request from bytes to what the log is to hold: decode, normalise, hash, redact, plan. A pure value but for
/// the ids it makes.
struct IngestPipeline: Sendable {
    let sources: SourceResolver
    private let clients: [(client: any Client, kind: SourceConfiguration.Client)] = [
        (RelaisClient(), .relais), (GtagClient(), .gtag),
    ]
    private let normalizer = Normalizer()
    private let limits: DecodingLimits
    private let hasher: UserDataHasher
    private let ipPrivacy: IPPrivacy
    private let planner: Planner
    private let trustedProxies: NetworkRangeSet

    init(configuration: RelaisConfiguration, manifests: [String: PluginManifest]) throws {
        sources = SourceResolver(configuration: configuration)
        limits = DecodingLimits(configuration.limits)
        hasher = try UserDataHasher(wanted: Self.recipes(of: manifests))
        ipPrivacy = IPPrivacy(configuration.privacy.ip)
        planner = Planner(configuration: configuration, manifests: manifests)
        trustedProxies = configuration.trustedProxies
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
        if WriteKey.shown(by: request) != nil { _ = try resolve(request, kind, first: nil) }
        let decoded = try client.decode(request, limits: limits)
        let first = decoded.lazy.compactMap { try? $0.get() }.first
        let resolution = try resolve(request, kind, first: first)
        var prepared = PreparedRequest()
        prepared.source = resolution.source.name
        prepared.client = kind.rawValue
        prepared.plans = explains(request, resolution) ? [] : nil
        let context = context(request, kind, resolution)
        for (index, result) in decoded.enumerated() {
            do throws(EventRejection) {
                try add(try result.get(), index, context, resolution, &prepared)
            } catch {
                prepared.rejected.append((index, error))
            }
        }
        return prepared
    }

    private func add(
        _ incoming: IncomingEvent,
        _ index: Int,
        _ context: NormalizationContext,
        _ resolution: SourceResolver.Resolution,
        _ prepared: inout PreparedRequest
    ) throws(EventRejection) {
        let site = resolution.site
        if let id = incoming.measurementID, !site.measurementIDs.contains(id) {
            throw EventRejection(
                pointer: "/tid",
                reason:
                    "\(id.prefix(32)) is not a measurement id of site \(site.name): add it to sites.\(site.name).measurement_id"
            )
        }
        var incoming = incoming
        let facts = normalizer.normalize(&incoming, in: context)
        var event = incoming.event
        let hashed = hasher.hash(incoming.userData, defaultCountry: site.defaultCountry)
        event.userData = hashed.identifiers
        if let country = hashed.assumedCountry { event.set(.assumedCountry, country) }
        StorageConsent.apply(to: &event)
        Redactor.redact(&event)
        restrictAddress(&event)
        let plan = planner.plan(event)
        prepared.plans?.append(plan)
        prepared.names.append(event.string(.eventName) ?? "")
        prepared.indexes.append(index)
        prepared.submissions.append(submission(event, plan, facts))
    }

    /// With nobody entitled only a stub is kept, and nothing by which it could be found or recognised.
    private func submission(_ event: Event, _ plan: Plan, _ facts: NormalizedFacts) -> LogSubmission {
        guard plan.isEntitledSomewhere else {
            return LogSubmission(record: event.stub().record(), plan: plan, identities: [], searchTerms: [])
        }
        return LogSubmission(
            record: event.record(),
            plan: plan,
            identities: facts.identities,
            searchTerms: [EventField.eventID, .transactionID].compactMap { event.string($0) }
        )
    }

    // MARK: The request

    private func resolve(_ request: IncomingRequest, _ kind: SourceConfiguration.Client, first: IncomingEvent?)
        throws(RequestRejection) -> SourceResolver.Resolution
    {
        do {
            return try sources.resolve(
                request,
                client: kind,
                pageHost: first?.event.string(.pageLocation).flatMap { SourceResolver.host(ofURL: $0) }
            )
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
            visitor: resolution.isKeyed ? nil : VisitorHeaders(request),
            address: resolution.isKeyed ? nil : request.visitorAddress(trusting: trustedProxies),
            receivedMicros: request.receivedMicros
        )
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

extension IngestPipeline {
    /// 202 with the counts; 400 only when nothing of the request was taken; gtag hears 204 whatever happened to its hits.
    func answer(_ prepared: PreparedRequest, outcomes: [LogOutcome], origin: String?) -> CollectorAnswer {
        if prepared.client == SourceConfiguration.Client.gtag.rawValue { return .noContent(origin: origin) }
        let duplicates = outcomes.count { if case .duplicate = $0 { true } else { false } }
        let plans = prepared.plans.map { plans in Array(zip(prepared.indexes, plans)).map { (index: $0, plan: $1) } }
        var json = AnswerJSON()
        json.summary(
            accepted: outcomes.count - duplicates,
            duplicates: duplicates,
            rejected: prepared.rejected,
            plans: plans
        )
        return CollectorAnswer(
            status: prepared.submissions.isEmpty ? .badRequest : .accepted,
            body: json.bytes,
            allowedOrigin: origin
        )
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

extension Event {
    /// What may be kept of an event that nobody is entitled to: its name, time, site and source.
    func stub() -> Event {
        var stub = Event(capacity: 128)
        stub.flags = .stub
        for field in [EventField.eventName, .site, .source, .client] {
            if let text = string(field) { stub.set(field, text) }
        }
        for field in [EventField.timestampMicros, .receivedMicros] {
            if let value = integer(field) { stub.set(field, integer: value) }
        }
        return stub
    }
}
