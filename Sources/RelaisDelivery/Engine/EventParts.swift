internal import RelaisEvent

/// The verdicts on events that a batch sends in parts, until each event has those of all its parts.
struct EventParts: Sendable {
    private struct Progress: Sendable {
        /// Requests that carry the event.
        var total = 0
        var verdicts: [(part: String, verdict: Verdict)] = []
    }

    /// Of the events that are sent in parts.
    private var progress: [Int: Progress] = [:]

    init() {}

    init(of requests: [EncodedRequest]) {
        for request in requests where request.part != nil {
            for event in request.events { progress[event, default: Progress()].total += 1 }
        }
    }

    /// What became of a part; the event's verdict once every part has one.
    mutating func note(_ verdict: Verdict, on part: String, of event: Int) -> Verdict? {
        guard var own = progress[event] else { return verdict }
        own.verdicts.append((part, verdict))
        progress[event] = own
        return own.verdicts.count < own.total ? nil : Self.combined(own.verdicts)
    }

    /// The parts of the event that this batch delivered.
    func delivered(_ event: Int) -> [String] {
        progress[event]?.verdicts.filter { $0.verdict.code == .delivered }.map(\.part) ?? []
    }

    /// The gravest verdict, with the part it is about: a part that is left to try outweighs one that is rejected, which
    /// will be rejected again when it is the last. Of verdicts that are alike, one that says something.
    private static func combined(_ all: [(part: String, verdict: Verdict)]) -> Verdict? {
        let gravest = all.max { weight($0.verdict) < weight($1.verdict) }
        guard let (part, gravest) = gravest, all.count > 1, gravest.code != .delivered else { return gravest?.verdict }
        var verdict = gravest
        verdict.detail = verdict.detail.isEmpty ? part : "\(part): \(verdict.detail)"
        return verdict
    }

    private static func weight(_ verdict: Verdict) -> (Int, Int64, Int) {
        let rank =
            switch verdict.code {
            case .drop: 0
            case .delivered: 1
            case .reject: 2
            case .park: 3
            case .retry: 4
            case .split: 5
            case .throttle: 6
            case .authStop: 7
            }
        return (rank, verdict.retryAfter, verdict.detail.isEmpty ? 0 : 1)
    }
}
