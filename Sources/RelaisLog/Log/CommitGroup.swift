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
    /// Entries of this group by fingerprint, to be verified: index into `entries` and `bearers`.
    private var pending: [UInt64: Int] = [:]
    private var bearers: [Bearer] = []

    private struct Bearer {
        var identities: [IdentityKey]
        var had: [String]
    }

    init(firstSeq: UInt64, acceptedMicros: Int64, capacity: Int) {
        self.firstSeq = firstSeq
        self.acceptedMicros = acceptedMicros
        data = EntryCoding.begin(capacity: capacity)
    }

    /// Decides on a request's submissions. `search` finds the copy under an identity among what is on disk.
    mutating func add(_ submissions: [LogSubmission], search: (IdentityKey) throws -> EarlierCopy?) rethrows {
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
            case .appended(let seq), .duplicate(of: let seq): seq >= firstSeq
            }
        }
    }

    private mutating func add(
        _ submission: LogSubmission,
        _ search: (IdentityKey) throws -> EarlierCopy?
    ) rethrows -> LogOutcome {
        guard submission.plan.isEntitledSomewhere, !StubFlag.isSet(in: submission.record) else {
            return append(submission, plan: submission.plan, identities: [], had: [])
        }
        let earlier = try earlierCopies(of: submission.identities, search)
        let isUpdate = submission.isConsentUpdate
        switch DuplicateDecision(plan: submission.plan, isConsentUpdate: isUpdate, earlier: earlier) {
        case .duplicate(let seq): return .duplicate(of: seq)
        case .append(let plan, let had):
            return append(submission, plan: plan, identities: submission.identities, had: had)
        }
    }

    private func earlierCopies(
        of identities: [IdentityKey],
        _ search: (IdentityKey) throws -> EarlierCopy?
    ) rethrows -> [EarlierCopy] {
        var copies: [EarlierCopy] = []
        for key in identities where key.role == .both {
            guard let copy = try inGroup(key) ?? search(key) else { continue }
            if !copies.contains(where: { $0.seq == copy.seq }) { copies.append(copy) }
        }
        return copies
    }

    private func inGroup(_ key: IdentityKey) -> EarlierCopy? {
        guard let index = pending[key.high], bearers[index].identities.contains(key) else { return nil }
        return EarlierCopy(seq: entries[index].seq, acceptedMicros: acceptedMicros, had: bearers[index].had)
    }

    private mutating func append(
        _ submission: LogSubmission,
        plan: Plan,
        identities: [IdentityKey],
        had: [String]
    ) -> LogOutcome {
        let seq = firstSeq + UInt64(entries.count)
        for key in identities { pending[key.high] = entries.count }
        bearers.append(Bearer(identities: identities, had: had))
        marks.append(identities: identities, had: had, terms: submission.searchTerms.map(MarksCoding.hash(ofTerm:)))
        EntryCoding.append(plan: plan.encoded(), record: submission.record, to: &data)
        entries.append(LogEntry(seq: seq, record: submission.record, plan: plan))
        return .appended(seq: seq)
    }
}
