import Foundation
import RelaisEvent
import Testing

@testable import RelaisLog

@Suite(.serialized) struct LogPerformanceTests {
    private let harness = LogHarness()

    private func submissions(_ range: Range<Int>, padding: Int) -> [LogSubmission] {
        range.map { submission("event-\($0)", identities: [key("id \($0)")], transaction: "t\($0)", padding: padding) }
    }

    @Test func aHundredThousandEntriesOpenQuickly() throws {
        var log = try harness.open()
        for round in 0..<200 { _ = try log.append(submissions(round * 500..<round * 500 + 500, padding: 600)) }
        log.close()
        let begun = Date()
        log = try harness.open()
        let elapsed = Date().timeIntervalSince(begun)
        print("reopened 100,000 entries in \(Int(elapsed * 1000)) ms")
        #expect(log.end == 100_001)
        #expect(elapsed < 20)
        #expect(try log.append(submissions(77_777..<77_778, padding: 0)) == [.duplicate(of: 77_778)])
        log.close()
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["RELAIS_LOG_BENCH"] != nil))
    func throughputInGroupsOf64() throws {
        let count = Int(ProcessInfo.processInfo.environment["RELAIS_LOG_BENCH"] ?? "") ?? 200_000
        let groups = stride(from: 0, to: count, by: 64).map { submissions($0..<$0 + 64, padding: 850) }
        var log = try harness.open()
        let acknowledgements = Acknowledgements()
        let (wall, cpu) = measured {
            for (token, group) in groups.enumerated() {
                if token >= 2 { #expect(acknowledgements.wait(1)) }
                log.submit(group, token: UInt64(token), to: acknowledgements)
            }
            #expect(acknowledgements.wait(2))
        }
        let entries = Double(groups.count * 64)
        print("append: \(Int(entries / wall)) entries/s, \(round(cpu / entries * 1e8) / 100) µs CPU an entry")
        let readTime = try measured {
            var seq: UInt64 = 1
            while seq < log.end { seq = try log.read(from: seq, limit: 500, maxBytes: 1 << 20).next }
        }
        print("read: \(Int(entries / readTime.wall)) entries/s, \(round(readTime.cpu / entries * 1e8) / 100) µs CPU")
        let duplicates = try measured { for group in groups.suffix(300) { _ = try log.append(group) } }
        print("duplicates: \(round(duplicates.cpu / Double(300 * 64) * 1e8) / 100) µs CPU each")
        log.close()
        let opening = try measured { log = try harness.open() }
        print(
            "reopened \(Int(entries)) entries in \(Int(opening.wall * 1000)) ms, segments: \(log.statistics.segments)"
        )
        log.close()
    }

    private func measured(_ body: () throws -> Void) rethrows -> (wall: Double, cpu: Double) {
        let begun = (Date(), clock())
        try body()
        return (Date().timeIntervalSince(begun.0), Double(clock() - begun.1) / Double(CLOCKS_PER_SEC))
    }
}
