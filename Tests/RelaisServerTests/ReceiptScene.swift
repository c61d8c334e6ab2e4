import RelaisDelivery
import RelaisEvent
import RelaisTestKit
import Synchronization

@testable import RelaisServer

final class MemoryLog: SearchableLog {
    let entries = Mutex<[LogEntry]>([])
    let terms = Mutex<[String: [UInt64]]>([:])

    func add(_ event: Event, _ plan: Plan, terms found: [String] = []) -> UInt64 {
        let seq = entries.withLock { entries in
            let seq = UInt64(entries.count + 1)
            entries.append(LogEntry(seq: seq, record: event.record(), plan: plan))
            return seq
        }
        terms.withLock { terms in for term in found { terms[term, default: []].insert(seq, at: 0) } }
        return seq
    }

    func forget(_ seq: UInt64) { entries.withLock { $0.removeAll { $0.seq == seq } } }

    func submit(_ submissions: [LogSubmission], token: UInt64, to acknowledger: any LogAcknowledger) {
        acknowledger.acknowledge([(token, .failure(.closed))])
    }

    func read(from seq: UInt64, limit: Int, maxBytes: Int) throws(LogError) -> (entries: [LogEntry], next: UInt64) {
        let found = entries.withLock { entries in Array(entries.filter { $0.seq >= seq }.prefix(limit)) }
        return (found, found.last.map { $0.seq + 1 } ?? end)
    }

    func entry(_ seq: UInt64) throws(LogError) -> LogEntry? { entries.withLock { $0.first { $0.seq == seq } } }

    func find(_ term: String, limit: Int) throws(LogError) -> [UInt64] {
        terms.withLock { Array(($0[term] ?? []).prefix(limit)) }
    }

    func search(_ search: EventSearch) throws(LogError) -> EventSearchResult {
        let found = entries.withLock { entries in
            entries.reversed().filter { $0.seq < search.before ?? .max && search.matches($0.record) }
        }
        let page = Array(found.prefix(search.limit))
        return EventSearchResult(entries: page, next: page.count < found.count ? page.last?.seq : nil)
    }

    func newest(limit: Int) throws(LogError) -> [LogEntry] {
        entries.withLock { $0.reversed().prefix(limit).map(\.self) }
    }

    var end: UInt64 { entries.withLock { ($0.last?.seq ?? 0) + 1 } }
    var start: UInt64 { entries.withLock { $0.first?.seq ?? 1 } }
    var refusal: String? { nil }

    func position(acceptedSince micros: Int64, from seq: UInt64) throws(LogError) -> UInt64 { seq }

    func observe(_ observer: @escaping @Sendable (UInt64) -> Void) {}
}

final class MemoryState: DeliveryState {
    let outcomes = Mutex<[BatchOutcome]>([])
    let letters = Mutex<[DeadLetter]>([])
    let ranges = Mutex<[DeadLetterRange]>([])
    let waiting = Mutex<[(destination: String, exception: DeliveryException)]>([])
    let flushes = Atomic<Int>(0)

    func progress(of destination: String, initialCursor: UInt64) throws -> DestinationProgress {
        DestinationProgress(cursor: initialCursor)
    }

    func apply(_ changes: [DeliveryStateChange]) {}
    func flush() throws { flushes.wrappingAdd(1, ordering: .relaxed) }

    func outcomes(for seq: UInt64) throws -> [BatchOutcome] {
        outcomes.withLock { $0.filter { $0.members.contains { $0.seq == seq } } }
    }

    func deadLetters(destination: String?, limit: Int) throws -> [DeadLetter] {
        letters.withLock { Array($0.filter { destination == nil || $0.destination == destination }.prefix(limit)) }
    }

    func deadLetters(for seq: UInt64) throws -> [DeadLetter] { letters.withLock { $0.filter { $0.seq == seq } } }

    func deadLetterCounts() throws -> [String: Int] { [:] }

    func deadLetter(of destination: String, seq: UInt64) throws -> DeadLetter? {
        letters.withLock { $0.first { $0.destination == destination && $0.seq == seq } }
    }

    func deadLetters(_ filter: DeadLetterFilter, before: Int64?, limit: Int, withRecords: Bool) throws
        -> [StoredDeadLetter]
    {
        let stored = letters.withLock { letters in
            letters.enumerated().map { number, kept in
                var letter = kept
                if !withRecords { letter.record = [] }
                let isReplaying = waiting.withLock { waiting in
                    waiting.contains { $0.destination == letter.destination && $0.exception.seq == letter.seq }
                }
                return StoredDeadLetter(
                    number: Int64(number + 1),
                    letter: letter,
                    hasRecord: !kept.record.isEmpty,
                    isReplaying: isReplaying
                )
            }
        }
        return Array(stored.reversed().filter { $0.passes(filter) && $0.number < before ?? .max }.prefix(limit))
    }

    func deadLetterCounts(_ filter: DeadLetterFilter) throws -> [DeadLetterCount] {
        let found = try deadLetters(filter, before: nil, limit: .max, withRecords: false)
        let groups = Dictionary(grouping: found) { [$0.letter.destination, $0.letter.reason] }
        return groups.map { DeadLetterCount(destination: $0[0], reason: $0[1], count: $1.count) }
            .sorted { $0.count > $1.count }
    }

    func deadRanges(destination: String?, limit: Int) throws -> [DeadLetterRange] { ranges.withLock { $0 } }

    func deadRanges(containing seq: UInt64) throws -> [DeadLetterRange] {
        ranges.withLock { $0.filter { $0.seqs.contains(seq) } }
    }

    func deadRangeCounts() throws -> [String: UInt64] { [:] }

    func exceptions(for seq: UInt64) throws -> [(destination: String, exception: DeliveryException)] {
        waiting.withLock { $0.filter { $0.exception.seq == seq } }
    }

    func storeConfiguration(fingerprint: String, text: String) throws {}
    func configuration(fingerprint: String) throws -> String? { nil }
}

final class ReceiptScene: Sendable {
    static let secret = "token-0123456789"
    static let sent = Int64(1_795_445_369_500)

    let log = MemoryLog()
    let state = MemoryState()
    let overviews = Mutex<[DestinationOverview]>([
        ReceiptScene.overview("ga4", isConfirming: false), ReceiptScene.overview("meta"),
    ])
    let reencodeFailure = Mutex<String?>(nil)
    /// What the plugin says when a batch is encoded again.
    let diagnostics = Mutex<[PluginDiagnostic]>([])

    static func overview(
        _ name: String,
        isConfirming: Bool = true,
        status state: DestinationStatus.State = .active,
        cursor: UInt64 = 1,
        until: Int64? = nil
    ) -> DestinationOverview {
        DestinationOverview(
            status: DestinationStatus(
                id: name,
                state: state,
                reason: state == .active ? "" : "http_503",
                detail: "",
                until: until,
                cursor: cursor,
                lag: 3,
                inFlight: 2,
                delivered: 10,
                retrying: 1,
                parked: 0,
                dead: 4
            ),
            plugin: name,
            pluginVersion: "1.0.0",
            pluginSHA256: String(repeating: "a", count: 64),
            configurationFingerprint: "configuration-1",
            restarts: 0,
            isConfirming: isConfirming
        )
    }

    var service: ReceiptService {
        ReceiptService(
            version: "0.1.0",
            log: log,
            state: state,
            destinations: { self.overviews.withLock { $0 } },
            reencode: { outcome, entries in
                if let reason = self.reencodeFailure.withLock({ $0 }) { throw ReencodeFailure(reason) }
                return Reencoding(
                    requests: [try Self.request(outcome.destination, entries)],
                    diagnostics: self.diagnostics.withLock { $0 }
                )
            },
            secrets: { _ in [Self.secret] },
            digest: Digest.sha256,
            clock: ManualClock()
        )
    }

    func receipt(_ reference: String) throws -> Receipt { try ReceiptBuilder(service: service).receipt(of: reference) }

    static func request(_ destination: String, _ entries: [LogEntry]) throws -> PlannedRequest {
        let ids = try entries.map { try Event(record: $0.record).string(.eventID) ?? "" }
        return PlannedRequest(
            request: HTTPRequest(
                method: "POST",
                url: "https://\(destination).example/v1?token=\(secret)",
                headers: [.init(name: "Content-Type", value: "text/plain")],
                body: Array(ids.joined(separator: ",").utf8),
                isIdempotent: true
            ),
            events: Array(entries.indices),
            note: []
        )
    }

    static func event(_ name: String, id: String, transaction: String? = nil, site: String = "shop") -> Event {
        var event = Event()
        event.set(.eventName, name)
        event.set(.eventID, id)
        event.set(.site, site)
        event.set(.source, "web")
        event.set(.client, "gtag")
        event.set(.receivedMicros, integer: 1_795_445_369_000_000)
        event.set(.timestampMicros, integer: 1_795_445_368_000_000)
        if let transaction { event.set(.transactionID, transaction) }
        return event
    }

    static func plan(_ outcomes: [(String, Decision.Outcome)], copyOf: UInt64? = nil) -> Plan {
        Plan(
            decisions: outcomes.map { name, outcome in
                outcome == .refused
                    ? Decision(
                        destination: name,
                        outcome: outcome,
                        reason: "consent_denied",
                        detail: "ad_storage is denied"
                    )
                    : Decision(destination: name, outcome: outcome)
            },
            copyOf: copyOf
        )
    }

    @discardableResult
    func accept(
        _ event: Event,
        _ outcomes: [(String, Decision.Outcome)] = [("ga4", .entitled), ("meta", .entitled)],
        copyOf: UInt64? = nil
    ) -> UInt64 {
        let terms = [event.string(.eventID), event.string(.transactionID)].compactMap(\.self)
        return log.add(event, Self.plan(outcomes, copyOf: copyOf), terms: terms)
    }

    func record(
        _ destination: String,
        _ seqs: [UInt64],
        _ verdict: Verdict = Verdict(.delivered),
        batch: UInt64 = 7,
        attempt: Int = 1,
        at time: Int64 = ReceiptScene.sent,
        status: Int = 200,
        transport: TransportError = .none,
        answer: String = "",
        fingerprint: String = "configuration-1"
    ) throws {
        let entries = try seqs.compactMap { try log.entry($0) }
        let sent = try Self.request(destination, entries).request.maskedForm(secrets: [Self.secret])
        let members = seqs.map { seq in
            BatchOutcome.Member(seq: seq, attempt: attempt, sendAs: nil, withholdsUserData: false, verdict: verdict)
        }
        let request = BatchOutcome.Request(
            members: Array(seqs.indices),
            sha256: Digest.sha256(Array(sent.utf8)),
            transport: transport,
            status: status,
            elapsedMilliseconds: 35,
            answer: Array(answer.utf8)
        )
        let outcome = BatchOutcome(
            destination: destination,
            batchID: batch,
            now: time,
            seed: 1,
            finished: time + 35,
            pluginSHA256: String(repeating: "a", count: 64),
            hostVersion: "0.1.0",
            configurationFingerprint: fingerprint,
            members: members,
            requests: [request]
        )
        state.outcomes.withLock { $0.append(outcome) }
    }

    func bury(_ destination: String, _ seq: UInt64, reason: String, at time: Int64 = ReceiptScene.sent + 100) throws {
        let record = try log.entry(seq)?.record ?? []
        state.letters.withLock {
            $0.append(
                DeadLetter(
                    destination: destination,
                    seq: seq,
                    eventID: "id-\(seq)",
                    eventName: "purchase",
                    at: time,
                    attempts: 1,
                    reason: reason,
                    detail: "the vendor said no",
                    record: record
                )
            )
        }
    }
}

extension StoredDeadLetter {
    fileprivate func passes(_ filter: DeadLetterFilter) -> Bool {
        letter.destination == filter.destination ?? letter.destination
            && letter.reason == filter.reason ?? letter.reason
            && letter.eventName == filter.eventName ?? letter.eventName
            && letter.eventID == filter.eventID ?? letter.eventID && letter.seq == filter.seq ?? letter.seq
            && letter.at >= filter.since ?? .min && letter.at < filter.until ?? .max
            && (!filter.isRetriable || hasRecord) && (!(filter.isRetriable || filter.isWaiting) || !isReplaying)
    }
}
