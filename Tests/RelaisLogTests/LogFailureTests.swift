import Foundation
import GRDB
import RelaisEvent
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct LogFailureTests {
    private var harness = LogHarness()

    private func failing(_ harness: inout LogHarness) -> Fault {
        let fault = Fault()
        harness.configuration.commitHook = { database in try fault.check(database) }
        return fault
    }

    @Test func aFullDiskRefusesAndTheLogRecoversWhenThereIsSpace() throws {
        var harness = harness
        let fault = failing(&harness)
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("a")) == .appended(seq: 1))
        fault.set(.full)
        let big = submission("b", padding: 60_000)
        #expect(throws: LogError.unavailable("database or disk is full")) { try log.append(big) }
        #expect(log.statistics.failure != nil)
        #expect(log.end == 2)
        #expect(try log.append(submission("a")) == .duplicate(of: 1))
        fault.set(.none)
        #expect(try log.append(big) == .appended(seq: 2))
        #expect(log.statistics.failure == nil)
        #expect(try log.read(from: 1, limit: 9, maxBytes: 1 << 20).entries.map(\.seq) == [1, 2])
    }

    @Test func beyondItsBudgetTheLogRefusesUntilItMayGrow() throws {
        let log = try harness.open()
        defer { log.close() }
        let wanted = Mutex(0)
        log.onRoomWanted { wanted.withLock { $0 += 1 } }
        log.allow(40_000, reason: "no room")
        #expect(try log.append(submission("a")) == .appended(seq: 1))
        #expect(log.refusal == nil)
        #expect(throws: LogError.unavailable("no room")) { try log.append(submission("b", padding: 30_000)) }
        #expect(log.refusal == "no room" && wanted.withLock(\.self) > 0)
        #expect(log.statistics.failure == nil)
        #expect(try log.append(submission("a")) == .duplicate(of: 1))
        log.allow(200_000, reason: "")
        #expect(log.refusal == nil)
        #expect(try log.append(submission("b", padding: 30_000)) == .appended(seq: 2))
        log.allow(0, reason: "full")
        #expect(log.refusal == "full")
        #expect(throws: LogError.unavailable("full")) { try log.append(submission("c")) }
    }

    @Test func aSmallCommitDoesNotHideThatLargeOnesFail() throws {
        var harness = harness
        let fault = failing(&harness)
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append(submission("a", padding: 100_000))
        fault.set(.full)
        #expect(throws: LogError.self) { try log.append(submission("b", padding: 60_000)) }
        log.probe()
        Thread.sleep(forTimeInterval: 0.1)
        #expect(log.refusal == "the event log cannot be written: database or disk is full")
        fault.set(.small)
        #expect(try log.append(submission("c")) == .appended(seq: 2))
        log.probe()
        Thread.sleep(forTimeInterval: 0.1)
        #expect(log.refusal != nil)
        fault.set(.none)
        log.probe()
        #expect(eventually { log.refusal == nil })
        #expect(log.end == 3)
        #expect(try log.append(submission("b", padding: 60_000)) == .appended(seq: 3))
        #expect(try log.read(from: 1, limit: 9, maxBytes: 1 << 20).entries.map(\.seq) == [1, 2, 3])
    }

    @Test func aFailingDiskRefusesAndTheLogRecovers() throws {
        var harness = harness
        let fault = failing(&harness)
        var log = try harness.open()
        #expect(try log.append(submission("a")) == .appended(seq: 1))
        fault.set(.broken)
        for _ in 0..<3 {
            #expect(throws: LogError.self) { try log.append(submission("b")) }
        }
        fault.set(.none)
        #expect(try log.append([submission("b"), submission("a")]) == [.appended(seq: 2), .duplicate(of: 1)])
        log.close()
        log = try harness.open()
        #expect(log.end == 3)
        log.close()
    }

    @Test func aFailedCommitFailsItsDuplicatesTooButNotThoseOfOlderEntries() throws {
        var harness = harness
        let fault = failing(&harness)
        let gate = Gate()
        harness.configuration.commitHook = { database in
            gate.pass()
            try fault.check(database)
        }
        let log = try harness.open()
        defer { log.close() }
        let acknowledgements = Acknowledgements()
        log.submit([submission("old")], token: 0, to: acknowledgements)
        gate.waitForArrival()
        gate.open()
        #expect(acknowledgements.wait(1))
        let second = Gate()
        let slow = Acknowledgements()
        fault.onCheck { second.pass() }
        log.submit([submission("slow")], token: 1, to: slow)
        second.waitForArrival()
        log.submit([submission("new")], token: 2, to: acknowledgements)
        log.submit([submission("new")], token: 3, to: acknowledgements)
        log.submit([submission("old")], token: 4, to: acknowledgements)
        log.submit([submission("old"), submission("new")], token: 5, to: acknowledgements)
        fault.set(.broken)
        second.open()
        #expect(slow.wait(1) && acknowledgements.wait(4))
        for token in [2, 3, 5] as [UInt64] {
            guard case .failure(.unavailable) = acknowledgements.result(token) else {
                Issue.record("token \(token) was acknowledged")
                continue
            }
        }
        #expect(acknowledgements.result(4) == .success([.duplicate(of: 1)]))
        fault.set(.none)
        let next = log.end
        #expect(try log.append(submission("new")) == .appended(seq: next))
    }

    @Test func tooMuchWaitingIsRefusedAtOnce() throws {
        var harness = harness
        harness.configuration.queueEntries = 4
        let gate = Gate()
        harness.configuration.commitHook = { _ in gate.pass() }
        let log = try harness.open()
        let acknowledgements = Acknowledgements()
        log.submit([submission("a"), submission("b")], token: 1, to: acknowledgements)
        gate.waitForArrival()
        log.submit([submission("c"), submission("d")], token: 2, to: acknowledgements)
        log.submit([submission("e")], token: 3, to: acknowledgements)
        #expect(acknowledgements.result(3) == .failure(.overloaded))
        gate.open()
        #expect(acknowledgements.wait(3))
        #expect(acknowledgements.result(2) == .success([.appended(seq: 3), .appended(seq: 4)]))
        #expect(try log.append(submission("e")) == .appended(seq: 5))
        log.close()
    }

    @Test func commitsAreBoundedAndRequestsAreNeverParted() throws {
        var harness = harness
        harness.configuration.commitEntries = 10
        let gate = Gate()
        let commits = Mutex(0)
        harness.configuration.commitHook = { _ in
            gate.pass()
            commits.withLock { $0 += 1 }
        }
        let log = try harness.open()
        let acknowledgements = Acknowledgements()
        log.submit([submission("first")], token: 0, to: acknowledgements)
        gate.waitForArrival()
        for token in 1...6 as ClosedRange<UInt64> {
            log.submit((0..<4).map { submission("\(token)-\($0)") }, token: token, to: acknowledgements)
        }
        log.submit((0..<30).map { submission("big-\($0)") }, token: 7, to: acknowledgements)
        gate.open()
        #expect(acknowledgements.wait(8))
        #expect(commits.withLock(\.self) == 5)
        #expect(acknowledgements.result(7) == .success((26...55).map { .appended(seq: $0) }))
        log.close()
    }

    @Test func aSecondOpeningIsRefusedWithThePath() throws {
        let log = try harness.open()
        let error = #expect(throws: LogOpenError.self) { try harness.open() }
        #expect("\(try #require(error))".contains(harness.path + "/lock"))
        #expect("\(try #require(error))".contains("\(ProcessInfo.processInfo.processIdentifier)"))
        log.close()
        try harness.open().close()
    }

    @Test func aNewerSchemaIsRefusedAndNotTouched() throws {
        let log = try harness.open()
        _ = try log.append(submission("a"))
        log.close()
        let segment = SegmentFile(firstSeq: 1, directory: harness.path)
        let queue = try DatabaseQueue(path: segment.path)
        try queue.write { try $0.execute(sql: "PRAGMA user_version = 2") }
        try queue.close()
        #expect(throws: LogOpenError.newerSchema(path: segment.path, found: 2, supported: 1)) { try harness.open() }
    }

    @Test func aDamagedLastSegmentIsRefusedByName() throws {
        let log = try harness.open()
        _ = try log.append(submission("a"))
        log.close()
        let segment = SegmentFile(firstSeq: 1, directory: harness.path)
        try Data(repeating: 1, count: 5000).write(to: URL(fileURLWithPath: segment.path))
        let error = #expect(throws: LogOpenError.self) { try harness.open() }
        guard case .damaged(segment.path, _) = try #require(error) else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func leftOversOfAnInterruptedCreationAreNoHindrance() throws {
        var log = try harness.open()
        _ = try log.append(submission("a"))
        log.close()
        for name in [
            "00000000000000000002.db.new", "00000000000000000002.db.new-wal", "00000000000000000001.marks.new",
        ] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: harness.path + "/" + name))
        }
        _ = FileManager.default.createFile(atPath: harness.path + "/00000000000000000002.db", contents: nil)
        log = try harness.open()
        #expect(log.end == 2)
        #expect(try log.append(submission("b")) == .appended(seq: 2))
        #expect(try eventually { try !FileSystem.names(in: harness.path).contains { $0.contains(".new") } })
        log.close()
    }
}

final class Fault: Sendable {
    enum Kind: Sendable { case none, small, full, broken }

    private let kind = Mutex(Kind.none)
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    func set(_ new: Kind) { kind.withLock { $0 = new } }

    func onCheck(_ new: @escaping @Sendable () -> Void) { action.withLock { $0 = new } }

    func check(_ database: Database) throws {
        action.withLock(\.self)?()
        switch kind.withLock(\.self) {
        case .none: try database.execute(sql: "PRAGMA max_page_count = 1073741823")
        case .small, .full:
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + (kind.withLock(\.self) == .small ? 4 : 0))")
        case .broken: throw DatabaseError(resultCode: .SQLITE_IOERR, message: "disk I/O error")
        }
    }
}
