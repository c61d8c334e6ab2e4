import Foundation
import RelaisEvent
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct EventLogTests {
    private var harness = LogHarness()

    @Test func entriesAreNumberedFromOneAndReadBack() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(log.end == 1 && log.start == 1)
        #expect(try log.append([submission("a"), submission("b")]) == [.appended(seq: 1), .appended(seq: 2)])
        #expect(try log.append(submission("c")) == .appended(seq: 3))
        #expect(log.end == 4)
        let (entries, next) = try log.read(from: 2, limit: 10, maxBytes: 1 << 20)
        #expect(entries.map(\.seq) == [2, 3] && next == 4)
        #expect(entries[0].record == makeRecord(id: "b"))
        #expect(try log.entry(3)?.plan == Plan(decisions: entitled("ga4", "meta")))
        #expect(try log.entry(4) == nil && log.entry(0) == nil)
        #expect(try log.newest(limit: 2).map(\.seq) == [3, 2])
        let (none, end) = try log.read(from: 4, limit: 10, maxBytes: 1 << 20)
        #expect(none.isEmpty && end == 4)
    }

    @Test(arguments: [32 << 20, 1]) func everythingIsThereAfterReopening(tailBytes: Int) throws {
        var harness = harness
        harness.configuration.tailBytes = tailBytes
        var log = try harness.open()
        for round in 0..<20 {
            _ = try log.append((0..<7).map { submission("\(round)-\($0)", transaction: "t\(round)-\($0)") })
        }
        log.close()
        log = try harness.open()
        defer { log.close() }
        #expect(log.end == 141)
        let (entries, next) = try log.read(from: 1, limit: 1000, maxBytes: 1 << 30)
        #expect(entries.map(\.seq) == Array(1...140) && next == 141)
        #expect(entries[139].record == makeRecord(id: "19-6", transaction: "t19-6"))
        #expect(try log.find("t3-2", limit: 5) == [24])
        #expect(try log.newest(limit: 9).map(\.seq) == Array((132...140).reversed()))
        #expect(try log.append(submission("3-2")) == .duplicate(of: 24))
        #expect(try log.append(submission("new")) == .appended(seq: 141))
    }

    @Test func limitsOfAReadHoldAndNextContinuesIt() throws {
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append((0..<50).map { submission("\($0)", padding: 1000) })
        let byCount = try log.read(from: 1, limit: 7, maxBytes: 1 << 20)
        #expect(byCount.entries.map(\.seq) == Array(1...7) && byCount.next == 8)
        let byBytes = try log.read(from: 8, limit: 100, maxBytes: 5000)
        #expect((4...5).contains(byBytes.entries.count) && byBytes.next == 8 + UInt64(byBytes.entries.count))
        let tiny = try log.read(from: 3, limit: 100, maxBytes: 1)
        #expect(tiny.entries.map(\.seq) == [3] && tiny.next == 4)
        #expect(try log.read(from: 3, limit: 0, maxBytes: 1).next == 3)
    }

    @Test func stubsAreLeftOutOfReadsButNotOfNewest() throws {
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append([
            submission("a"), submission("b", refused("ga4"), stub: true), submission("c", refused("ga4"), stub: true),
        ])
        let (entries, next) = try log.read(from: 1, limit: 10, maxBytes: 1 << 20)
        #expect(entries.map(\.seq) == [1] && next == 4)
        #expect(try log.newest(limit: 10).map(\.seq) == [3, 2, 1])
        #expect(try log.entry(2)?.plan.decisions.first?.reason == "consent_denied")
    }

    @Test func searchTermsFindOnlyEntriesThatBearThem() throws {
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append([
            submission("a", identities: []), submission("a", identities: []), submission("b", transaction: "T-1"),
        ])
        var wrong = submission("c")
        wrong.searchTerms = ["not its own"]
        _ = try log.append(wrong)
        #expect(try log.find("a", limit: 10) == [2, 1])
        #expect(try log.find("a", limit: 1) == [2])
        #expect(try log.find("T-1", limit: 10) == [3])
        #expect(try log.find("not its own", limit: 10) == [])
        #expect(try log.find("absent", limit: 10) == [])
    }

    @Test func observersHearOfEveryCommit() throws {
        let log = try harness.open()
        let heard = Mutex<[UInt64]>([])
        log.observe { end in heard.withLock { $0.append(end) } }
        _ = try log.append([submission("a"), submission("b")])
        _ = try log.append(submission("a"))
        _ = try log.append(submission("c"))
        log.close()
        #expect(heard.withLock(\.self) == [3, 4])
    }

    @Test func aClosedLogTakesAndGivesNothing() throws {
        let log = try harness.open()
        _ = try log.append(submission("a"))
        log.close()
        log.close()
        #expect(throws: LogError.closed) { try log.append(submission("b")) }
        #expect(throws: LogError.closed) { try log.read(from: 1, limit: 1, maxBytes: 1) }
    }

    @Test func closingCommitsWhatWasSubmitted() throws {
        let log = try harness.open()
        let acknowledgements = Acknowledgements()
        for token in 0..<200 as Range<UInt64> {
            log.submit([submission("e\(token)")], token: token, to: acknowledgements)
        }
        log.close()
        #expect(log.end == 201)
        for token in 0..<200 as Range<UInt64> {
            guard case .success = acknowledgements.result(token) else {
                Issue.record("token \(token) was not acknowledged")
                continue
            }
        }
    }

    @Test func filesAreForTheirOwnerOnly() throws {
        let log = try harness.open()
        _ = try log.append(submission("a"))
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: harness.path) {
            let attributes = try manager.attributesOfItem(atPath: harness.path + "/" + name)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
        let attributes = try manager.attributesOfItem(atPath: harness.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        log.close()
    }
}
