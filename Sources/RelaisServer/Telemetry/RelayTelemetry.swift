internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisLog
internal import RelaisPlugins
internal import RelaisTelemetry

/// What can be measured of the running relay: the counters, and what is looked up when somebody asks.
struct RelayTelemetry: Sendable {
    let store: MetricStore
    /// Microseconds since 1970: when counting began.
    let since: Int64
    private let log: SegmentedEventLog
    private let destinations: @Sendable () -> [DestinationOverview]
    private let manifest: @Sendable (_ destination: String) -> PluginManifest?
    private let connections: @Sendable () -> Int
    private let isReady: @Sendable () -> Bool
    private let clock: any Clock
    private let restarts: GrowingTotals

    init(
        store: MetricStore,
        log: SegmentedEventLog,
        destinations: @escaping @Sendable () -> [DestinationOverview],
        manifest: @escaping @Sendable (_ destination: String) -> PluginManifest?,
        connections: @escaping @Sendable () -> Int,
        isReady: @escaping @Sendable () -> Bool,
        clock: any Clock = SystemClock()
    ) {
        self.store = store
        self.log = log
        self.destinations = destinations
        self.manifest = manifest
        self.connections = connections
        self.isReady = isReady
        self.clock = clock
        since = clock.nowMicros()
        restarts = GrowingTotals(store)
    }

    /// The page for Prometheus. May read from the log's files.
    func page(_ format: ExpositionFormat) -> String {
        let overviews = destinations()
        for overview in overviews {
            restarts.report(.pluginRestarts, [overview.name], total: UInt64(max(0, overview.restarts)))
            for counter in overview.counters {
                let name = counter.unit.isEmpty ? counter.name : "\(counter.name) \(counter.unit)"
                restarts.report(.pluginCounter, [overview.name, name], total: Self.whole(counter.value))
            }
        }
        let samples =
            relaySamples + logSamples + overviews.flatMap(samples(of:)) + (ProcessFacts.read()?.samples ?? [])
        return Exposition.text(of: store, samples: samples, format: format)
    }

    /// A plugin may add up whatever it likes.
    private static func whole(_ value: Double) -> UInt64 { UInt64(min(max(0, value), 1e15)) }

    /// nil when there is no such destination.
    func matchQuality(of destination: String) -> MatchQuality? {
        manifest(destination).map { MatchQuality(store, destination: destination, manifest: $0, since: since) }
    }

    private var relaySamples: [MetricSample] {
        [
            MetricSample(.connections, [], Double(connections())), MetricSample(.ready, [], isReady() ? 1 : 0),
            MetricSample(.buildInfo, [RelaisVersion.current], 1),
        ]
    }

    private var logSamples: [MetricSample] {
        let statistics = log.statistics
        return [
            MetricSample(.logEnd, [], Double(log.end)), MetricSample(.logStart, [], Double(log.start)),
            MetricSample(.logSize, [], Double(statistics.bytes)),
            MetricSample(.logSegments, [], Double(statistics.segments)),
            MetricSample(.logWritable, [], statistics.failure == nil ? 1 : 0),
            MetricSample(.logUnreadable, [], Double(statistics.unreadable)),
            MetricSample(.dedupMarksDropped, [], Double(statistics.droppedMarks)),
        ]
    }

    private func samples(of overview: DestinationOverview) -> [MetricSample] {
        let status = overview.status
        let name = [status.id]
        let states = DestinationStatus.State.allCases.map {
            MetricSample(.destinationState, name + [$0.rawValue], status.state == $0 ? 1 : 0)
        }
        return states + [
            MetricSample(.lag, name, Double(status.lag)), MetricSample(.inFlight, name, Double(status.inFlight)),
            MetricSample(.retrying, name, Double(status.retrying)), MetricSample(.parked, name, Double(status.parked)),
            MetricSample(.deadLetters, name, Double(status.dead)),
            MetricSample(.oldestWaiting, name, oldestWaitingSeconds(status)),
        ]
    }

    /// What waits unread in the log (the destination is paused, or has just begun) is as old as the first entry there.
    private func oldestWaitingSeconds(_ status: DestinationStatus) -> Double {
        guard status.lag > 0 else { return 0 }
        let arrived = status.oldestWaiting ?? arrival(from: status.cursor)
        return arrived.map { max(0, Double(clock.nowMilliseconds() - $0) / 1000) } ?? 0
    }

    private func arrival(from seq: UInt64) -> Int64? {
        guard let record = try? log.read(from: seq, limit: 1, maxBytes: 1).entries.first?.record else { return nil }
        return (try? Event(record: record))?.integer(.receivedMicros).map { $0 / 1000 }
    }
}
