internal import RelaisEvent

/// Dead letters that an operator has sent again. They become exceptions whose record is the letter's: a letter is there
/// until the event is done, so that a crash loses nothing, and ends in the same change as its exception.
extension DeliveryEngine {
    /// Takes as many as there is room for. A letter whose entry is not passed belongs to another log, or to nobody.
    mutating func replay(_ letters: [ReplayRequest]) {
        var taken: [UInt64] = []
        for letter in letters where exceptions[letter.seq] == nil && ledger.isDone(letter.seq) {
            guard exceptions.replayCount < policy.maximumReplays else { break }
            let exception = DeliveryException(
                seq: letter.seq,
                attempts: letter.attempts,
                notBefore: now,
                firstAttempt: now,
                isReplay: true,
                reason: "replay",
                detail: "an operator had it sent again"
            )
            exceptions.put(exception)
            changes.append(.exception(destination: policy.destination, exception))
            taken.append(letter.seq)
        }
        dead -= min(dead, UInt64(taken.count))
        actions.append(.accepted(taken))
    }

    /// The letters and the end of the range are one change, so that a crash loses none of them.
    mutating func reopen(_ seqs: Range<UInt64>, _ letters: [DeadLetter]) {
        changes += letters.map { .deadLetter($0) }
        changes.append(.deadRangeEnded(destination: policy.destination, seqs: seqs))
        dead += UInt64(letters.count)
        givenUp -= min(givenUp, UInt64(seqs.count))
        actions.append(.accepted(letters.map(\.seq)))
    }

    /// Forgets letters, but for those that are being sent again.
    mutating func drop(_ seqs: [UInt64]) {
        let taken = seqs.filter { exceptions[$0] == nil }
        for seq in taken { changes.append(.deadLetterEnded(destination: policy.destination, seq: seq)) }
        dead -= min(dead, UInt64(taken.count))
        actions.append(.accepted(taken))
    }
}
