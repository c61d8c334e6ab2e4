internal import NIOPosix
internal import RelaisDelivery
internal import RelaisEvent

/// Dead letters for the admin API: listed, sent again, forgotten.
struct DeadLetterService: Sendable {
    /// What came of sending again or forgetting.
    struct Change: Sendable {
        var taken = 0
        /// Letters that pass the filter, and log entries in dead ranges that do, that wait for the next call: there was no room for more, or the limit was reached.
        var remaining = 0
        /// Letters of destinations that the configuration does not have (any more).
        var notConfigured = 0
        /// Log entries that are in no dead range any more.
        var entries = 0
        /// Of these the log no longer had.
        var gone = 0
        /// Letters that died before the call are meant: in milliseconds since 1970.
        var until: Int64 = 0
    }

    let state: any DeliveryState
    let control: any DeliveryControl
    let clock: any Clock
    let threads: NIOThreadPool
    let ranges: DeadRangeReopener

    /// `{"letters":[…],"counts":[{"destination","reason","count"}],"ranges":[…],"total"[,"next"]}`, newest first.
    func listJSON(_ filter: DeadLetterFilter, before: Int64?, limit: Int, withEvents: Bool) async throws -> [UInt8] {
        try await threads.runIfActive { [state] in
            try state.flush()
            let letters = try state.deadLetters(filter, before: before, limit: limit, withRecords: withEvents)
            let counts = try state.deadLetterCounts(filter)
            let ranges = try state.deadRanges(passing: filter).prefix(AdminQuery.largestLimit)
            var writer = JSONWriter()
            writer.object { writer in
                writer.array("letters") { writer in for letter in letters { letter.write(to: &writer) } }
                writer.array("counts") { writer in for count in counts { count.write(to: &writer) } }
                writer.array("ranges") { writer in for range in ranges { range.write(to: &writer) } }
                writer.member("total", counts.reduce(0) { $0 + $1.count })
                if letters.count == limit, let last = letters.last { writer.member("next", last.number) }
            }
            return writer.bytes
        }
    }

    /// The same letters as NDJSON, one an object of the list, and where the list goes on.
    func lines(_ filter: DeadLetterFilter, before: Int64?, limit: Int) async throws -> (lines: [UInt8], next: UInt64?) {
        try await threads.runIfActive { [state] in
            try state.flush()
            let letters = try state.deadLetters(filter, before: before, limit: limit, withRecords: true)
            var lines: [UInt8] = []
            for letter in letters {
                var writer = JSONWriter()
                letter.write(to: &writer)
                lines += writer.bytes + [0x0A]
            }
            return (lines, letters.count == limit ? letters.last.map { UInt64(clamping: $0.number) } : nil)
        }
    }

    /// Has letters sent again, at most `limit` a destination. They count as such on disk when this returns.
    func retry(_ filter: DeadLetterFilter, limit: Int) async throws -> Change {
        var filter = filter
        filter.isRetriable = true
        filter.until = filter.until ?? clock.nowMilliseconds() + 1
        let reopened = try await ranges.reopen(filter) { [filter] destination in
            var own = filter
            own.destination = destination
            return try await limit - countsByDestination(own).reduce(0) { $0 + $1.1 }
        }
        return try await change(filter, limit, reopened) { destination, letters in
            let requests = letters.map { ReplayRequest(seq: $0.letter.seq, attempts: $0.letter.attempts) }
            return await control.replay(requests, to: destination)
        }
    }

    /// Forgets letters for good, at most `limit` a destination; not those that are being sent again.
    func drop(_ filter: DeadLetterFilter, limit: Int) async throws -> Change {
        var filter = filter
        filter.isWaiting = true
        filter.until = filter.until ?? clock.nowMilliseconds() + 1
        return try await change(filter, limit, try await ranges.drop(filter)) { [state] destination, letters in
            let seqs = letters.map(\.letter.seq)
            if let taken = await control.drop(seqs, of: destination) { return taken }
            state.apply(seqs.map { .deadLetterEnded(destination: destination, seq: $0) })
            return seqs
        }
    }

    private func change(
        _ filter: DeadLetterFilter,
        _ limit: Int,
        _ reopened: DeadRangeReopener.Change,
        _ perform: (_ destination: String, _ letters: [StoredDeadLetter]) async -> [UInt64]?
    ) async throws -> Change {
        var change = Change(until: filter.until ?? 0)
        change.entries = Int(clamping: reopened.entries)
        change.gone = Int(clamping: reopened.gone)
        change.notConfigured = Int(clamping: reopened.notConfigured)
        for (destination, count) in try await countsByDestination(filter) {
            var own = filter
            own.destination = destination
            let letters = try await threads.runIfActive { [state, own] in
                try state.deadLetters(own, before: nil, limit: limit, withRecords: false)
            }
            guard let taken = await perform(destination, letters) else {
                change.notConfigured += count
                continue
            }
            change.taken += taken.count
            change.remaining += max(0, count - taken.count)
        }
        let left = try await ranges.ranges(filter).reduce(0) { $0 + $1.count }
        change.remaining += Int(clamping: left - min(left, reopened.notConfigured))
        return change
    }

    private func countsByDestination(_ filter: DeadLetterFilter) async throws -> [(String, Int)] {
        try await threads.runIfActive { [state, filter] in
            try state.flush()
            let counts = try state.deadLetterCounts(filter)
            return counts.reduce(into: [String: Int]()) { $0[$1.destination, default: 0] += $1.count }
                .sorted { $0.key < $1.key }
        }
    }
}

extension DeadLetterService.Change {
    /// `{"<verb>":n,"entries":n,"gone":n,"remaining":n,"not_configured":n,"until":"…"}`.
    func json(_ verb: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member(verb, taken)
            writer.member("entries", entries)
            writer.member("gone", gone)
            writer.member("remaining", remaining)
            writer.member("not_configured", notConfigured)
            writer.member("until", Timestamp.text(milliseconds: until))
        }
        return writer.bytes
    }
}

extension StoredDeadLetter {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("destination", letter.destination)
            writer.member("seq", letter.seq)
            writer.member("event_id", letter.eventID)
            writer.member("event_name", letter.eventName)
            writer.member("died", Timestamp.text(milliseconds: letter.at))
            writer.member("attempts", letter.attempts)
            writer.member("reason", letter.reason)
            writer.memberUnlessEmpty("detail", letter.detail)
            writer.member("state", isReplaying ? "retrying" : "dead")
            writer.member("retriable", hasRecord)
            if !letter.record.isEmpty, let event = try? Event(record: letter.record) {
                writer.key("event")
                event.writeForIngest(to: &writer)
            }
        }
    }
}

extension DeadLetterCount {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("destination", destination)
            writer.member("reason", reason)
            writer.member("count", count)
        }
    }
}
