import Foundation
import GRDB
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct SegmentTests {
    private var harness = LogHarness()

    init() {
        harness.configuration.segmentBytes = 20_000
        harness.configuration.tailBytes = 1
    }

    private func fill(_ log: SegmentedEventLog, _ range: Range<Int>) throws {
        for round in range {
            _ = try log.append(
                (0..<5).map { submission("e\(round * 5 + $0)", transaction: "t\(round * 5 + $0)", padding: 500) }
            )
        }
    }

    private func names(_ suffix: String) throws -> [String] {
        try FileSystem.names(in: harness.path).filter { $0.hasSuffix(suffix) }
    }

    private func sealed(_ log: SegmentedEventLog) -> Bool {
        eventually { log.store.indexes.withLock { $0.count == 1 } }
    }

    @Test func fullSegmentsAreSealedAndReadOnAcross() throws {
        let log = try harness.open()
        defer { log.close() }
        try fill(log, 0..<40)
        #expect(sealed(log))
        #expect(log.statistics.segments > 3)
        #expect(try names(".marks").count == log.statistics.segments - 1)
        var seq: UInt64 = 1
        var seen: [UInt64] = []
        while seq < log.end {
            let (entries, next) = try log.read(from: seq, limit: 7, maxBytes: 1 << 20)
            seen += entries.map(\.seq)
            seq = next
        }
        #expect(seen == Array(1...200))
        #expect(try log.newest(limit: 300).map(\.seq) == Array((1...200).reversed()))
        for index in [0, 57, 199] {
            #expect(try log.find("e\(index)", limit: 3) == [UInt64(index + 1)])
            #expect(try log.find("t\(index)", limit: 3) == [UInt64(index + 1)])
            #expect(try log.append(submission("e\(index)")) == .duplicate(of: UInt64(index + 1)))
        }
    }

    @Test func sealedSegmentsLeaveNoWriteAheadLog() throws {
        let log = try harness.open()
        defer { log.close() }
        try fill(log, 0..<20)
        #expect(sealed(log))
        let first = SegmentFile(firstSeq: 1, directory: harness.path)
        #expect(FileSystem.size(first.path + "-wal") == 0)
    }

    @Test func reopeningFindsSealedAndOpenSegments() throws {
        var log = try harness.open()
        try fill(log, 0..<20)
        #expect(sealed(log))
        log.close()
        log = try harness.open()
        defer { log.close() }
        #expect(log.end == 101 && log.start == 1)
        #expect(try log.append(submission("e0")) == .duplicate(of: 1))
        #expect(try log.append(submission("e99")) == .duplicate(of: 100))
        try fill(log, 20..<40)
        #expect(try log.read(from: 95, limit: 10, maxBytes: 1 << 20).entries.map(\.seq) == Array(95...104))
    }

    @Test(arguments: [true, false]) func aLostOrBrokenMarksFileIsMadeAgain(isLost: Bool) throws {
        var log = try harness.open()
        try fill(log, 0..<20)
        #expect(sealed(log))
        log.close()
        let marks = SegmentFile(firstSeq: 1, directory: harness.path).marksPath
        if isLost {
            try FileManager.default.removeItem(atPath: marks)
        } else {
            try Data("rotten".utf8).write(to: URL(fileURLWithPath: marks))
        }
        log = try harness.open()
        defer { log.close() }
        #expect(try log.append(submission("e3")) == .duplicate(of: 4))
        #expect(try log.find("e3", limit: 1) == [4])
        #expect(sealed(log))
        #expect(try MarksFile(path: marks).newest(key("e3"))?.seq == 4)
        #expect(try log.append(submission("e3")) == .duplicate(of: 4))
        #expect(try log.find("e3", limit: 1) == [4])
    }

    @Test func removedSegmentsLeaveTheirMarks() throws {
        var log = try harness.open()
        try fill(log, 0..<40)
        #expect(sealed(log))
        let before = log.statistics.segments
        let second = try #require(log.store.segments.withLock { $0.dropFirst().first })
        #expect(try log.remove(segments: [2]) == 0)
        #expect(try log.remove(segments: [1]) == 1)
        #expect(log.start == second.firstSeq && log.statistics.segments == before - 1)
        #expect(try log.entry(1) == nil)
        #expect(try log.read(from: 1, limit: 2, maxBytes: 1 << 20).entries.first?.seq == second.firstSeq)
        #expect(try log.append(submission("e0")) == .duplicate(of: 1))
        #expect(try log.remove(segments: Array(1...200)) == before - 2)
        #expect(log.statistics.segments == 1)
        log.close()
        log = try harness.open()
        #expect(try log.append(submission("e0")) == .duplicate(of: 1))
        harness.clock.advance(milliseconds: 49 * 3_600_000)
        #expect(try log.append(submission("e0")) == .appended(seq: 201))
        try log.remove(segments: [])
        #expect(try !names(".marks").contains { $0.hasPrefix(SegmentFile.stem(1)) })
        log.close()
    }

    @Test func aSegmentInTheMiddleCanBeRemoved() throws {
        var log = try harness.open()
        try fill(log, 0..<40)
        #expect(sealed(log))
        let facts = try log.segmentFacts()
        #expect(facts.dropLast().allSatisfy { $0.isSealed && $0.bytes > 10_000 })
        #expect(facts.last?.isSealed == false)
        #expect(zip(facts, facts.dropFirst()).allSatisfy { $0.endSeq == $1.firstSeq })
        let middle = facts[1]
        #expect(try log.remove(segments: [middle.firstSeq]) == 1)
        log.close()
        log = try harness.open()
        defer { log.close() }
        #expect(log.start == 1)
        #expect(try log.segmentFacts()[0].endSeq == middle.firstSeq)
        #expect(try log.entry(middle.firstSeq) == nil)
        let (entries, next) = try log.read(from: middle.firstSeq - 1, limit: 2, maxBytes: 1 << 20)
        #expect(entries.map(\.seq) == [middle.firstSeq - 1, middle.endSeq] && next == middle.endSeq + 1)
        #expect(try log.append(submission("e\(middle.firstSeq - 1)")) == .duplicate(of: middle.firstSeq))
    }

    @Test func theFirstEntryAcceptedSinceATimeIsFoundAcrossSegments() throws {
        let log = try harness.open()
        defer { log.close() }
        var times: [Int64] = []
        for round in 0..<40 {
            try fill(log, round..<round + 1)
            times.append(harness.clock.nowMicros())
            harness.clock.advance(milliseconds: 1000)
        }
        #expect(sealed(log))
        #expect(log.statistics.segments > 3)
        for (round, time) in times.enumerated() {
            #expect(try log.position(acceptedSince: time, from: 1) == UInt64(round * 5 + 1))
            #expect(try log.position(acceptedSince: time, from: 83) == max(83, UInt64(round * 5 + 1)))
            #expect(try log.position(acceptedSince: time + 1, from: 1) == UInt64(round * 5 + 6))
        }
        #expect(try log.position(acceptedSince: .min, from: 7) == 7)
        #expect(try log.position(acceptedSince: .max, from: 7) == log.end)
    }

    @Test func marksBeyondTheCapAreLeftOutAndCounted() throws {
        var harness = harness
        harness.configuration.marksBytes = 3000
        let log = try harness.open()
        defer { log.close() }
        try fill(log, 0..<40)
        #expect(sealed(log))
        #expect(log.statistics.droppedMarks > 0)
        #expect(try log.append(submission("e0")) == .appended(seq: 201))
        #expect(try log.append(submission("e199")) == .duplicate(of: 200))
    }

    @Test func aDamagedOldSegmentIsLeftOutOfReads() throws {
        var log = try harness.open()
        try fill(log, 0..<40)
        #expect(sealed(log))
        let second = try #require(log.store.segments.withLock { $0.dropFirst().first })
        let third = try #require(log.store.segments.withLock { $0.dropFirst(2).first })
        log.close()
        try Data(repeating: 0x5A, count: 9000).write(to: URL(fileURLWithPath: second.path))
        log = try harness.open()
        defer { log.close() }
        let (entries, next) = try log.read(from: second.firstSeq, limit: 1, maxBytes: 1 << 20)
        #expect(entries.map(\.seq) == [third.firstSeq] && next == third.firstSeq + 1)
        #expect(try log.entry(1)?.seq == 1)
        #expect(try log.newest(limit: 1).map(\.seq) == [200])
    }

    @Test func aRowThatCannotBeReadIsLeftOutAndCounted() throws {
        var log = try harness.open()
        try fill(log, 0..<3)
        log.close()
        let first = SegmentFile(firstSeq: 1, directory: harness.path)
        let queue = try first.openWriter()
        try queue.write { try $0.execute(sql: "UPDATE commits SET data = x'010203' WHERE first_seq = 6") }
        try queue.close()
        log = try harness.open()
        defer { log.close() }
        #expect(
            try log.read(from: 1, limit: 100, maxBytes: 1 << 20).entries.map(\.seq) == Array(1...5) + Array(11...15)
        )
        #expect(try log.entry(7) == nil)
        #expect(log.statistics.unreadable >= 5)
    }
}
