/// How much a vendor has received since the last clearing, including what the ledger has dropped since.
struct ReceivedCounter: Equatable, Sendable {
    var requests = 0
    var acceptedRequests = 0
    var events = 0
    var acceptedEvents = 0
    var duplicateEvents = 0
    var dropped = 0

    mutating func add(_ exchange: Exchange, duplicates: [Bool]) {
        requests += 1
        events += exchange.events.count
        duplicateEvents += duplicates.count(where: \.self)
        if exchange.accepted {
            acceptedRequests += 1
            acceptedEvents += exchange.events.count
        }
    }

    static func + (left: ReceivedCounter, right: ReceivedCounter) -> ReceivedCounter {
        ReceivedCounter(
            requests: left.requests + right.requests,
            acceptedRequests: left.acceptedRequests + right.acceptedRequests,
            events: left.events + right.events,
            acceptedEvents: left.acceptedEvents + right.acceptedEvents,
            duplicateEvents: left.duplicateEvents + right.duplicateEvents,
            dropped: left.dropped + right.dropped
        )
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("requests", requests)
        writer.member("accepted_requests", acceptedRequests)
        writer.member("events", events)
        writer.member("accepted_events", acceptedEvents)
        writer.member("duplicate_events", duplicateEvents)
        writer.member("dropped_requests", dropped)
        writer.endObject()
        return writer.bytes
    }
}
