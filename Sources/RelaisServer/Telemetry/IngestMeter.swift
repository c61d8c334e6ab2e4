internal import RelaisConfig
internal import RelaisEvent
internal import RelaisIngest
internal import RelaisTelemetry

/// Counts what the collector takes and refuses. The cells are looked up once for a configuration, so that a request costs
/// a few atomic additions; another configuration counts on in the same cells.
struct IngestMeter: Sendable {
    /// The events of one source in one protocol.
    private struct Stream: Sendable {
        let source: String
        let client: String
        let accepted: Counter
        let stub: Counter
        let duplicate: Counter
    }

    /// By HTTP status, from 100 on.
    private let codes: [Counter]
    private let duration: Histogram
    private let refused: [RequestRefusal: Counter]
    private let malformed: Counter
    private let measurementID: Counter
    private let unavailable: Counter
    private let overloaded: Counter
    private let streams: [Stream]
    private let match: MatchMeter
    private let bots: [(reason: String, counter: Counter)]
    private let droppedBots: Counter

    init(_ store: MetricStore, configuration: RelaisConfiguration, manifests: [String: PluginManifest]) {
        let other = store.counter(.requests, "other")
        codes = (100..<600).map { Self.knownCodes.contains($0) ? store.counter(.requests, String($0)) : other }
        duration = store.histogram(.requestDuration)
        refused = Dictionary(
            uniqueKeysWithValues: RequestRefusal.allCases.map { ($0, store.counter(.requestsRefused, $0.rawValue)) }
        )
        malformed = store.counter(.eventsRejected, "malformed")
        measurementID = store.counter(.eventsRejected, "measurement_id")
        unavailable = store.counter(.eventsRejected, "log_unavailable")
        overloaded = store.counter(.eventsRejected, "log_overloaded")
        streams = configuration.sources.flatMap { source in
            source.clients.map { client in
                Stream(
                    source: source.name,
                    client: client.rawValue,
                    accepted: store.counter(.eventsAccepted, source.site, source.name, client.rawValue),
                    stub: store.counter(.eventsStub, source.site, source.name, client.rawValue),
                    duplicate: store.counter(.eventsDuplicate, source.site, source.name, client.rawValue)
                )
            }
        }
        bots = BotReason.allCases.map { ($0.rawValue, store.counter(.botEvents, $0.rawValue)) }
        droppedBots = store.counter(.botEventsDropped)
        match = MatchMeter(store, configuration: configuration, manifests: manifests)
    }

    /// A request was answered. `shard`: the event loop's.
    func answered(status: Int, shard: Int) {
        codes[min(max(status, 100), 599) - 100].add(shard: shard)
    }

    /// A request was refused before any of its events was looked at.
    func refused(_ rejection: RequestRejection, shard: Int) {
        refused[RequestRefusal(rejection)]?.add(shard: shard)
    }

    /// A request was refused for its address's or its key's rate.
    func rateLimited(shard: Int) { refused[.rateLimited]?.add(shard: shard) }

    /// Events of a request that was read are not taken.
    func rejected(_ rejected: [(index: Int, rejection: EventRejection)], shard: Int) {
        guard !rejected.isEmpty else { return }
        let foreign = rejected.count { IngestPipeline.measurementIDPointers.contains($0.rejection.pointer) }
        malformed.add(rejected.count - foreign, shard: shard)
        measurementID.add(foreign, shard: shard)
    }

    /// The log has answered. `microseconds`: from the request's last byte until now.
    func stored(_ prepared: PreparedRequest, _ outcomes: [LogOutcome], microseconds: Int64, shard: Int) {
        duration.record(UInt64(max(0, microseconds)), shard: shard)
        var accepted = 0
        var stubs = 0
        for (index, outcome) in outcomes.enumerated() {
            guard case .appended = outcome else { continue }
            accepted += 1
            if !prepared.submissions[index].plan.isEntitledSomewhere { stubs += 1 }
            count(prepared.bots[index], shard: shard)
        }
        if accepted > stubs { match.count(prepared, outcomes, shard: shard) }
        guard
            let stream = streams.first(where: { $0.source == prepared.source && $0.client == prepared.client.rawValue })
        else {
            return
        }
        stream.accepted.add(accepted, shard: shard)
        if stubs > 0 { stream.stub.add(stubs, shard: shard) }
        if outcomes.count > accepted { stream.duplicate.add(outcomes.count - accepted, shard: shard) }
    }

    private func count(_ finding: BotFinding, shard: Int) {
        guard !finding.reasons.isEmpty else { return }
        for reason in finding.reasons.split(separator: ",") {
            bots.first { $0.reason == reason }?.counter.add(shard: shard)
        }
        if finding.isDropped { droppedBots.add(shard: shard) }
    }

    /// The log could not take a request's events.
    func failed(_ prepared: PreparedRequest, _ error: LogError, shard: Int) {
        let isOverload = if case .overloaded = error { true } else { false }
        (isOverload ? overloaded : unavailable).add(prepared.submissions.count, shard: shard)
    }

    private static let knownCodes = [200, 202, 204, 304, 400, 401, 403, 404, 405, 413, 429, 503]
}

/// Why a request was refused as a whole, as metrics say it.
enum RequestRefusal: String, CaseIterable {
    case malformed, unauthorized, forbidden, dropped, other
    case notFound = "not_found"
    case tooLarge = "too_large"
    case rateLimited = "rate_limited"

    init(_ rejection: RequestRejection) {
        switch rejection.status {
        case _ where rejection.isDropped: self = .dropped
        case 400: self = .malformed
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404: self = .notFound
        case 413: self = .tooLarge
        default: self = .other
        }
    }
}
