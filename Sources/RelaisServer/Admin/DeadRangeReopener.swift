internal import NIOPosix
internal import RelaisEvent
internal import Synchronization

/// Makes dead letters of the entries of dead ranges, so that they can be sent again, and ends ranges.
struct DeadRangeReopener: Sendable {
    /// Two calls that read the same part of a range would send its events twice.
    final class Turn: Sendable {
        private let isTaken = Mutex(false)

        func take() -> Bool {
            isTaken.withLock { taken in
                defer { taken = true }
                return !taken
            }
        }

        func leave() { isTaken.withLock { $0 = false } }
    }

    /// What a call did; log entries.
    struct Change: Sendable {
        /// Are in no range any more.
        var entries: UInt64 = 0
        /// Of these the log no longer had.
        var gone: UInt64 = 0
        var notConfigured: UInt64 = 0
    }

    private static let maximumBytes = 8 << 20

    let state: any DeliveryState
    let log: any EventLog
    let control: any DeliveryControl
    let threads: NIOThreadPool
    let turn: Turn

    /// Ranges that pass, oldest first.
    func ranges(_ filter: DeadLetterFilter) async throws -> [DeadLetterRange] {
        try await threads.runIfActive { [state] in
            try state.flush()
            return try state.deadRanges(passing: filter).reversed()
        }
    }

    /// Reads at most `room` entries of a destination's ranges; `room` says how many letters may come to those it has.
    func reopen(_ filter: DeadLetterFilter, room: (_ destination: String) async throws -> Int) async throws -> Change {
        try await withTurn {
            var change = Change()
            for (destination, own) in Dictionary(grouping: try await ranges(filter), by: \.destination) {
                var left = try await room(destination)
                for range in own {
                    guard left > 0 else { break }
                    let part = try await threads.runIfActive { [log, left] in try Self.read(range, of: log, limit: left)
                    }
                    guard await control.reopen(part.seqs, of: destination, as: part.letters) else {
                        change.notConfigured += own.reduce(0) { $0 + $1.count }
                        break
                    }
                    left -= max(1, part.letters.count)
                    change.entries += UInt64(part.seqs.count)
                    change.gone += part.gone
                }
            }
            return change
        }
    }

    func drop(_ filter: DeadLetterFilter) async throws -> Change {
        try await withTurn {
            var change = Change()
            for range in try await ranges(filter) {
                change.entries += range.count
                guard await !control.reopen(range.seqs, of: range.destination, as: []) else { continue }
                state.apply([.deadRangeEnded(destination: range.destination, seqs: range.seqs)])
            }
            return change
        }
    }

    private func withTurn(_ body: () async throws -> Change) async throws -> Change {
        guard turn.take() else { return Change() }
        defer { turn.leave() }
        let change = try await body()
        try await threads.runIfActive { [state] in try state.flush() }
        return change
    }

    /// The first part of a range: as much as one read of the log gives.
    private static func read(_ range: DeadLetterRange, of log: any EventLog, limit: Int) throws -> (
        seqs: Range<UInt64>, letters: [DeadLetter], gone: UInt64
    ) {
        let first = range.seqs.lowerBound
        let (entries, next) = try log.read(from: first, limit: limit, maxBytes: maximumBytes)
        let end = next > first ? min(next, range.seqs.upperBound) : range.seqs.upperBound
        let own = entries.filter { $0.seq < end }
        let kept = max(first, min(log.start, end))
        let past = next > first ? 0 : end - kept
        let gone = kept - first - UInt64(own.count { $0.seq < kept }) + past
        return (first..<end, own.compactMap(range.letter), gone)
    }
}

extension DeliveryState {
    /// Dead ranges that pass a filter, newest first. None where the filter names an event: which a range has, it does not
    /// know.
    func deadRanges(passing filter: DeadLetterFilter) throws -> [DeadLetterRange] {
        guard filter.seq == nil, filter.eventID == nil, filter.eventName == nil else { return [] }
        return try deadRanges(destination: filter.destination, limit: .max).filter { range in
            range.destination == filter.destination ?? range.destination
                && range.reason.rawValue == filter.reason ?? range.reason.rawValue
                && range.at >= filter.since ?? .min && range.at < filter.until ?? .max
        }
    }
}

extension DeadLetterRange {
    /// nil when the entry was not for the destination.
    fileprivate func letter(of entry: LogEntry) -> DeadLetter? {
        guard let decision = entry.plan.decision(for: destination), decision.isEntitled else { return nil }
        return DeadLetter(
            destination: destination,
            seq: entry.seq,
            eventID: RecordScan.text(.eventID, in: entry.record) ?? "",
            eventName: RecordScan.text(.eventName, in: entry.record) ?? "",
            at: at,
            attempts: 0,
            reason: reason.rawValue,
            detail: detail,
            record: entry.record,
            sendAs: decision.sendAs,
            withholdsUserData: decision.withholdsUserData,
            ping: decision.ping
        )
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("destination", destination)
            writer.member("from", seqs.lowerBound)
            writer.member("to", seqs.upperBound - 1)
            writer.member("count", count)
            writer.member("died", Timestamp.text(milliseconds: at))
            writer.member("reason", reason.rawValue)
            writer.memberUnlessEmpty("detail", detail)
        }
    }
}
