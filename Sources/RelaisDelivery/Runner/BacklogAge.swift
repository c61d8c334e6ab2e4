internal import RelaisEvent

/// Looks from time to time whether a destination's backlog has become older than its `max_age`. It goes by when entries
/// were accepted: an event is at least that old, and the log finds the place without reading a record.
struct BacklogAge {
    /// Milliseconds.
    private let maximum: Int64
    private let interval: Int64
    /// Milliseconds since 1970: when to look again; nil while nothing waits.
    private(set) var nextLook: Int64?

    init(maximum: Int64) {
        self.maximum = maximum
        interval = min(max(maximum / 20, 1000), 60_000)
    }

    /// The input that gives up what is too old, when there is any and it is time to look.
    mutating func expired(
        _ status: DestinationStatus,
        _ log: any EventLog,
        now: Int64
    ) throws(LogError) -> [DeliveryInput] {
        guard status.lag > 0 else {
            nextLook = nil
            return []
        }
        guard nextLook.map({ $0 <= now }) ?? true else { return [] }
        nextLook = now + interval
        let position = try log.position(acceptedSince: (now - maximum) * 1000, from: status.cursor)
        guard position > status.cursor else { return [] }
        let days = Double(maximum) / 86_400_000
        return [.giveUp(below: position, .expired, detail: "the backlog was older than the \(days) days of max_age")]
    }

    /// The input that notes what the log has lost since the destination was last there.
    func lost(_ status: DestinationStatus, _ log: any EventLog) -> [DeliveryInput] {
        let start = log.start
        guard status.cursor < start else { return [] }
        return [.giveUp(below: start, .logTrimmed, detail: "the log begins at seq:\(start)")]
    }
}
