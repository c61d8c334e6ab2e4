internal import RelaisEvent

/// Why a batch cannot be encoded again; a sentence without its full stop.
struct ReencodeFailure: Error, Sendable, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// Makes the requests of past batches again and compares them with what was sent. Remembers each batch for as long as one
/// receipt takes.
struct RequestRemaker {
    /// Longer texts are cut in receipts.
    static let textLimit = 64 << 10
    private static let noteLimit = 256

    private struct Key: Hashable {
        var destination: String
        var batch: UInt64
    }

    private let service: ReceiptService
    private let overviews: [String: DestinationOverview]
    private var remade: [Key: Result<Reencoding, ReencodeFailure>] = [:]

    init(service: ReceiptService, overviews: [DestinationOverview]) {
        self.service = service
        self.overviews = Dictionary(overviews.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The requests that carried a member of a batch; none when the plugin settled the member without one.
    mutating func requests(carrying member: Int, of outcome: BatchOutcome) -> [SentRequest] {
        var stories: [SentRequest] = []
        for sent in outcome.requests where sent.members.contains(member) {
            stories.append(story(of: sent, carrying: member, of: outcome))
        }
        return stories
    }

    /// What the plugin says of a member of a batch when the batch is encoded again; nothing when it cannot be.
    mutating func messages(about member: Int, of outcome: BatchOutcome) -> [String] {
        guard case .success(let reencoding) = reencoding(of: outcome) else { return [] }
        let mask = SecretMask(secrets: service.secrets(outcome.destination))
        return reencoding.messages(about: member).map { mask.apply(to: $0) }
    }

    private mutating func story(
        of sent: BatchOutcome.Request,
        carrying member: Int,
        of outcome: BatchOutcome
    ) -> SentRequest {
        let mask = SecretMask(secrets: service.secrets(outcome.destination))
        var story = SentRequest(
            part: sent.part,
            sha256: sent.sha256,
            eventCount: sent.members.count,
            isExact: false,
            transport: sent.transport,
            status: sent.status,
            elapsedMilliseconds: sent.elapsedMilliseconds,
            answer: mask.apply(to: String(decoding: sent.answer, as: UTF8.self))
        )
        switch reencoding(of: outcome) {
        case .failure(let failure):
            story.inexactBecause = failure.description
        case .success(let reencoding):
            compare(reencoding.requests, with: sent, carrying: member, of: outcome, into: &story)
        }
        return story
    }

    private func compare(
        _ planned: [PlannedRequest],
        with sent: BatchOutcome.Request,
        carrying member: Int,
        of outcome: BatchOutcome,
        into story: inout SentRequest
    ) {
        let candidates = planned.filter { $0.part == sent.part }
        let match = candidates.first { $0.events == sent.members } ?? candidates.first { $0.events.contains(member) }
        guard let match else {
            story.inexactBecause = "the plugin makes no request of this event now: \(difference(outcome))"
            return
        }
        let mask = SecretMask(secrets: service.secrets(outcome.destination))
        let bytes = match.request.maskedBytes(mask)
        story.isExact = service.digest(bytes) == sent.sha256
        if match.part == nil { story.note = Self.text(ofNote: match.note).map { mask.apply(to: $0) } }
        if !story.isExact { story.inexactBecause = difference(outcome) }
        if bytes.count > Self.textLimit { story.cutFrom = bytes.count }
        story.text = String(decoding: bytes.prefix(Self.textLimit), as: UTF8.self)
    }

    /// nil for a note that is not for people: a plugin may keep anything in it.
    private static func text(ofNote note: [UInt8]) -> String? {
        let isText = !note.isEmpty && note.count <= noteLimit && note.allSatisfy { (0x20...0x7E).contains($0) }
        return isText ? String(decoding: note, as: UTF8.self) : nil
    }

    // MARK: Encoding again

    private mutating func reencoding(of outcome: BatchOutcome) -> Result<Reencoding, ReencodeFailure> {
        let key = Key(destination: outcome.destination, batch: outcome.batchID)
        if let known = remade[key] { return known }
        let result = encodeAgain(outcome)
        remade[key] = result
        return result
    }

    private func encodeAgain(_ outcome: BatchOutcome) -> Result<Reencoding, ReencodeFailure> {
        guard overviews[outcome.destination] != nil else {
            return .failure(ReencodeFailure("\(outcome.destination) is not configured any more"))
        }
        do {
            return .success(try service.reencode(outcome, try entries(of: outcome)))
        } catch let failure as ReencodeFailure {
            return .failure(failure)
        } catch {
            return .failure(ReencodeFailure("the request could not be made again: \(error)"))
        }
    }

    /// The batch's events, from the log or, where it has forgotten one, from its dead letter.
    private func entries(of outcome: BatchOutcome) throws -> [LogEntry] {
        try outcome.members.map { member in
            if let entry = try service.log.entry(member.seq) { return entry }
            let dead = try service.state.deadLetters(for: member.seq)
            if let record = dead.first?.record, !record.isEmpty {
                return LogEntry(seq: member.seq, record: record, plan: Plan())
            }
            throw ReencodeFailure(
                "seq:\(member.seq), which was encoded in the same call, is no longer in the event log"
            )
        }
    }

    /// What is not as it was when the batch was sent.
    private func difference(_ outcome: BatchOutcome) -> String {
        guard let overview = overviews[outcome.destination] else {
            return "\(outcome.destination) is not configured any more"
        }
        var changes: [String] = []
        if overview.pluginSHA256 != outcome.pluginSHA256 {
            let then = outcome.pluginSHA256.prefix(12)
            changes.append("the plugin file is another one now (then \(then), now \(overview.pluginSHA256.prefix(12)))")
        }
        if overview.configurationFingerprint != outcome.configurationFingerprint {
            changes.append("the configuration of \(outcome.destination) has changed since")
        }
        if service.version != outcome.hostVersion {
            changes.append("relais is another version now (then \(outcome.hostVersion), now \(service.version))")
        }
        guard changes.isEmpty else { return changes.joined(separator: "; ") }
        return "with the same plugin, configuration and event the plugin made another request: it does not depend on "
            + "its inputs alone"
    }
}
