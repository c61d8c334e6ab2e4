import RelaisEvent

/// One commit in the making: decides on every submission in turn, later ones knowing of earlier ones, and collects the
/// bytes. Nothing outside it changes until the commit is on disk, so a failed one leaves no trace.
struct CommitGroup {
    let firstSeq: UInt64
    let acceptedMicros: Int64
    private(set) var entries: [LogEntry] = []
    private(set) var outcomes: [[LogOutcome]] = []
    private var data: [UInt8]
    private var marks = MarksBuilder()
    /// The newest entry of this group by fingerprint, to be verified: index into `entries` and `bearers`.
    private var pending: [UInt64: Int] = [:]
    /// The entries before those of `pending`, where several have one fingerprint.
    private var former: [Bearing: Int] = [:]
    private var bearers: [Bearer] = []

    private struct Bearing: Hashable {
        var fingerprint: UInt64
        var index: Int
    }

    private struct Bearer {
        var identities: [IdentityKey]
        var had: [String]
    }

    init(firstSeq: UInt64, acceptedMicros: Int64, capacity: Int) {
        self.firstSeq = firstSeq
        self.acceptedMicros = acceptedMicros
        data = EntryCoding.begin(capacity: capacity)
    }

    /// Looks for an identity among what is on disk, and adds the marks to the match.
    typealias Search = (IdentityKey, inout IdentityMatch) throws -> Void

    /// Decides on a request's submissions.
    mutating func add(_ submissions: [LogSubmission], search: Search) rethrows {
        var results: [LogOutcome] = []
        results.reserveCapacity(submissions.count)
        for submission in submissions { results.append(try add(submission, search)) }
        outcomes.append(results)
    }

    /// About the row's size; of a group without entries 0.
    var bytes: Int { entries.reduce(0) { $0 + CommitRequest.bytes(of: $1.record) } }

    /// The row's two blobs.
    func encoded() -> (marks: [UInt8], data: [UInt8]) { (marks.encoded(), data) }

    /// True when the outcomes of that request are true only once this group is on disk.
    func dependsOnCommit(request index: Int) -> Bool {
        outcomes[index].contains { outcome in
            switch outcome {
            case .appended(let seq, _), .duplicate(of: let seq): seq >= firstSeq
            }
        }
    }

    private mutating func add(
        _ submission: LogSubmission,
        _ search: Search
    ) rethrows -> LogOutcome {
        let isKept = submission.plan.isEntitledSomewhere && !StubFlag.isSet(in: submission.record)
        guard isKept || submission.plan.tellsBrowser else {
            return append(submission, plan: submission.plan, identities: [], had: [])
        }
        let (earlier, stranger) = try earlierCopies(of: submission.identities, search)
        let isUpdate = submission.isConsentUpdate
        switch DuplicateDecision(plan: submission.plan, isConsentUpdate: isUpdate, earlier: earlier) {
        case .duplicate(let seq): return .duplicate(of: seq)
        case .append(var plan, let had):
            plan.sharesIDWith = stranger
            return append(submission, plan: plan, identities: submission.identities, had: had)
        }
    }

    private func earlierCopies(
        of identities: [IdentityKey],
        _ search: Search
    ) rethrows -> (copies: [EarlierCopy], stranger: UInt64?) {
        var copies: [EarlierCopy] = []
        var stranger: UInt64?
        for key in identities where key.role != .mark {
            var match = IdentityMatch(key)
            if !searchGroup(key, &match) { try search(key, &match) }
            stranger = stranger ?? match.stranger
            guard let copy = match.copy else { continue }
            if !copies.contains(where: { $0.seq == copy.seq }) { copies.append(copy) }
        }
        return (copies, stranger)
    }

    /// True when what is on disk cannot change what is known.
    private func searchGroup(_ key: IdentityKey, _ match: inout IdentityMatch) -> Bool {
        var next = pending[key.high]
        for _ in 0..<IdentityMatch.maximumAlike {
            guard let index = next else { return false }
            if let mark = bearers[index].identities.first(where: { $0.hasParts(of: key) }) {
                let copy = EarlierCopy(seq: entries[index].seq, acceptedMicros: acceptedMicros, had: bearers[index].had)
                if match.add(FoundMark(key: mark, copy: copy)) { return true }
            }
            next = former[Bearing(fingerprint: key.high, index: index)]
        }
        return false
    }

    private mutating func append(
        _ submission: LogSubmission,
        plan: Plan,
        identities: [IdentityKey],
        had: [String]
    ) -> LogOutcome {
        let seq = firstSeq + UInt64(entries.count)
        for key in identities {
            guard let previous = pending.updateValue(entries.count, forKey: key.high), previous != entries.count else {
                continue
            }
            former[Bearing(fingerprint: key.high, index: entries.count)] = previous
        }
        bearers.append(Bearer(identities: identities, had: had))
        marks.append(identities: identities, had: had, terms: submission.searchTerms.map(MarksCoding.hash(ofTerm:)))
        EntryCoding.append(plan: plan, record: submission.record, to: &data)
        entries.append(LogEntry(seq: seq, record: submission.record, plan: plan))
        guard plan.tellsBrowser else { return .appended(seq: seq) }
        return .appended(
            seq: seq,
            tells: plan.browserRequests.filter(\.decision.isEntitled).map(\.decision.destination)
        )
    }
}
