import Foundation
import RelaisEvent
import RelaisTestKit
import Testing

@testable import RelaisLog

@Suite struct DeduplicationTests {
    private let harness = LogHarness()
    private let day: Int64 = 86_400_000

    @Test func aSecondCopyIsADuplicate() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("a")) == .appended(seq: 1))
        #expect(try log.append(submission("a")) == .duplicate(of: 1))
        #expect(log.end == 2)
    }

    @Test func twoPropertiesOnOnePageEachGetTheirs() throws {
        let log = try harness.open()
        defer { log.close() }
        let identities = [key("view")]
        let first = submission("x", entitled("ga4-one") + refused("ga4-two"), identities: identities)
        let second = submission("y", refused("ga4-one") + entitled("ga4-two"), identities: identities)
        #expect(try log.append([first, second]) == [.appended(seq: 1), .appended(seq: 2)])
        let plan = try #require(try log.entry(2)?.plan)
        #expect(plan.copyOf == 1)
        #expect(plan.decision(for: "ga4-one")?.outcome == .hadEarlierCopy)
        #expect(plan.decision(for: "ga4-two")?.outcome == .entitled)
        #expect(try log.append([first, second]) == [.duplicate(of: 2), .duplicate(of: 2)])
    }

    @Test func whatWasRefusedIsDeliveredOnceConsentIsThere() throws {
        let log = try harness.open()
        defer { log.close() }
        let first = submission("a", entitled("ga4") + refused("meta", "tiktok"))
        #expect(try log.append(first) == .appended(seq: 1))
        #expect(try log.append(submission("a", entitled("ga4", "meta") + refused("tiktok"))) == .appended(seq: 2))
        let plan = try #require(try log.entry(2)?.plan)
        #expect(plan.decisions.map(\.outcome) == [.hadEarlierCopy, .entitled, .refused])
        #expect(try log.append(submission("a", entitled("ga4", "meta") + refused("tiktok"))) == .duplicate(of: 2))
        #expect(try log.append(submission("a", entitled("ga4", "meta", "tiktok"))) == .appended(seq: 3))
        #expect(try log.entry(3)?.plan.decisions.map(\.outcome) == [.hadEarlierCopy, .hadEarlierCopy, .entitled])
    }

    @Test func aRefusedFirstCopyLeavesNoMarks() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("a", refused("ga4", "meta"), stub: true)) == .appended(seq: 1))
        #expect(try log.append(submission("a", refused("ga4", "meta"), stub: true)) == .appended(seq: 2))
        #expect(try log.append(submission("a")) == .appended(seq: 3))
        #expect(try log.entry(3)?.plan.copyOf == nil)
        #expect(try log.append(submission("a")) == .duplicate(of: 3))
    }

    @Test func aCopyNobodyMayHaveIsKeptAsAStub() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("a")) == .appended(seq: 1))
        #expect(try log.append(submission("a", refused("ga4", "meta"), stub: true)) == .appended(seq: 2))
        #expect(try log.append(submission("a")) == .duplicate(of: 1))
    }

    @Test func anEventWithoutIdentityIsNeverMerged() throws {
        let log = try harness.open()
        defer { log.close() }
        let alike = submission("a", identities: [])
        #expect(try log.append([alike, alike]) == [.appended(seq: 1), .appended(seq: 2)])
    }

    @Test func aMarkIsFoundByCopiesButIsNoCopyItself() throws {
        let log = try harness.open()
        defer { log.close() }
        let mark = submission("a", entitled("ga4") + refused("meta"), identities: [key("page", role: .mark)])
        #expect(try log.append([mark, mark]) == [.appended(seq: 1), .appended(seq: 2)])
        let again = submission("a", entitled("ga4", "meta"), identities: [key("page", role: .both)])
        #expect(try log.append(again) == .appended(seq: 3))
        #expect(try log.entry(3)?.plan.copyOf == 2)
        #expect(try log.append(again) == .duplicate(of: 3))
    }

    @Test func copiesUnderSeveralIdentitiesAreOneEvent() throws {
        let log = try harness.open()
        defer { log.close() }
        let transaction = key("T1", window: .purchase)
        _ = try log.append(submission("a", entitled("ga4"), identities: [key("a")]))
        _ = try log.append(submission("b", entitled("meta"), identities: [key("b"), transaction]))
        let both = submission("c", entitled("ga4", "meta"), identities: [key("a"), transaction])
        #expect(try log.append(both) == .duplicate(of: 2))
    }

    @Test func marksAreFoundForTheirWindowAndNoLonger() throws {
        var log = try harness.open()
        let purchase = submission("p", identities: [key("p"), key("T", window: .purchase)])
        #expect(try log.append([submission("a"), purchase]) == [.appended(seq: 1), .appended(seq: 2)])
        harness.clock.advance(milliseconds: 2 * day)
        #expect(try log.append(submission("a")) == .duplicate(of: 1))
        harness.clock.advance(milliseconds: 1)
        #expect(try log.append(submission("a")) == .appended(seq: 3))
        #expect(try log.append(submission("q", identities: [key("T", window: .purchase)])) == .duplicate(of: 2))
        harness.clock.advance(milliseconds: 88 * day - 1)
        log.close()
        log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("q", identities: [key("T", window: .purchase)])) == .duplicate(of: 2))
        harness.clock.advance(milliseconds: 1)
        #expect(try log.append(submission("q", identities: [key("T", window: .purchase)])) == .appended(seq: 4))
    }

    @Test func equalFingerprintsOfDifferentIdentitiesAreNoCopies() throws {
        let log = try harness.open()
        defer { log.close() }
        let first = IdentityKey(high: 77, low: 1, window: .standard, role: .both)
        let second = IdentityKey(high: 77, low: 2, window: .standard, role: .both)
        #expect(try log.append(submission("a", identities: [first])) == .appended(seq: 1))
        #expect(try log.append(submission("b", identities: [second])) == .appended(seq: 2))
        #expect(
            try log.append([submission("c", identities: [second]), submission("d", identities: [second])])
                == [.duplicate(of: 2), .duplicate(of: 2)]
        )
    }

    @Test func copiesInOneRequestAndAcrossOneGroupAreFound() throws {
        var harness = harness
        let gate = Gate()
        harness.configuration.commitHook = { _ in gate.pass() }
        let log = try harness.open()
        let acknowledgements = Acknowledgements()
        log.submit([submission("first")], token: 0, to: acknowledgements)
        gate.waitForArrival()
        log.submit([submission("a"), submission("b"), submission("a")], token: 1, to: acknowledgements)
        log.submit([submission("b"), submission("c")], token: 2, to: acknowledgements)
        #expect(acknowledgements.calls == 0)
        gate.open()
        #expect(acknowledgements.wait(3))
        #expect(acknowledgements.result(1) == .success([.appended(seq: 2), .appended(seq: 3), .duplicate(of: 2)]))
        #expect(acknowledgements.result(2) == .success([.duplicate(of: 3), .appended(seq: 4)]))
        #expect(acknowledgements.calls == 2)
        log.close()
    }
}

final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var arrivals = 0
    private var isOpen = false

    func pass() {
        condition.lock()
        arrivals += 1
        condition.broadcast()
        while !isOpen { condition.wait() }
        condition.unlock()
    }

    func waitForArrival() {
        condition.lock()
        while arrivals == 0 { condition.wait() }
        condition.unlock()
    }

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }
}
