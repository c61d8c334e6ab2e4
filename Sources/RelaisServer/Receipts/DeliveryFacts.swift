internal import RelaisEvent

/// All that the deliveries' memory says of one entry.
struct DeliveryFacts: Sendable {
    /// Oldest first.
    var outcomes: [BatchOutcome]
    var deadLetters: [DeadLetter]
    /// By destination: the dead range the entry is in, which says nothing of whether the entry was for the destination.
    var deadRanges: [String: DeadLetterRange]
    var exceptions: [String: DeliveryException]

    init(of seq: UInt64, in state: any DeliveryState) throws {
        outcomes = try state.outcomes(for: seq)
        deadLetters = try state.deadLetters(for: seq)
        deadRanges = [:]
        for range in try state.deadRanges(containing: seq) { deadRanges[range.destination] = range }
        exceptions = [:]
        for (destination, exception) in try state.exceptions(for: seq) { exceptions[destination] = exception }
    }

    /// Destinations that have done something with the entry, in the order of their first outcome.
    var destinations: [String] {
        outcomes.map(\.destination) + deadLetters.map(\.destination) + exceptions.keys.sorted()
    }

    /// The newest verdict on the entry at a destination, and when it fell, in milliseconds since 1970.
    func lastVerdict(on seq: UInt64, at destination: String) -> (verdict: Verdict, at: Int64)? {
        for outcome in outcomes.reversed() where outcome.destination == destination {
            if let member = outcome.members.last(where: { $0.seq == seq }) { return (member.verdict, outcome.finished) }
        }
        return nil
    }
}
