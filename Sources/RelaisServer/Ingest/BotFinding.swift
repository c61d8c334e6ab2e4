internal import RelaisEvent

/// What was found out about bots for one event, for metrics and the list of what was not taken.
struct BotFinding: Sendable {
    /// `BotReason` words with commas between them; empty when nothing speaks for a bot.
    let reasons: String
    /// Its score is above `bots.drop_above`.
    let isDropped: Bool

    init(_ event: Event, dropAbove: Double?) {
        reasons = event.string(.botReasons) ?? ""
        isDropped = dropAbove.map { (event.number(.botScore) ?? 0) > $0 } ?? false
    }
}
