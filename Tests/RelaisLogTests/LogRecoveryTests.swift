import Foundation
import RelaisEvent
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct LogRecoveryTests {
    private let harness = LogHarness()

    private func copyOfFiles(named name: String) throws -> String {
        let copy = harness.directory.path + "/" + name
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for file in try FileSystem.names(in: harness.path) where file != "lock" && !file.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: harness.path + "/" + file, toPath: copy + "/" + file)
        }
        return copy
    }

    @Test func whatWasAcknowledgedIsThereAfterTheProcessIsGone() throws {
        let log = try harness.open()
        defer { log.close() }
        for round in 0..<30 { _ = try log.append((0..<3).map { submission("\(round)-\($0)") }) }
        let copy = try harness.open(at: copyOfFiles(named: "crashed"))
        defer { copy.close() }
        #expect(copy.end == 91)
        #expect(try copy.read(from: 1, limit: 100, maxBytes: 1 << 20).entries.map(\.seq) == Array(1...90))
        #expect(try copy.append(submission("29-2")) == .duplicate(of: 90))
        #expect(try copy.find("7-1", limit: 1) == [23])
    }

    @Test func aTornWriteAheadLogLosesWholeCommitsFromItsEndOnly() throws {
        let log = try harness.open()
        for round in 0..<12 { _ = try log.append((0..<3).map { submission("\(round)-\($0)", padding: 900) }) }
        let crashed = try copyOfFiles(named: "whole")
        log.close()
        let wal = "/00000000000000000001.db-wal"
        let whole = try Data(contentsOf: URL(fileURLWithPath: crashed + wal))
        var ends: Set<UInt64> = []
        for cut in stride(from: 0, through: whole.count, by: 1733) {
            try Data(whole.prefix(cut)).write(to: URL(fileURLWithPath: crashed + wal))
            let reopened = try harness.open(at: crashed)
            ends.insert(reopened.end)
            #expect((reopened.end - 1) % 3 == 0)
            #expect(try reopened.read(from: 1, limit: 99, maxBytes: 1 << 20).entries.count == Int(reopened.end) - 1)
            #expect(try reopened.append(submission("after")) == .appended(seq: reopened.end - 1))
            reopened.close()
            try FileManager.default.removeItem(atPath: crashed)
            try FileManager.default.createDirectory(atPath: crashed, withIntermediateDirectories: true)
            _ = try SegmentFile(firstSeq: 1, directory: crashed).create()
        }
        #expect(ends.count > 8)
    }

    @Test func fourSubmittersAndTwoReadersAgree() throws {
        var harness = harness
        harness.configuration.segmentBytes = 400_000
        harness.configuration.tailBytes = 60_000
        harness.configuration.checkpointBytes = 100_000
        let log = try harness.open()
        let appended = Mutex<Set<UInt64>>([])
        let duplicates = Mutex(0)
        let perThread = 250
        let group = DispatchGroup()
        for submitter in 0..<4 {
            DispatchQueue.global().async(group: group) {
                for round in 0..<perThread {
                    let submissions = [
                        submission("own-\(submitter)-\(round)", padding: 300),
                        submission("shared-\(round)", padding: 300),
                    ]
                    for outcome in (try? log.append(submissions)) ?? [] {
                        switch outcome {
                        case .appended(let seq, _): appended.withLock { _ = $0.insert(seq) }
                        case .duplicate: duplicates.withLock { $0 += 1 }
                        }
                    }
                }
            }
        }
        let total = UInt64(perThread * 5)
        let readings = Mutex<[[UInt64]]>([])
        for _ in 0..<2 {
            DispatchQueue.global().async(group: group) {
                var seq: UInt64 = 1
                var seen: [UInt64] = []
                let deadline = Date(timeIntervalSinceNow: 120)
                while seq <= total, Date() < deadline {
                    guard let (entries, next) = try? log.read(from: seq, limit: 13, maxBytes: 1 << 16) else { continue }
                    seen += entries.map(\.seq)
                    if next == seq { Thread.sleep(forTimeInterval: 0.001) }
                    seq = next
                }
                readings.withLock { $0.append(seen) }
            }
        }
        group.wait()
        #expect(log.end == total + 1)
        #expect(appended.withLock(\.self) == Set(1...total))
        #expect(duplicates.withLock(\.self) == perThread * 3)
        #expect(readings.withLock(\.self) == [Array(1...total), Array(1...total)])
        log.close()
    }
}
