/// The exchanges of a run, oldest first, bounded in number and bytes; the oldest go first.
struct ReceivedLedger: Sendable {
    /// Which records are asked for.
    struct Selection: Equatable, Sendable {
        var vendor: String?
        var accepted: Bool?

        func contains(_ record: ReceivedRecord) -> Bool {
            (vendor == nil || record.vendor == vendor) && (accepted == nil || record.accepted == accepted)
        }
    }

    private let maximumRecords: Int
    private let maximumBytes: Int
    private var records: [ReceivedRecord] = []
    /// Records before this position are dropped but not yet removed.
    private var head = 0
    private var bytes = 0
    private var duplicates: [String: DuplicateIndex] = [:]
    private(set) var nextIndex = 0
    private(set) var counters: [String: ReceivedCounter] = [:]
    private(set) var tally = EventTally()

    init(maximumRecords: Int, maximumBytes: Int) {
        self.maximumRecords = max(1, maximumRecords)
        self.maximumBytes = max(1, maximumBytes)
    }

    mutating func append(_ exchange: Exchange) {
        let flags = exchange.events.map { event in
            guard exchange.accepted, let key = event.duplicateKey else { return false }
            return duplicates[exchange.vendor, default: DuplicateIndex()].isRepeat(key, at: exchange.atMilliseconds)
        }
        let record = ReceivedRecord(index: nextIndex, exchange: exchange, duplicates: flags)
        nextIndex += 1
        bytes += record.byteCount
        records.append(record)
        counters[exchange.vendor, default: ReceivedCounter()].add(exchange, duplicates: flags)
        tally.add(exchange, duplicates: flags)
        while records.count - head > maximumRecords || (bytes > maximumBytes && records.count - head > 1) {
            dropOldest()
        }
    }

    private mutating func dropOldest() {
        bytes -= records[head].byteCount
        counters[records[head].vendor]?.dropped += 1
        head += 1
        if head > 1_024, head > records.count / 2 {
            records.removeFirst(head)
            head = 0
        }
    }

    /// Forgets the vendor's exchanges, counters and duplicates; without a vendor everything, and counts from 0 again.
    mutating func clear(vendor: String?) {
        guard let vendor else {
            self = ReceivedLedger(maximumRecords: maximumRecords, maximumBytes: maximumBytes)
            return
        }
        records.removeFirst(head)
        head = 0
        records.removeAll { $0.vendor == vendor }
        bytes = records.reduce(0) { $0 + $1.byteCount }
        counters[vendor] = nil
        duplicates[vendor] = nil
        tally.clear(vendor: vendor)
    }

    /// Up to `limit` selected records from `index` on and before `end`, and where to go on; nil when there are no more.
    func page(
        from index: Int,
        before end: Int,
        selection: Selection,
        limit: Int
    ) -> (records: [ReceivedRecord], next: Int?) {
        var page: [ReceivedRecord] = []
        var position = position(of: index)
        while position < records.count, records[position].index < end {
            let record = records[position]
            if page.count == limit { return (page, record.index) }
            if selection.contains(record) { page.append(record) }
            position += 1
        }
        return (page, nil)
    }

    /// The first record whose index is not below, by bisection: indexes rise but may have gaps.
    private func position(of index: Int) -> Int {
        var low = head
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if records[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
