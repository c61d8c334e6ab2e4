/// Loaded events that wait to be sent, in order.
struct EventQueue: Sendable {
    private var events: [PendingEvent] = []
    private var head = 0
    private(set) var bytes = 0

    var count: Int { events.count - head }
    var isEmpty: Bool { count == 0 }
    var first: PendingEvent? { head < events.count ? events[head] : nil }

    mutating func append(_ event: PendingEvent) {
        events.append(event)
        bytes += event.record.count
    }

    /// Puts back events that were taken; the queue stays in order.
    mutating func putBack(_ returned: [PendingEvent]) {
        let nextSeq = first?.seq ?? .max
        events.replaceSubrange(0..<head, with: returned)
        head = 0
        bytes += returned.reduce(0) { $0 + $1.record.count }
        if returned.contains(where: { $0.seq > nextSeq }) { events.sort { $0.seq < $1.seq } }
    }

    /// Takes the first events: at most `limit` and about `maxBytes` of records, but one at least.
    mutating func take(limit: Int, maxBytes: Int) -> [PendingEvent] {
        var end = head
        var size = 0
        while end < events.count, end - head < limit, end == head || size + events[end].record.count <= maxBytes {
            size += events[end].record.count
            end += 1
        }
        let taken = Array(events[head..<end])
        head = end
        bytes -= size
        compact()
        return taken
    }

    /// Forgets the events below `end`; their sequence numbers.
    mutating func remove(below end: UInt64) -> [UInt64] {
        let removed = events[head...].prefix { $0.seq < end }
        let seqs = removed.map(\.seq)
        bytes -= removed.reduce(0) { $0 + $1.record.count }
        events.removeFirst(head + seqs.count)
        head = 0
        return seqs
    }

    private mutating func compact() {
        guard head == events.count || head >= 4096 else { return }
        events.removeFirst(head)
        head = 0
    }
}
