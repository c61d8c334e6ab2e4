import RelaisEvent

/// What deduplication says of a submission: a pure function of its plan and of the earlier copies found.
enum DuplicateDecision: Equatable {
    /// To be appended with this plan; `had` is what its marks say.
    case append(Plan, had: [String])
    case duplicate(of: UInt64)

    /// `isConsentUpdate`: the submission is a tag's copy of an event, sent again after consent.
    init(plan: Plan, isConsentUpdate: Bool = false, earlier: [EarlierCopy]) {
        guard let newest = earlier.max(by: { $0.seq < $1.seq }) else {
            self = .append(plan, had: plan.takers(where: \.isEntitled))
            return
        }
        var seqs: [String: UInt64] = [:]
        for copy in earlier {
            for destination in copy.had { seqs[destination] = max(seqs[destination] ?? 0, copy.seq) }
        }
        guard !plan.takers(where: { $0.isEntitled && seqs[$0.destination] == nil }).isEmpty else {
            self = .duplicate(of: newest.seq)
            return
        }
        var merged = plan
        merged.copyOf = newest.seq
        for index in merged.decisions.indices {
            guard let seq = seqs.removeValue(forKey: merged.decisions[index].destination) else { continue }
            merged.decisions[index].setHadEarlierCopy(seq, isConsentUpdate)
        }
        for index in merged.browserRequests.indices {
            guard let seq = seqs[merged.browserRequests[index].decision.destination] else { continue }
            merged.browserRequests[index].decision.setHadEarlierCopy(seq, isConsentUpdate)
            merged.browserRequests[index].url = ""
        }
        let told = seqs.keys.filter(BrowserRequest.isDestination).sorted()
        for (destination, seq) in seqs.sorted(by: { $0.key < $1.key }) where !told.contains(destination) {
            var decision = Decision(destination: destination, outcome: .hadEarlierCopy)
            decision.setHadEarlierCopy(seq, isConsentUpdate)
            merged.decisions.append(decision)
        }
        let had = merged.takers { $0.outcome != .refused }
        self = .append(merged, had: had + told.filter { !had.contains($0) })
    }
}

extension Plan {
    /// The destinations and told browser requests of which that is true. Without a copy of the decisions: this is done for
    /// every event.
    fileprivate func takers(where isTaker: (Decision) -> Bool) -> [String] {
        var names: [String] = []
        names.reserveCapacity(decisions.count + browserRequests.count)
        for index in decisions.indices where isTaker(decisions[index]) { names.append(decisions[index].destination) }
        for index in browserRequests.indices where isTaker(browserRequests[index].decision) {
            names.append(browserRequests[index].decision.destination)
        }
        return names
    }
}

extension Decision {
    fileprivate mutating func setHadEarlierCopy(_ seq: UInt64, _ isConsentUpdate: Bool) {
        outcome = .hadEarlierCopy
        ping = nil
        reason = isConsentUpdate ? "consent_update_copy" : "duplicate"
        detail =
            isConsentUpdate
            ? "the tag sent the event again after consent; it had the copy of entry \(seq)"
            : "had an earlier copy of this event; the latest one before this is entry \(seq)"
    }
}
