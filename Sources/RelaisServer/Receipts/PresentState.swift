/// What has become of a logical event at one destination by now.
enum PresentState: Sendable, Equatable {
    /// `at` in milliseconds since 1970. Not confirmed: the vendor's answer does not say that it took the event.
    case delivered(at: Int64, isConfirmed: Bool)
    /// Not tried yet, or held with its whole batch; the text says for what it waits.
    case waiting(String)
    /// `next` in milliseconds since 1970.
    case retrying(next: Int64, reason: String, detail: String)
    case parked(key: String, reason: String, detail: String)
    /// A dead letter.
    case dead(reason: String, detail: String)
    /// The plugin found nothing to send.
    case dropped(reason: String, detail: String)
    /// The plan refused it.
    case notSent(reason: String, detail: String)
    /// An earlier copy, which is not among those known now, was the destination's.
    case hadEarlierCopy(of: UInt64?)
    /// The destination is past it, and the record of how is not kept any more.
    case finished

    /// The stable word of the API.
    var name: String {
        switch self {
        case .delivered(_, let isConfirmed): isConfirmed ? "delivered" : "sent"
        case .waiting: "waiting"
        case .retrying: "retrying"
        case .parked: "parked"
        case .dead: "dead"
        case .dropped: "dropped"
        case .notSent: "not_sent"
        case .hadEarlierCopy: "had_earlier_copy"
        case .finished: "finished"
        }
    }

    /// The few words of a table's cell.
    var cell: String {
        switch self {
        case .delivered, .waiting, .finished: name
        case .retrying(_, let reason, _): "retrying (\(reason))"
        case .parked(let key, _, _): "parked (\(key))"
        case .dead(let reason, _): "failed (\(reason))"
        case .dropped(let reason, _): "dropped (\(reason))"
        case .notSent(let reason, _): "not sent (\(reason))"
        case .hadEarlierCopy(let seq): seq.map { "duplicate of seq:\($0)" } ?? "duplicate"
        }
    }

    /// Nothing more will happen to it by itself.
    var isSettled: Bool {
        switch self {
        case .waiting, .retrying: false
        default: true
        }
    }

    /// The sentence of a receipt.
    var sentence: String {
        switch self {
        case .delivered(let at, let isConfirmed):
            isConfirmed
                ? "delivered \(Timestamp.text(milliseconds: at))"
                : "sent \(Timestamp.text(milliseconds: at)) (this vendor's answer does not say whether it was accepted)"
        case .waiting(let why): why.isEmpty ? "waiting" : "waiting: \(why)"
        case .retrying(let next, let reason, let detail):
            "retrying, next try \(Timestamp.text(milliseconds: next)): \(Self.join(reason, detail))"
        case .parked(let key, let reason, let detail): "parked under \(key): \(Self.join(reason, detail))"
        case .dead(let reason, let detail): "dead letter: \(Self.join(reason, detail))"
        case .dropped(let reason, let detail): "dropped by the plugin: \(Self.join(reason, detail))"
        case .notSent(let reason, let detail): "not sent: \(Self.join(reason, detail))"
        case .hadEarlierCopy(let seq):
            "an earlier copy\(seq.map { " (seq:\($0) or before)" } ?? "") was for this destination"
        case .finished: "finished; the record of how is not kept any more"
        }
    }

    private static func join(_ reason: String, _ detail: String) -> String {
        detail.isEmpty ? reason : "\(reason) (\(detail))"
    }
}

extension Timestamp {
    /// `milliseconds`: since 1970-01-01 UTC.
    static func text(milliseconds: Int64) -> String {
        let (micros, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
        return overflow ? "never" : text(micros: micros)
    }
}
