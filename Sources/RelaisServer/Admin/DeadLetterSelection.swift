internal import RelaisEvent

/// Which dead letters are meant, as the admin API is told it; what is absent leaves nothing out.
package struct DeadLetterSelection: Codable, Sendable {
    package var destination: String?
    package var reason: String?
    package var eventName: String?
    package var eventID: String?
    package var seq: UInt64?
    /// Died since: see `TimeText`.
    package var since: String?
    package var until: String?
    /// At most so many of a destination.
    package var limit: Int?

    private enum CodingKeys: String, CodingKey {
        case destination, reason, seq, since, until, limit
        case eventName = "event_name"
        case eventID = "event_id"
    }

    package init() {}

    /// `now`: microseconds since 1970.
    func filter(now: Int64) throws(AdminError) -> DeadLetterFilter {
        var filter = DeadLetterFilter(destination: destination)
        filter.reason = reason
        filter.eventName = eventName
        filter.eventID = eventID
        filter.seq = seq
        filter.since = try TimeText.micros(since, name: "since", now: now).map { $0 / 1000 }
        filter.until = try TimeText.micros(until, name: "until", now: now).map { $0 / 1000 }
        return filter
    }
}

extension TimeText {
    /// A member of a request; nil when it is absent.
    static func micros(_ text: String?, name: String, now: Int64) throws(AdminError) -> Int64? {
        guard let text else { return nil }
        guard let micros = micros(text, now: now) else { throw .badRequest("\(name) must be \(form)") }
        return micros
    }
}
