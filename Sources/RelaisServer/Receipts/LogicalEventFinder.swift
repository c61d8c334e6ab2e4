internal import RelaisEvent

/// Finds the copies of one logical event in the log.
struct LogicalEventFinder {
    struct Found {
        /// Newest first.
        var copies: [LogEntry]
        /// Entries of other logical events with the same id, newest first.
        var others: [LogEntry]
        var isFromDeadLetter = false
    }

    /// No more copies than these are looked at.
    static let copyLimit = 50
    /// How many entries after a copy are searched for copies that refer to it without sharing its id.
    static let searchSpan = 4000

    private let log: any EventLog
    private let state: any DeliveryState

    init(log: any EventLog, state: any DeliveryState) {
        self.log = log
        self.state = state
    }

    func find(_ reference: EventReference) throws -> Found {
        switch reference {
        case .seq(let seq):
            if let entry = try log.entry(seq) { return try gather(around: entry, among: [entry]) }
            if let found = try deadLetters(try state.deadLetters(for: seq)) { return found }
            throw ReceiptError.noEntry(seq: seq, start: log.start, end: log.end)
        case .term(let term):
            let entries = try log.find(term, limit: Self.copyLimit).compactMap { try log.entry($0) }
            if let first = entries.min(by: { $0.seq < $1.seq }) { return try gather(around: first, among: entries) }
            let letters = try state.deadLetters(destination: nil, limit: 1000).filter { $0.eventID == term }
            if let found = try deadLetters(letters) { return found }
            throw ReceiptError.noEvent(term, start: log.start)
        }
    }

    // MARK: Copies

    /// The copies of `entry`: entries of its site and name with its ids, entries its copies refer to and that refer to them.
    private func gather(around entry: LogEntry, among found: [LogEntry]) throws -> Found {
        let sought = try EventIdentity(entry)
        var copies = [entry.seq: entry]
        var others: [UInt64: LogEntry] = [:]
        var terms = Set<String>()
        var referredTo = Set([entry.seq])
        var waiting = found + [entry]
        while let next = waiting.popLast(), copies.count < Self.copyLimit {
            let identity = try EventIdentity(next)
            guard referredTo.contains(next.seq) || identity.isSameKind(as: sought) else {
                others[next.seq] = next
                continue
            }
            copies[next.seq] = next
            if let earlier = next.plan.copyOf, copies[earlier] == nil, let original = try log.entry(earlier) {
                referredTo.insert(earlier)
                waiting.append(original)
            }
            for term in identity.terms where terms.insert(term).inserted {
                for seq in try log.find(term, limit: Self.copyLimit) where copies[seq] == nil && others[seq] == nil {
                    if let other = try log.entry(seq) { waiting.append(other) }
                }
            }
        }
        try addReferringCopies(to: &copies)
        return Found(
            copies: copies.values.sorted { $0.seq > $1.seq },
            others: others.values.sorted { $0.seq > $1.seq }
        )
    }

    /// A gtag hit that is sent again after consent has an id of its own; its plan names the copy before it.
    private func addReferringCopies(to copies: inout [UInt64: LogEntry]) throws {
        guard var seq = copies.keys.min() else { return }
        let end = min(log.end, seq + UInt64(Self.searchSpan))
        seq += 1
        while seq < end {
            let (entries, next) = try log.read(from: seq, limit: 1000, maxBytes: 4 << 20)
            for entry in entries where entry.seq < end {
                guard let earlier = entry.plan.copyOf, copies[earlier] != nil else { continue }
                copies[entry.seq] = entry
            }
            guard next > seq else { return }
            seq = next
        }
    }

    private func deadLetters(_ letters: [DeadLetter]) throws -> Found? {
        guard let letter = letters.max(by: { $0.seq < $1.seq }), !letter.record.isEmpty else { return nil }
        let entry = LogEntry(seq: letter.seq, record: letter.record, plan: Plan())
        return Found(copies: [entry], others: [], isFromDeadLetter: true)
    }
}

/// What copies of one logical event have in common.
private struct EventIdentity {
    var name: String
    var site: String
    /// The ids the entry can be found by.
    var terms: [String]
    private var owner: (kind: IdentityKey.Owner, name: String)?

    init(_ entry: LogEntry) throws {
        let event = try Event(record: entry.record)
        name = event.string(.eventName) ?? ""
        site = event.string(.site) ?? ""
        owner = event.owner
        terms = [event.string(.eventID)].compactMap(\.self)
        if name == "purchase", let transaction = event.string(.transactionID) { terms.append(transaction) }
    }

    /// Equal ids of another order or visitor are no copies, as for deduplication.
    func isSameKind(as other: EventIdentity) -> Bool {
        guard name == other.name, site == other.site else { return false }
        guard let owner, let theirs = other.owner, owner.kind == theirs.kind else { return true }
        return owner.name == theirs.name
    }
}
