internal import RelaisEvent
internal import RelaisLog
internal import RelaisTelemetry

/// Counts what the log commits, and what the stored plans say: only the log knows whether a copy came before.
final class LogMeter: LogObserver, @unchecked Sendable {
    /// Cells of one destination.
    private struct Destination {
        let name: String
        let entitled: Counter
        var notSent: [(reason: String, counter: Counter)] = []
    }

    private let store: MetricStore
    private let duration: Histogram
    private let events: Histogram
    private let failures: Counter
    private let sharedIDs: Counter
    /// Used on the log's thread only; in the order of the newest plan.
    private var destinations: [Destination] = []

    init(_ store: MetricStore) {
        self.store = store
        duration = store.histogram(.logCommitDuration)
        events = store.histogram(.logCommitEvents)
        failures = store.counter(.logCommitFailures)
        sharedIDs = store.counter(.dedupSharedIDs)
    }

    func committed(_ entries: [LogEntry], microseconds: UInt64) {
        duration.record(microseconds)
        events.record(UInt64(entries.count))
        for entry in entries {
            if entry.plan.sharesIDWith != nil { sharedIDs.add() }
            for (position, decision) in entry.plan.decisions.enumerated() { count(decision, at: position) }
        }
    }

    func commitFailed() { failures.add() }

    private func count(_ decision: Decision, at position: Int) {
        let index = index(of: decision.destination, near: position)
        guard !decision.isEntitled else { return destinations[index].entitled.add() }
        let reason = decision.reason
        if let known = destinations[index].notSent.first(where: { $0.reason == reason }) { return known.counter.add() }
        let counter = store.counter(.eventsNotSent, decision.destination, reason)
        destinations[index].notSent.append((reason, counter))
        counter.add()
    }

    private func index(of name: String, near position: Int) -> Int {
        if position < destinations.count, destinations[position].name == name { return position }
        if let index = destinations.firstIndex(where: { $0.name == name }) { return index }
        destinations.append(Destination(name: name, entitled: store.counter(.eventsEntitled, name)))
        return destinations.count - 1
    }
}
