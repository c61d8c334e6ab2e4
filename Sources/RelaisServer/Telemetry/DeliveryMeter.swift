internal import RelaisDelivery
internal import RelaisEvent
internal import RelaisTelemetry

/// Counts what the delivery to one destination does. The cells belong to the destination's name, so that a runner that
/// takes over from another counts on.
struct DeliveryMeter: DeliveryObserver {
    private let name: String
    private let store: MetricStore
    private let arrived: Counter
    private let throttled: Counter
    private let duration: Histogram
    private let requestDuration: Histogram
    private let calls: Counter
    private let frameDuration: Histogram

    /// `isConfirming`: the vendor's answer says whether it took the event. Where it does not, events are sent, not
    /// delivered.
    init(_ store: MetricStore, destination name: String, isConfirming: Bool) {
        self.name = name
        self.store = store
        arrived = store.counter(isConfirming ? .delivered : .sent, name)
        throttled = store.counter(.throttled, name)
        duration = store.histogram(.deliveryDuration, name)
        requestDuration = store.histogram(.vendorRequestDuration, name)
        calls = store.counter(.pluginCalls, name)
        frameDuration = store.histogram(.pluginFrameDuration, name)
    }

    func judged(_ tally: DeliveryTally) {
        arrived.add(tally.delivered.count)
        for milliseconds in tally.delivered { duration.record(UInt64(max(0, milliseconds)) * 1000) }
        throttled.add(tally.throttled)
        let byReason: [(Metric, [String: Int])] = [
            (.dropped, tally.dropped), (.retried, tally.retried), (.parkedTotal, tally.parked), (.dead, tally.dead),
        ]
        for (metric, counts) in byReason {
            for (reason, count) in counts {
                store.counter(metric, name, reason.isEmpty ? "unspecified" : reason).add(count)
            }
        }
    }

    func answered(_ response: HTTPResponse) {
        let isAnswer = response.transport == .none
        let result = isAnswer ? "\(min(max(response.status / 100, 1), 5))xx" : response.transport.name
        store.counter(.vendorRequests, name, result).add()
        requestDuration.record(UInt64(max(0, response.elapsedMilliseconds)) * 1000)
    }

    func called(_ count: Int, microseconds: UInt64, fault: PluginFault?) {
        calls.add(count)
        frameDuration.record(microseconds)
        if let fault { store.counter(.pluginFailures, name, fault.reason).add() }
    }
}
