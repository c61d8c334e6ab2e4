internal import RelaisEvent

extension DeliveryEngine {
    /// Gives up everything below `end` that is neither done nor in flight, as ranges, without reading it. What is in
    /// flight has its answer on the way: it is given up the next time, if it is still there.
    mutating func giveUp(below end: UInt64, _ reason: DeadLetterRange.Reason, detail: String) {
        let end = min(end, logEnd)
        guard end > ledger.cursor || reason == .shed else { return }
        let inFlight = coversInFlight
        var lost: [Range<UInt64>] = reason == .shed ? giveUpExceptions(below: end) : []
        if let range = dropWaiting(below: end) {
            lost += range.subtracting(merging(inFlight + ledger.completed))
            ledger.abandon(below: end, except: inFlight)
        }
        for seqs in merging(lost) {
            givenUp += UInt64(seqs.count)
            changes.append(
                .deadRange(
                    DeadLetterRange(
                        destination: policy.destination,
                        seqs: seqs,
                        at: now,
                        reason: reason,
                        detail: detail
                    )
                )
            )
        }
    }

    /// Forgets the events below `end` that wait for the gate or in the queue. From the first of them to `end`, or to the
    /// last of them when everything below `end` has been read; nil when nothing is lost.
    private mutating func dropWaiting(below end: UInt64) -> Range<UInt64>? {
        var seqs = queue.remove(below: end)
        for index in groups.indices where groups[index].origin == .queue {
            seqs += groups[index].events.map(\.seq).filter { $0 < end }
            groups[index].events.removeAll { $0.seq < end }
        }
        groups.removeAll(where: \.events.isEmpty)
        let unread = ledger.loadPosition < end ? ledger.loadPosition : nil
        guard let first = [seqs.min(), unread].compactMap(\.self).min() else { return nil }
        return first..<(unread == nil ? (seqs.max() ?? first) + 1 : end)
    }

    private mutating func giveUpExceptions(below end: UInt64) -> [Range<UInt64>] {
        exceptions.waiting(below: end).map { seq in
            endException(seq)
            return seq..<seq + 1
        }
    }

    /// Ascending.
    private var coversInFlight: [Range<UInt64>] {
        batches.values.filter { $0.group.origin == .queue }
            .flatMap { zip($0.group.events, $0.verdicts) }
            .filter { $0.1 == nil }
            .map { min($0.0.coverStart, $0.0.seq)..<$0.0.seq + 1 }
            .sorted { $0.lowerBound < $1.lowerBound }
    }

    private func merging(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
        var merged: [Range<UInt64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

extension Range<UInt64> {
    /// What is left without the holes, which are ascending and disjoint.
    func subtracting(_ holes: [Range<UInt64>]) -> [Range<UInt64>] {
        var rest: [Range<UInt64>] = []
        var start = lowerBound
        for hole in holes where hole.overlaps(start..<Swift.max(start, upperBound)) {
            if start < hole.lowerBound { rest.append(start..<hole.lowerBound) }
            start = hole.upperBound
        }
        if start < upperBound { rest.append(start..<upperBound) }
        return rest
    }
}
