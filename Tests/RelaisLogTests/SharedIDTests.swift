import Foundation
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct SharedIDTests {
    private var harness = LogHarness()
    private let day: Int64 = 86_400_000

    private func copy(
        _ visitor: String?,
        id: String = "1",
        transaction: String? = nil,
        role: IdentityKey.Role = .both,
        _ decisions: [Decision] = entitled("ga4"),
        padding: Int = 0
    ) -> LogSubmission {
        var identity = key(id, role: role)
        if let visitor { identity = identity.owned(by: .visitor, visitor) }
        var identities = [identity]
        if let transaction {
            identities = [
                key(id, role: role).owned(by: .transaction, transaction), key(transaction, window: .purchase),
            ]
        }
        return submission(id, decisions, identities: identities, transaction: transaction, padding: padding)
    }

    @Test func oneIDOfManyVisitorsIsManyEvents() throws {
        let log = try harness.open()
        defer { log.close() }
        for number in 1...50 as ClosedRange<UInt64> {
            #expect(try log.append(copy("visitor \(number)")) == .appended(seq: number))
        }
        #expect(try log.entry(1)?.plan.sharesIDWith == nil)
        #expect(try log.entry(2)?.plan.sharesIDWith == 1)
        #expect(try log.entry(50)?.plan.sharesIDWith == 49)
        #expect(try log.entry(50)?.plan.copyOf == nil)
        #expect(try log.append(copy("visitor 50")) == .duplicate(of: 50))
        #expect(try log.append(copy("visitor 47")) == .duplicate(of: 47))
    }

    @Test func visitorsOfOneRequestAreToldApart() throws {
        let log = try harness.open()
        defer { log.close() }
        let outcomes = try log.append([copy("a"), copy("b"), copy("a"), copy("c"), copy("b")])
        #expect(
            outcomes == [
                .appended(seq: 1), .appended(seq: 2), .duplicate(of: 1), .appended(seq: 3), .duplicate(of: 2),
            ]
        )
        #expect(try log.entry(3)?.plan.sharesIDWith == 2)
    }

    @Test func aCopyThatDoesNotSayWhoseItIsIsACopy() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(copy("a", id: "browser first")) == .appended(seq: 1))
        #expect(try log.append(copy(nil, id: "browser first")) == .duplicate(of: 1))
        #expect(try log.append(copy(nil, id: "server first")) == .appended(seq: 2))
        #expect(try log.append(copy("a", id: "server first")) == .duplicate(of: 2))
    }

    @Test func ofAnIDThatSeveralHaveNoCopyIsGuessed() throws {
        let log = try harness.open()
        defer { log.close() }
        _ = try log.append([copy("a"), copy("b")])
        #expect(try log.append(copy(nil)) == .appended(seq: 3))
        #expect(try log.entry(3)?.plan.sharesIDWith == 2)
    }

    @Test func twoOrdersOfOneVisitorUnderOneIDAreTwo() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(copy("a", transaction: "T-1")) == .appended(seq: 1))
        #expect(try log.append(copy("a", transaction: "T-2")) == .appended(seq: 2))
        #expect(try log.entry(2)?.plan.sharesIDWith == 1)
        #expect(try log.append(copy("b", transaction: "T-1")) == .duplicate(of: 1))
        #expect(try log.append(copy("a", id: "another", transaction: "T-2")) == .duplicate(of: 2))
    }

    @Test func aCopySentAgainAfterConsentIsOneWhateverItsVisitor() throws {
        let log = try harness.open()
        defer { log.close() }
        #expect(try log.append(copy("cookieless", entitled("ga4") + refused("meta"))) == .appended(seq: 1))
        let again = copy("cookie", role: .again, entitled("ga4", "meta"))
        #expect(try log.append(again) == .appended(seq: 2))
        #expect(try log.entry(2)?.plan.copyOf == 1)
        #expect(try log.entry(2)?.plan.sharesIDWith == nil)
        #expect(try log.entry(2)?.plan.decision(for: "ga4")?.outcome == .hadEarlierCopy)
    }

    @Test(arguments: [false, true]) func ownersAreToldApartAcrossSegmentsAndRestarts(isReopened: Bool) throws {
        var harness = harness
        harness.configuration.segmentBytes = 20_000
        var log = try harness.open()
        #expect(try log.append(copy("a", transaction: "T-1")) == .appended(seq: 1))
        #expect(try log.append(copy("b", id: "lead")) == .appended(seq: 2))
        for number in 0..<60 { _ = try log.append(copy("filler", id: "filler \(number)", padding: 2000)) }
        #expect(eventually { log.store.indexes.withLock { $0.count == 1 } })
        #expect(log.statistics.segments > 2)
        if isReopened {
            log.close()
            log = try harness.open()
        }
        defer { log.close() }
        let next = log.end
        #expect(try log.append(copy("b", id: "lead")) == .duplicate(of: 2))
        #expect(try log.append(copy("c", id: "lead")) == .appended(seq: next))
        #expect(try log.entry(next)?.plan.sharesIDWith == 2)
        harness.clock.advance(milliseconds: 10 * day)
        #expect(try log.append(copy("a", id: "reloaded", transaction: "T-1")) == .duplicate(of: 1))
        #expect(try log.append(copy("a", id: "1", transaction: "T-2")) == .appended(seq: next + 1))
        #expect(try log.entry(next + 1)?.plan.sharesIDWith == nil)
    }
}
