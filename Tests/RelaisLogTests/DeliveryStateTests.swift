import Foundation
import GRDB
import Logging
import RelaisEvent
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct DeliveryStateTests {
    private let directory = try! TemporaryDirectory()
    private var configuration = StateConfiguration()
    private var path: String { directory.path + "/relais.db" }

    private func open(_ configuration: StateConfiguration? = nil, at path: String? = nil) throws -> SQLiteDeliveryState
    {
        try SQLiteDeliveryState(
            path: path ?? self.path,
            configuration: configuration ?? self.configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func letter(_ seq: UInt64, _ destination: String = "meta", reason: String = "invalid") -> DeadLetter {
        DeadLetter(
            destination: destination,
            seq: seq,
            eventID: "e\(seq)",
            eventName: "purchase",
            at: 5,
            attempts: 2,
            reason: reason,
            detail: "why",
            record: [1, 2, 3]
        )
    }

    private func exception(_ seq: UInt64, parkedUnder key: String = "") -> DeliveryException {
        DeliveryException(
            seq: seq,
            attempts: 3,
            notBefore: 1000,
            firstAttempt: 900,
            parkedUnder: key,
            reason: "server_error",
            detail: "500",
            done: key.isEmpty ? [] : ["rule:1", "rule:2"]
        )
    }

    private func outcome(_ batchID: UInt64, _ seqs: [UInt64]) -> BatchOutcome {
        var outcome = OutcomeCodingTests.outcome
        outcome.batchID = batchID
        outcome.members = seqs.map {
            .init(seq: $0, attempt: 1, sendAs: nil, withholdsUserData: false, verdict: Verdict(.delivered))
        }
        return outcome
    }

    @Test func aNewDestinationBeginsAtTheGivenCursorAndKeepsIt() throws {
        var state = try open()
        #expect(try state.progress(of: "meta", initialCursor: 40) == DestinationProgress(cursor: 40))
        state.close()
        state = try open()
        #expect(try state.progress(of: "meta", initialCursor: 99) == DestinationProgress(cursor: 40))
        state.close()
    }

    @Test func everythingHandedOverComesBackAfterReopening() throws {
        var state = try open()
        let pause = DestinationPause(cause: .authStop, until: .max, reason: "expired", detail: "token")
        state.apply([
            .progress(destination: "meta", cursor: 10, completed: [12..<14, 20..<25]),
            .exception(destination: "meta", exception(7, parkedUnder: "rule")),
            .exception(destination: "meta", exception(5)),
            .exception(destination: "ga4", exception(5)),
            .pause(destination: "meta", pause),
            .deadLetter(letter(3)),
            .outcome(outcome(1, [1, 2, 3])),
        ])
        try state.storeConfiguration(fingerprint: "f1", text: "{}")
        state.close()
        state = try open()
        defer { state.close() }
        let expected = DestinationProgress(
            cursor: 10,
            completed: [12..<14, 20..<25],
            exceptions: [exception(5), exception(7, parkedUnder: "rule")],
            pause: pause
        )
        #expect(try state.progress(of: "meta", initialCursor: 1) == expected)
        #expect(try state.exceptions(for: 5).map(\.destination) == ["ga4", "meta"])
        #expect(try state.exceptions(for: 5).map(\.exception) == [exception(5), exception(5)])
        #expect(try state.deadLetters(for: 3) == [letter(3)])
        #expect(try state.outcomes(for: 2) == [outcome(1, [1, 2, 3])])
        #expect(try state.configuration(fingerprint: "f1") == "{}")
        #expect(try state.configuration(fingerprint: "f2") == nil)
    }

    @Test func changesOverwriteOneAnotherInTheOrderGiven() throws {
        let state = try open()
        defer { state.close() }
        state.apply([.progress(destination: "a", cursor: 5, completed: []), .exception(destination: "a", exception(4))])
        state.apply([.pause(destination: "a", DestinationPause(cause: .hold, until: 9, reason: "r", detail: ""))])
        state.apply([.exceptionEnded(destination: "a", seq: 4), .pause(destination: "a", nil)])
        state.apply([.exception(destination: "a", exception(6)), .progress(destination: "a", cursor: 8, completed: [])])
        try state.flush()
        #expect(
            try state.progress(of: "a", initialCursor: 1)
                == DestinationProgress(cursor: 8, completed: [], exceptions: [exception(6)], pause: nil)
        )
    }

    @Test func changesAreOnDiskSoonWithoutAFlush() throws {
        let state = try open()
        defer { state.close() }
        let begun = Date()
        state.apply([.deadLetter(letter(1))])
        #expect(try eventually { try state.deadLetters(for: 1).count == 1 })
        #expect(Date().timeIntervalSince(begun) < 5)
    }

    @Test func deadLettersAreCountedListedNewestFirstAndNotDoubled() throws {
        let state = try open()
        defer { state.close() }
        state.apply([.deadLetter(letter(1)), .deadLetter(letter(2)), .deadLetter(letter(2, "ga4"))])
        state.apply([.deadLetter(letter(1, reason: "expired"))])
        try state.flush()
        #expect(try state.deadLetterCounts() == ["meta": 2, "ga4": 1])
        #expect(try state.deadLetters(destination: "meta", limit: 9).map(\.seq) == [1, 2])
        #expect(try state.deadLetters(destination: nil, limit: 2) == [letter(1, reason: "expired"), letter(2, "ga4")])
        #expect(try state.deadLetters(for: 2).count == 2)
    }

    @Test func deadLettersAreFilteredPagedAndCountedByReason() throws {
        let state = try open()
        defer { state.close() }
        var lost = letter(9)
        lost.record = []
        var late = letter(4, reason: "expired")
        late.at = 90
        late.eventName = "refund"
        var replay = exception(2)
        replay.isReplay = true
        state.apply([
            .progress(destination: "meta", cursor: 10, completed: []),
            .deadLetter(letter(1)), .deadLetter(letter(2)), .deadLetter(letter(3, "ga4")), .deadLetter(late),
            .deadLetter(lost), .exception(destination: "meta", replay),
        ])
        try state.flush()
        func seqs(_ change: (inout DeadLetterFilter) -> Void) throws -> [UInt64] {
            var filter = DeadLetterFilter()
            change(&filter)
            return try state.deadLetters(filter, before: nil, limit: 9, withRecords: false).map(\.letter.seq)
        }
        #expect(try seqs { _ in } == [9, 4, 3, 2, 1])
        #expect(try seqs { $0.destination = "meta" } == [9, 4, 2, 1])
        #expect(try seqs { $0.reason = "expired" } == [4])
        #expect(try seqs { $0.eventName = "refund" } == [4])
        #expect(try seqs { $0.eventID = "e3" } == [3])
        #expect(try seqs { $0.seq = 1 } == [1])
        #expect(try seqs { $0.since = 6 } == [4])
        #expect(try seqs { $0.until = 6 } == [9, 3, 2, 1])
        #expect(try seqs { $0.isWaiting = true } == [9, 4, 3, 1])
        #expect(try seqs { $0.isRetriable = true } == [4, 3, 1])
        let page = try state.deadLetters(DeadLetterFilter(), before: nil, limit: 2, withRecords: true)
        #expect(page.map(\.letter) == [lost, late])
        #expect(page.map(\.hasRecord) == [false, true])
        let rest = try state.deadLetters(DeadLetterFilter(), before: page[1].number, limit: 9, withRecords: true)
        #expect(rest.map(\.letter.seq) == [3, 2, 1])
        #expect(rest.map(\.isReplaying) == [false, true, false])
        #expect(
            try state.deadLetterCounts(DeadLetterFilter()) == [
                DeadLetterCount(destination: "meta", reason: "invalid", count: 3),
                DeadLetterCount(destination: "ga4", reason: "invalid", count: 1),
                DeadLetterCount(destination: "meta", reason: "expired", count: 1),
            ]
        )
        #expect(try state.deadLetterCounts() == ["meta": 3, "ga4": 1])
        #expect(try state.deadLetter(of: "ga4", seq: 3) == letter(3, "ga4"))
        #expect(try state.deadLetter(of: "ga4", seq: 1) == nil)
        #expect(try state.progress(of: "meta", initialCursor: 1).exceptions == [replay])
        state.apply([.deadLetterEnded(destination: "meta", seq: 1)])
        try state.flush()
        #expect(try seqs { $0.destination = "meta" } == [9, 4, 2])
    }

    @Test func deadLettersKeepWhatThePlanSaid() throws {
        let state = try open()
        defer { state.close() }
        var letter = letter(1)
        letter.sendAs = "Lead"
        letter.withholdsUserData = true
        state.apply([.deadLetter(letter)])
        try state.flush()
        #expect(try state.deadLetters(for: 1) == [letter])
    }

    @Test(arguments: [PingConsent(), PingConsent(granted: [.adStorage])])
    func deadLettersOfPingsStayPings(ping: PingConsent) throws {
        let state = try open()
        defer { state.close() }
        var letter = letter(1)
        letter.withholdsUserData = true
        letter.ping = ping
        state.apply([.deadLetter(letter)])
        try state.flush()
        #expect(try state.deadLetters(for: 1) == [letter])
        #expect(letter.entry.plan.decisions.first?.ping == ping)
    }

    private func range(_ seqs: Range<UInt64>, _ destination: String = "meta", at: Int64 = 5) -> DeadLetterRange {
        DeadLetterRange(destination: destination, seqs: seqs, at: at, reason: .expired, detail: "too old")
    }

    @Test func deadRangesThatTouchAreOneAndSurviveReopening() throws {
        var state = try open()
        state.apply([.deadRange(range(10..<20)), .deadRange(range(30..<40)), .deadRange(range(10..<20, "ga4"))])
        state.apply([.deadRange(range(20..<30, at: 9)), .deadRange(range(50..<60))])
        state.close()
        state = try open()
        defer { state.close() }
        #expect(
            try state.deadRanges(destination: "meta", limit: 9) == [range(50..<60), range(10..<40, at: 9)]
        )
        #expect(try state.deadRanges(destination: nil, limit: 2).map(\.destination) == ["meta", "meta"])
        #expect(try state.deadRanges(containing: 19).map(\.destination).sorted() == ["ga4", "meta"])
        #expect(try state.deadRanges(containing: 40).isEmpty)
        #expect(try state.deadRangeCounts() == ["meta": 40, "ga4": 10])
    }

    @Test func rangesOfAnotherReasonStayApart() throws {
        let state = try open()
        defer { state.close() }
        var shed = range(20..<30)
        shed.reason = .shed
        state.apply([.deadRange(range(10..<20)), .deadRange(shed)])
        try state.flush()
        #expect(try state.deadRanges(destination: "meta", limit: 9) == [shed, range(10..<20)])
    }

    @Test func entriesAreTakenOutOfDeadRanges() throws {
        let state = try open()
        defer { state.close() }
        state.apply([.deadRange(range(10..<40)), .deadRange(range(50..<60)), .deadRange(range(10..<40, "ga4"))])
        state.apply([.deadRangeEnded(destination: "meta", seqs: 20..<55)])
        try state.flush()
        #expect(
            try state.deadRanges(destination: "meta", limit: 9).map(\.seqs).sorted { $0.lowerBound < $1.lowerBound }
                == [10..<20, 55..<60]
        )
        #expect(try state.deadRangeCounts() == ["meta": 15, "ga4": 30])
        state.apply([.deadRangeEnded(destination: "meta", seqs: 0..<1000)])
        try state.flush()
        #expect(try state.deadRangeCounts() == ["ga4": 30])
    }

    @Test func needsAreEachDestinationsCursorAndWhatWaitsByItself() throws {
        let state = try open()
        defer { state.close() }
        state.apply([
            .progress(destination: "meta", cursor: 90, completed: []),
            .progress(destination: "ga4", cursor: 120, completed: []),
            .exception(destination: "meta", exception(31, parkedUnder: "rule")),
            .exception(destination: "meta", exception(7)),
        ])
        try state.flush()
        let needs = try state.needs().sorted { $0.destination < $1.destination }
        #expect(
            needs == [
                DestinationNeeds(destination: "ga4", cursor: 120),
                DestinationNeeds(destination: "meta", cursor: 90, exceptions: [7, 31]),
            ]
        )
        #expect(needs[1].includes(30..<40) && !needs[1].includes(32..<90) && needs[1].includes(32..<91))
    }

    @Test func outcomesOfTrimmedEntriesAndOldDeadLettersGoAndTheFileShrinks() throws {
        let state = try open()
        defer { state.close() }
        let big = [UInt8](repeating: 7, count: 20_000)
        for seq in 1...600 as ClosedRange<UInt64> {
            var letter = letter(seq)
            letter.record = big
            letter.at = Int64(seq)
            state.apply([.deadLetter(letter), .outcome(outcome(seq, [seq]))])
        }
        try state.flush()
        let before = try state.pages()
        let trimmed = try state.trim(StateTrim(firstSeq: 501, deadBefore: 301, maximumDeadLetters: 50))
        #expect(trimmed == StateTrimmed(outcomes: 500, deadLetters: 550))
        #expect(try state.outcomes(for: 500).isEmpty && state.outcomes(for: 501).count == 1)
        #expect(try state.deadLetterCounts() == ["meta": 50])
        #expect(try state.deadLetters(for: 551).count == 1)
        #expect(try state.pages() < before - 1000)
        #expect(try state.trim(StateTrim(firstSeq: 501, deadBefore: 301, maximumDeadLetters: 50)) == StateTrimmed())
    }

    @Test func outcomesAreFoundByEachMemberAndByNoOther() throws {
        let state = try open()
        defer { state.close() }
        state.apply([
            .outcome(outcome(1, [1, 500, 100_000])), .outcome(outcome(2, [500, 501])), .outcome(outcome(3, [])),
        ])
        try state.flush()
        #expect(try state.outcomes(for: 1).map(\.batchID) == [1])
        #expect(try state.outcomes(for: 500).map(\.batchID) == [1, 2])
        #expect(try state.outcomes(for: 100_000).map(\.batchID) == [1])
        #expect(try state.outcomes(for: 502).isEmpty)
        #expect(try state.outcomes(for: 2).isEmpty)
    }

    @Test func theOldestOutcomesGiveWay() throws {
        var configuration = configuration
        configuration.maximumOutcomes = 50
        let state = try open(configuration)
        defer { state.close() }
        for batch in 1...400 as ClosedRange<UInt64> {
            state.apply([.outcome(outcome(batch, [batch, batch + 1000]))])
            if batch % 40 == 0 { try state.flush() }
        }
        try state.flush()
        #expect(try state.outcomes(for: 351).map(\.batchID) == [351])
        #expect(try state.outcomes(for: 350).isEmpty)
        let (rows, blocks) = try state.reader.unsafeRead { database in
            (
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM outcomes"),
                try Int.fetchOne(database, sql: "SELECT COUNT(DISTINCT outcome) FROM outcome_blocks")
            )
        }
        #expect(rows == 50 && blocks == 50)
    }

    @Test func aFailingDiskKeepsChangesAndTheirOrder() throws {
        let fault = Fault()
        var configuration = configuration
        configuration.commitHook = { try fault.check($0) }
        let state = try open(configuration)
        defer { state.close() }
        #expect(try state.progress(of: "a", initialCursor: 1).cursor == 1)
        fault.set(.broken)
        state.apply([.exception(destination: "a", exception(4))])
        state.apply([.progress(destination: "a", cursor: 5, completed: [])])
        #expect(throws: StateError.unavailable("disk I/O error")) { try state.flush() }
        #expect(state.failure != nil)
        state.apply([.exceptionEnded(destination: "a", seq: 4), .progress(destination: "a", cursor: 9, completed: [])])
        fault.set(.none)
        #expect(eventually { state.failure == nil })
        try state.flush()
        #expect(try state.progress(of: "a", initialCursor: 1) == DestinationProgress(cursor: 9))
    }

    @Test func aFullDiskIsRetriedUntilThereIsSpace() throws {
        let fault = Fault()
        var configuration = configuration
        configuration.commitHook = { try fault.check($0) }
        let state = try open(configuration)
        defer { state.close() }
        fault.set(.full)
        var big = letter(1)
        big.record = [UInt8](repeating: 7, count: 200_000)
        state.apply([.deadLetter(big)])
        #expect(throws: StateError.unavailable("database or disk is full")) { try state.flush() }
        #expect(try state.deadLetters(for: 1).isEmpty)
        fault.set(.none)
        #expect(try eventually { try state.deadLetters(for: 1) == [big] })
    }

    @Test func whatIsKeptInMemoryIsBounded() throws {
        let fault = Fault()
        var configuration = configuration
        configuration.commitHook = { try fault.check($0) }
        configuration.backlogBytes = 100_000
        let state = try open(configuration)
        #expect(try state.progress(of: "a", initialCursor: 1).cursor == 1)
        fault.set(.broken)
        for cursor in 2...3000 as ClosedRange<UInt64> {
            state.apply([
                .progress(destination: "a", cursor: cursor, completed: []),
                .exception(destination: "a", exception(cursor)),
            ])
        }
        #expect(state.failure == .overflowed)
        fault.set(.none)
        #expect(throws: StateError.overflowed) { try state.flush() }
        state.close()
        let reopened = try open()
        let progress = try reopened.progress(of: "a", initialCursor: 1)
        #expect(progress.cursor > 1 && progress.cursor < 3000)
        #expect(progress.exceptions.map(\.seq) == Array(2...progress.cursor))
        reopened.close()
    }

    @Test func outcomesAreGivenUpBeforeAnythingElse() {
        var backlog = StateBacklog(maximumCost: 20_000)
        var isTaken = true
        for seq in 1...60 as ClosedRange<UInt64> {
            isTaken = backlog.append([.outcome(outcome(seq, [seq])), .exceptionEnded(destination: "a", seq: seq)])
        }
        #expect(isTaken && !backlog.isOverflowed && backlog.droppedOutcomes > 0)
        let taken = backlog.take()
        #expect(taken.count == 60)
        backlog.putBack(taken)
        #expect(backlog.groups.count == 60)
        backlog.finish(backlog.take())
        #expect(backlog.cost == 0)
    }

    @Test func whatWasFlushedIsThereAfterTheProcessIsGone() throws {
        let state = try open()
        defer { state.close() }
        state.apply([.progress(destination: "a", cursor: 77, completed: [80..<81])])
        try state.flush()
        let copy = directory.path + "/copy.db"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        let reopened = try open(at: copy)
        #expect(
            try reopened.progress(of: "a", initialCursor: 1) == DestinationProgress(cursor: 77, completed: [80..<81])
        )
        reopened.close()
    }

    @Test func theFileIsLockedPrivateAndOfAKnownSchema() throws {
        let state = try open()
        #expect(throws: LogOpenError.self) { try open() }
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
        state.close()
        let queue = try DatabaseQueue(path: path)
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 3") }
        try queue.close()
        #expect(throws: LogOpenError.newerSchema(path: path, found: 3, supported: 2)) { try open() }
        try Data(repeating: 3, count: 8192).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: LogOpenError.self) { try open() }
        guard case .damaged(path, _) = try #require(error) else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func manyThreadsHandOverWithoutLoss() throws {
        let state = try open()
        defer { state.close() }
        let group = DispatchGroup()
        for thread in 0..<4 as Range<UInt64> {
            DispatchQueue.global().async(group: group) {
                for index in 0..<200 as Range<UInt64> {
                    state.apply([.deadLetter(letter(thread * 1000 + index, "d\(thread)"))])
                    if index % 50 == 0 { try? state.flush() }
                }
            }
        }
        group.wait()
        try state.flush()
        #expect(try state.deadLetterCounts() == ["d0": 200, "d1": 200, "d2": 200, "d3": 200])
    }
}

extension SQLiteDeliveryState {
    fileprivate func pages() throws -> Int {
        try database.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    }
}
