internal import RelaisEvent

extension DeliveryEngine {
    /// Sends whatever may be sent and asks for entries where there is room.
    mutating func advance() {
        sendWaiting()
        requestEntries()
        while dispatchNext() {}
        requestEntries()
    }

    /// False when nothing more may or can be sent now.
    private mutating func dispatchNext() -> Bool {
        guard !isDraining, operatorReason == nil, hasFreeSlot, isNextTurn else { return false }
        if let closure {
            guard closure.probe == nil, closure.until <= now else { return false }
            return dispatchProbe(closure)
        }
        return fetchExceptions(isProbe: false) || dispatchGroup() || dispatchQueue()
    }

    var hasFreeSlot: Bool { batches.count + fetches.count < policy.concurrency }

    private mutating func dispatchGroup() -> Bool {
        guard !groups.isEmpty else { return false }
        start(groups.removeFirst(), isProbe: false)
        return true
    }

    private mutating func dispatchQueue() -> Bool {
        guard let readyAt = queueReadyAt, readyAt <= now, !isLoading || isQueueFull else { return false }
        pacedUntil = now + policy.pace
        start(EventGroup(events: takeFromQueue()), isProbe: false)
        return true
    }

    private mutating func dispatchProbe(_ closure: Closure) -> Bool {
        if let group = takeProbeGroup(closure) {
            start(group, isProbe: true)
        } else if !queue.isEmpty {
            start(EventGroup(events: queue.take(limit: 1, maxBytes: policy.maxBytes)), isProbe: true)
        } else {
            return fetchExceptions(isProbe: true)
        }
        return true
    }

    /// The held group, at first. When it keeps failing, its halves or an event of the queue take turns with it, to tell a
    /// vendor that is down from a group that is at fault.
    private mutating func takeProbeGroup(_ closure: Closure) -> EventGroup? {
        guard let first = groups.first else { return nil }
        guard closure.cause != .authStop else { return takeFirstEvent() }
        guard closure.isSuspicious(threshold: policy.suspicionThreshold) else { return groups.removeFirst() }
        if groups.count == 1 {
            if first.events.count > 1 {
                groups = first.halves
            } else if !queue.isEmpty {
                return closure.failures % 2 == 0
                    ? groups.removeFirst() : EventGroup(events: queue.take(limit: 1, maxBytes: policy.maxBytes))
            }
        }
        return groups.remove(at: closure.failures % groups.count)
    }

    /// The first event that is held, alone: enough to learn whether credentials are taken again.
    private mutating func takeFirstEvent() -> EventGroup {
        var probe = groups.removeFirst()
        guard probe.events.count > 1 else { return probe }
        var rest = probe
        rest.events.removeFirst()
        groups.insert(rest, at: 0)
        probe.events.removeSubrange(1...)
        return probe
    }

    private mutating func takeFromQueue() -> [PendingEvent] {
        queue.take(limit: policy.maxEvents, maxBytes: policy.maxBytes)
    }

    /// When the queue's first batch may go; nil when it is empty.
    var queueReadyAt: Int64? {
        guard let first = queue.first else { return nil }
        return isQueueFull || first.queuedAt > now ? now : max(first.queuedAt + policy.linger, waitsForPace)
    }

    private var isQueueFull: Bool { queue.count >= policy.maxEvents || queue.bytes >= policy.maxBytes }

    /// `pacedUntil`, unless the clock was set back.
    var waitsForPace: Int64 { min(pacedUntil, now + policy.pace) }

    /// Makes an encode call of a group, less what has expired.
    mutating func start(_ group: EventGroup, isProbe: Bool, id: UInt64? = nil) {
        var group = group
        group.events = group.events.filter { !expire($0, origin: group.origin) }
        guard !group.events.isEmpty else {
            if case .parkProbe(let key) = group.origin { exceptions.probeEnded(key: key, next: now) }
            return
        }
        let id = id ?? takeBatchID()
        var batch = DeliveryBatch(id: id, now: now, seed: generator.next(), group: group, isProbe: isProbe)
        batch.isSample = batchesStarted % max(1, policy.answerSampling) == 0
        batchesStarted += 1
        if isProbe { closure?.probe = id }
        inFlight += group.events.count
        batches[id] = batch
        actions.append(
            .encode(
                CallContext(batchID: id, now: now, seed: batch.seed, timeout: policy.encodeTimeout),
                group.events.map(\.forPlugin)
            )
        )
    }

    mutating func takeBatchID() -> UInt64 {
        defer { nextBatchID += 1 }
        return nextBatchID
    }

    /// Puts a group among those that wait, by its first event.
    mutating func insert(_ group: EventGroup) {
        guard let seq = group.events.first?.seq else { return }
        let index = groups.firstIndex { ($0.events.first?.seq ?? 0) > seq } ?? groups.endIndex
        groups.insert(group, at: index)
    }
}
