internal import RelaisEvent

extension DeliveryEngine {
    /// Asks for entries when half of the queue is free; while the gate is closed only when there is nothing to probe with.
    mutating func requestEntries() {
        guard !isLoading, !isDraining, operatorReason == nil, ledger.loadPosition < logEnd, loadRetryAt <= now else {
            return
        }
        let hasRoom =
            closure == nil
            ? queue.count <= policy.maximumQueuedEvents / 2 && queue.bytes <= policy.maximumQueuedBytes / 2
            : queue.isEmpty
        guard hasRoom else { return }
        isLoading = true
        actions.append(
            .load(
                from: ledger.loadPosition,
                limit: policy.maximumQueuedEvents - queue.count,
                maxBytes: policy.maximumQueuedBytes - queue.bytes
            )
        )
    }

    mutating func loaded(_ entries: [LogEntry], next: UInt64) {
        guard next > ledger.loadPosition else { return loadFailed() }
        isLoading = false
        loadFailures = 0
        for entry in entries where entry.seq >= ledger.loadPosition && !ledger.isDone(entry.seq) {
            guard exceptions[entry.seq] == nil, let decision = decision(for: entry) else { continue }
            let cover = ledger.cover(entry.seq)
            queue.append(PendingEvent(entry, decision: decision, coverStart: cover, now: now))
        }
        ledger.loaded(upTo: next)
        // Reading finds what was appended since the log was last heard of.
        logEnd = max(logEnd, next)
    }

    mutating func loadFailed() {
        isLoading = false
        loadFailures += 1
        loadRetryAt = now + policy.backoff.wait(failures: loadFailures, using: &generator)
    }

    /// Has exceptions that are due read from the log; they become a batch of their own.
    mutating func fetchExceptions(isProbe: Bool) -> Bool {
        guard hasFreeExceptionSlot else { return false }
        var fetch = Fetch(seqs: exceptions.takeDue(now: now, limit: isProbe ? 1 : fetchLimit))
        if fetch.seqs.isEmpty, let parked = exceptions.takeParkProbe(now: now, limit: 32) {
            fetch.seqs = parked.seqs
            fetch.parkedKey = parked.key
        }
        guard !fetch.seqs.isEmpty else { return false }
        let id = takeBatchID()
        if isProbe { closure?.probe = id }
        fetches[id] = fetch
        let replays = Set(fetch.seqs.filter { exceptions[$0]?.isReplay ?? false })
        actions.append(.fetch(batch: id, fetch.seqs, replays: replays))
        return true
    }

    private var fetchLimit: Int { min(policy.maxEvents, 256) }

    /// Exceptions never take every slot from the queue, unless there is only one.
    var hasFreeExceptionSlot: Bool {
        let used = fetches.count + batches.values.lazy.filter { $0.group.origin != .queue }.count
        return used < max(1, policy.concurrency / 2)
    }

    mutating func fetched(_ id: UInt64, _ entries: [LogEntry]) {
        guard let fetch = fetches.removeValue(forKey: id) else { return }
        let present = Dictionary(entries.map { ($0.seq, $0) }, uniquingKeysWith: { first, _ in first })
        for seq in fetch.seqs where present[seq] == nil { buryForgotten(seq) }
        let isProbe = closure?.probe == id
        if isProbe { closure?.probe = nil }
        guard !isDraining, operatorReason == nil, isProbe || closure == nil else { return giveUp(fetch) }
        let events = fetch.seqs.compactMap { present[$0] }.compactMap { pending($0) }
        let group = group(of: events, fetch)
        let taken = Set(group.events.map(\.seq))
        exceptions.giveBack(fetch.seqs.filter { !taken.contains($0) })
        start(group, isProbe: isProbe, id: id)
    }

    mutating func fetchFailed(_ id: UInt64) {
        guard let fetch = fetches.removeValue(forKey: id) else { return }
        if closure?.probe == id { closure?.probe = nil }
        for seq in fetch.seqs {
            guard var exception = exceptions[seq] else { continue }
            exception.notBefore = now + policy.backoff.base
            if exception.parkedUnder.isEmpty { exceptions.put(exception) }
        }
        giveUp(fetch)
        if let key = fetch.parkedKey { exceptions.probeEnded(key: key, next: now + policy.backoff.base) }
    }

    private mutating func giveUp(_ fetch: Fetch) {
        exceptions.giveBack(fetch.seqs)
        if let key = fetch.parkedKey { exceptions.probeEnded(key: key, next: now) }
    }

    private mutating func pending(_ entry: LogEntry) -> PendingEvent? {
        guard let exception = exceptions[entry.seq], let decision = decision(for: entry) else {
            endException(entry.seq)
            return nil
        }
        var event = PendingEvent(entry, decision: decision, coverStart: entry.seq, now: now)
        event.attempts = exception.attempts
        event.done = exception.done
        event.isReplay = exception.isReplay
        return event
    }

    /// Due exceptions go together as far as their bytes allow; of a parked key one event goes.
    private mutating func group(of events: [PendingEvent], _ fetch: Fetch) -> EventGroup {
        if let key = fetch.parkedKey {
            let live = events.drop { expire($0, origin: .exceptions) }
            return EventGroup(events: Array(live.prefix(1)), origin: .parkProbe(key: key))
        }
        var size = 0
        let fitting = events.prefix { event in
            size += event.record.count
            return size <= policy.maxBytes || size == event.record.count
        }
        return EventGroup(events: Array(fitting), origin: .exceptions)
    }

    /// Nil when the plan does not entitle the destination.
    private func decision(for entry: LogEntry) -> Decision? {
        entry.plan.decision(for: policy.destination).flatMap { $0.isEntitled ? $0 : nil }
    }
}
