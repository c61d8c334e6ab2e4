import RelaisEvent

/// Changes that are not on disk yet, in order, in the groups they were handed over in; bounded.
struct StateBacklog: Sendable {
    private let maximumCost: Int
    private(set) var groups: [[DeliveryStateChange]] = []
    /// Of what waits and of what is being committed.
    private(set) var cost = 0
    private(set) var droppedOutcomes = 0
    /// A group had to be given up; nothing is taken any more.
    private(set) var isOverflowed = false

    init(maximumCost: Int) { self.maximumCost = maximumCost }

    /// Takes a group in. False: it was given up, as everything after it will be.
    mutating func append(_ group: [DeliveryStateChange]) -> Bool {
        guard !isOverflowed else { return false }
        groups.append(group)
        cost += Self.cost(group)
        if cost > maximumCost { dropOutcomes() }
        if cost > maximumCost, groups.count > 1 {
            cost -= groups.popLast().map(Self.cost) ?? 0
            isOverflowed = true
        }
        return !isOverflowed
    }

    /// Takes everything out for a commit.
    mutating func take() -> [[DeliveryStateChange]] {
        defer { groups = [] }
        return groups
    }

    /// A commit succeeded.
    mutating func finish(_ committed: [[DeliveryStateChange]]) {
        cost -= committed.reduce(0) { $0 + Self.cost($1) }
    }

    /// A commit failed: what it took comes first again.
    mutating func putBack(_ taken: [[DeliveryStateChange]]) {
        groups = taken + groups
    }

    private mutating func dropOutcomes() {
        for index in groups.indices {
            let kept = groups[index].filter { change in
                if case .outcome = change { false } else { true }
            }
            guard kept.count < groups[index].count else { continue }
            droppedOutcomes += groups[index].count - kept.count
            cost -= Self.cost(groups[index]) - Self.cost(kept)
            groups[index] = kept
        }
    }

    private static func cost(_ group: [DeliveryStateChange]) -> Int {
        group.reduce(64) { $0 + cost($1) }
    }

    private static func cost(_ change: DeliveryStateChange) -> Int {
        switch change {
        case .progress(_, _, let completed): 96 + completed.count * 16
        case .exception(_, let exception): 192 + exception.reason.utf8.count + exception.detail.utf8.count
        case .exceptionEnded, .deadLetterEnded, .pause, .deadRange, .deadRangeEnded: 128
        case .deadLetter(let letter): 256 + letter.record.count + letter.detail.utf8.count
        case .outcome(let outcome):
            outcome.requests.reduce(512 + outcome.members.count * 160) { $0 + 192 + $1.answer.count }
        }
    }
}
