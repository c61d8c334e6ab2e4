internal import RelaisEvent

/// A destination's exceptions: single events that the cursor has passed and that still wait.
struct ExceptionBook: Sendable {
    private struct ParkedKey: Sendable {
        /// Ascending.
        var seqs: [UInt64] = []
        var probeAt: Int64
        var isProbing = false
    }

    private(set) var entries: [UInt64: DeliveryException] = [:]
    /// Being fetched or in flight.
    private var busy: Set<UInt64> = []
    private var schedule = RetryHeap()
    private var parked: [String: ParkedKey] = [:]
    private(set) var parkedCount = 0
    /// Dead letters that are being sent again.
    private(set) var replayCount = 0

    var count: Int { entries.count }
    /// Without dead letters that are being sent again.
    var ownCount: Int { entries.count - replayCount }
    var retryingCount: Int { entries.count - parkedCount }

    subscript(seq: UInt64) -> DeliveryException? { entries[seq] }

    /// Adds or replaces an exception; it is no longer busy. A parked one's key is probed at `notBefore` at the earliest.
    mutating func put(_ exception: DeliveryException) {
        remove(exception.seq)
        entries[exception.seq] = exception
        if exception.isReplay { replayCount += 1 }
        guard !exception.parkedUnder.isEmpty else {
            schedule.insert(exception.seq, at: exception.notBefore)
            return
        }
        parkedCount += 1
        var key = parked[exception.parkedUnder] ?? ParkedKey(probeAt: exception.notBefore)
        let index = key.seqs.firstIndex { $0 > exception.seq } ?? key.seqs.count
        key.seqs.insert(exception.seq, at: index)
        parked[exception.parkedUnder] = key
    }

    mutating func remove(_ seq: UInt64) {
        busy.remove(seq)
        guard let old = entries.removeValue(forKey: seq) else { return }
        if old.isReplay { replayCount -= 1 }
        guard !old.parkedUnder.isEmpty else { return }
        parkedCount -= 1
        parked[old.parkedUnder]?.seqs.removeAll { $0 == seq }
        if parked[old.parkedUnder]?.seqs.isEmpty == true { parked[old.parkedUnder] = nil }
    }

    /// Takes exceptions that are due, ascending by `seq`; they are busy until put or removed.
    mutating func takeDue(now: Int64, limit: Int) -> [UInt64] {
        var taken: [UInt64] = []
        while taken.count < limit, let next = schedule.first, next.at <= now {
            schedule.removeFirst()
            guard isWaiting(next) else { continue }
            busy.insert(next.seq)
            taken.append(next.seq)
        }
        return taken.sorted()
    }

    /// Takes the first events of a parked key whose probe is due; they are busy until put, removed or released.
    mutating func takeParkProbe(now: Int64, limit: Int) -> (key: String, seqs: [UInt64])? {
        let due = parked.filter { !$0.value.isProbing && $0.value.probeAt <= now }
        guard let (name, key) = due.min(by: { ($0.value.probeAt, $0.key) < ($1.value.probeAt, $1.key) }) else {
            return nil
        }
        parked[name]?.isProbing = true
        let seqs = Array(key.seqs.prefix(limit))
        busy.formUnion(seqs)
        return (name, seqs)
    }

    /// Those below `end` that are not being tried at the moment, ascending; without dead letters that are sent again.
    func waiting(below end: UInt64) -> [UInt64] {
        entries.values.filter { $0.seq < end && !$0.isReplay && !busy.contains($0.seq) }.map(\.seq).sorted()
    }

    /// Gives back what was taken and not tried.
    mutating func giveBack(_ seqs: some Sequence<UInt64>) {
        for seq in seqs where busy.remove(seq) != nil {
            if let entry = entries[seq], entry.parkedUnder.isEmpty { schedule.insert(seq, at: entry.notBefore) }
        }
    }

    /// Ends a key's probe; the next is due then.
    mutating func probeEnded(key: String, next: Int64) {
        parked[key]?.isProbing = false
        parked[key]?.probeAt = next
    }

    /// Turns a key's parked events into due ones and returns them.
    mutating func release(key: String, now: Int64) -> [DeliveryException] {
        guard let released = parked.removeValue(forKey: key) else { return [] }
        parkedCount -= released.seqs.count
        return released.seqs.compactMap { seq in
            guard var exception = entries[seq] else { return nil }
            exception.parkedUnder = ""
            exception.notBefore = now
            entries[seq] = exception
            busy.remove(seq)
            schedule.insert(seq, at: now)
            return exception
        }
    }

    /// Makes every parked key's probe due.
    mutating func probeParkedNow(_ now: Int64) {
        for key in parked.keys { parked[key]?.probeAt = now }
    }

    /// When the next retry or probe is due.
    mutating func nextDue() -> Int64? {
        while let next = schedule.first, !isWaiting(next) { schedule.removeFirst() }
        let probe = parked.values.lazy.filter { !$0.isProbing }.map(\.probeAt).min()
        return [schedule.first?.at, probe].compactMap { $0 }.min()
    }

    private func isWaiting(_ slot: RetryHeap.Slot) -> Bool {
        guard let entry = entries[slot.seq] else { return false }
        return entry.parkedUnder.isEmpty && entry.notBefore == slot.at && !busy.contains(slot.seq)
    }
}

/// A binary heap of when exceptions are due. Slots of exceptions that have changed since are skipped by its user.
private struct RetryHeap: Sendable {
    struct Slot: Sendable {
        var at: Int64
        var seq: UInt64

        static func < (left: Slot, right: Slot) -> Bool { (left.at, left.seq) < (right.at, right.seq) }
    }

    private var slots: [Slot] = []

    var first: Slot? { slots.first }

    mutating func insert(_ seq: UInt64, at time: Int64) {
        slots.append(Slot(at: time, seq: seq))
        var child = slots.count - 1
        while child > 0, slots[child] < slots[(child - 1) / 2] {
            slots.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = slots.popLast(), !slots.isEmpty else { return }
        slots[0] = last
        var parent = 0
        while let child = smallerChild(of: parent), slots[child] < slots[parent] {
            slots.swapAt(child, parent)
            parent = child
        }
    }

    private func smallerChild(of parent: Int) -> Int? {
        let left = parent * 2 + 1
        guard left < slots.count else { return nil }
        return left + 1 < slots.count && slots[left + 1] < slots[left] ? left + 1 : left
    }
}
