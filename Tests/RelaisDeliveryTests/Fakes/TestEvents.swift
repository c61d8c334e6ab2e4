import RelaisEvent

enum TestEvents {
    static let destination = "meta"

    static func record(_ id: String, micros: Int64, padding: Int = 0) -> [UInt8] {
        var event = Event()
        event.set(.eventName, "purchase")
        event.set(.eventID, id)
        event.set(.timestampMicros, integer: micros)
        if padding > 0 { event.set(.pageTitle, String(repeating: "x", count: padding)) }
        return event.record()
    }

    static func entry(
        _ seq: UInt64,
        milliseconds: Int64,
        entitled: [String] = [destination],
        padding: Int = 0
    ) -> LogEntry {
        let decisions = entitled.map { Decision(destination: $0, outcome: .entitled) }
        let refused =
            entitled.contains(destination)
            ? [] : [Decision(destination: destination, outcome: .refused, reason: "consent_denied")]
        return LogEntry(
            seq: seq,
            record: record("e\(seq)", micros: milliseconds * 1000, padding: padding),
            plan: Plan(decisions: decisions + refused)
        )
    }

    static func seq(of record: [UInt8]) -> UInt64 {
        guard let event = try? Event(record: record), let id = event.string(.eventID) else { return 0 }
        return UInt64(id.dropFirst()) ?? 0
    }
}
