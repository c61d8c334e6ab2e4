import RelaisEvent

struct RecordedState: Sendable {
    var progress = DestinationProgress(cursor: 1)
    var exceptions: [UInt64: DeliveryException] = [:]
    var dead: [DeadLetter] = []
    var ranges: [DeadLetterRange] = []
    var outcomes: [BatchOutcome] = []
    var progressChanges = 0
    var exceptionChanges = 0

    mutating func apply(_ changes: [DeliveryStateChange]) {
        for change in changes {
            switch change {
            case .progress(_, let cursor, let completed):
                progress.cursor = cursor
                progress.completed = completed
                progressChanges += 1
            case .exception(_, let exception):
                exceptions[exception.seq] = exception
                exceptionChanges += 1
            case .exceptionEnded(_, let seq): exceptions[seq] = nil
            case .pause(_, let pause): progress.pause = pause
            case .deadLetter(let letter):
                dead.removeAll { $0.seq == letter.seq && exceptions[letter.seq]?.isReplay == true }
                dead.append(letter)
            case .deadLetterEnded(_, let seq): dead.removeAll { $0.seq == seq }
            case .deadRange(let range): ranges.append(range)
            case .deadRangeEnded(_, let seqs): ranges.removeAll { $0.seqs == seqs }
            case .outcome(let outcome): outcomes.append(outcome)
            }
        }
    }

    var resumed: DestinationProgress {
        var resumed = progress
        resumed.exceptions = exceptions.values.sorted { $0.seq < $1.seq }
        return resumed
    }

    func isPassed(_ seq: UInt64) -> Bool {
        seq < progress.cursor || progress.completed.contains { $0.contains(seq) }
    }
}
