import Foundation
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct EventSearchTests {
    private static let hash = String(repeating: "ab", count: 32)
    private let harness = LogHarness()
    private static let otherHash = String(repeating: "cd", count: 32)

    private static let base = ManualClock().nowMicros()

    private func record(_ number: Int, received: Int64, identifiers: [UserIdentifier] = []) -> LogSubmission {
        var event = Event()
        event.set(.eventName, number % 10 == 0 ? "purchase" : "page_view")
        event.set(.eventID, "e\(number)")
        event.set(.clientID, "client-\(number % 7)")
        event.set(.site, number % 2 == 0 ? "shop" : "blog")
        event.set(.receivedMicros, integer: received)
        event.set(.pageTitle, String(repeating: "x", count: 500))
        event.userData = identifiers
        return LogSubmission(
            record: event.record(),
            plan: Plan(decisions: entitled("meta")),
            identities: [key("e\(number)")],
            searchTerms: ["e\(number)"]
        )
    }

    private func identifiers(_ number: Int) -> [UserIdentifier] {
        guard number % 50 == 0 else { return [] }
        return [
            UserIdentifier(kind: .email, recipe: "lower", value: Self.hash, group: 0),
            UserIdentifier(kind: .email, recipe: "google", value: Self.hash, group: 0),
            UserIdentifier(kind: .gender, recipe: "meta", value: Self.otherHash, group: 0),
        ]
    }

    private func filled(segments: Bool) throws -> SegmentedEventLog {
        var harness = harness
        if segments { harness.configuration.segmentBytes = 60_000 }
        let log = try harness.open()
        for start in stride(from: 1, to: 401, by: 20) {
            harness.clock.advance(milliseconds: 20_000)
            _ = try log.append(
                (start..<start + 20).map {
                    record($0, received: Self.base + Int64(start) * 1_000_000, identifiers: identifiers($0))
                }
            )
        }
        return log
    }

    private func all(_ log: SegmentedEventLog, limit: Int = 50, _ change: (inout EventSearch) -> Void) throws
        -> [UInt64]
    {
        var search = EventSearch()
        search.limit = limit
        change(&search)
        var found: [UInt64] = []
        repeat {
            let page = try log.search(search)
            found += page.entries.map(\.seq)
            search.before = page.next
        } while search.before != nil
        return found
    }

    @Test(arguments: [false, true])
    func findsByClientIdentifierNameSiteAndId(segments: Bool) throws {
        let log = try filled(segments: segments)
        defer { log.close() }
        if segments {
            #expect(log.statistics.segments > 3)
            #expect(eventually { log.store.indexes.withLock(\.count) == 1 })
        }
        let everything = Array((1...400).reversed()).map(UInt64.init)
        #expect(try all(log) { $0.clientID = "client-3" } == everything.filter { $0 % 7 == 3 })
        #expect(try all(log, limit: 3) { $0.clientID = "client-3" } == everything.filter { $0 % 7 == 3 })
        #expect(try all(log) { $0.identifiers = [Self.otherHash, Self.hash] } == everything.filter { $0 % 50 == 0 })
        #expect(try all(log) { $0.identifiers = [Self.otherHash] } == [])
        #expect(try all(log) { $0.eventName = "purchase" } == everything.filter { $0 % 10 == 0 })
        #expect(
            try all(log) {
                $0.eventName = "purchase"
                $0.site = "blog"
            } == []
        )
        #expect(try all(log) { $0.id = "e77" } == [77])
        #expect(
            try all(log) {
                $0.id = "e77"
                $0.clientID = "client-1"
            } == []
        )
        #expect(try all(log) { $0.clientID = "nobody" } == [])
    }

    @Test(arguments: [false, true])
    func findsByTheTimeOfReceipt(segments: Bool) throws {
        let log = try filled(segments: segments)
        defer { log.close() }
        let found = try all(log) {
            $0.since = Self.base + 101_000_000
            $0.until = Self.base + 141_000_000
        }
        #expect(found == (101...140).reversed().map(UInt64.init))
        #expect(try all(log) { $0.since = Self.base + 1_000_000_000 } == [])
        #expect(try all(log) { $0.until = 0 } == [])
    }

    @Test func looksAtABoundedPartAndSaysWhereToGoOn() throws {
        let log = try filled(segments: false)
        defer { log.close() }
        var search = EventSearch()
        search.clientID = "nobody"
        search.effort = 100
        let first = try log.search(search)
        #expect(first.entries.isEmpty && first.next == 301)
        search.before = first.next
        search.effort = 1000
        #expect(try log.search(search).next == nil)
    }

    @Test func stubsAreFoundByNameAlone() throws {
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append(submission("gone", refused("meta"), stub: true))
        #expect(try all(log) { $0.eventName = "purchase" } == [1])
    }
}
