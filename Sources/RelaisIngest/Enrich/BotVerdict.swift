package import RelaisEvent

/// What speaks for a bot at the other end, added up.
package struct BotVerdict: Sendable, Equatable {
    package var reasons: [BotReason]

    package init(_ reasons: [BotReason] = []) { self.reasons = reasons }

    /// 0: nothing speaks for a bot; 100: certain.
    package var score: Int { min(100, reasons.reduce(0) { $0 + $1.weight }) }

    /// The reasons with commas between them; empty when there are none.
    package var text: String { reasons.map(\.rawValue).joined(separator: ",") }

    /// Writes the verdict into the event.
    package func apply(to event: inout Event) {
        let score = score
        event.set(.botScore, number: Double(score), text: event.store(String(score)))
        reasons.isEmpty ? event.remove(.botReasons) : event.set(.botReasons, text)
    }
}
