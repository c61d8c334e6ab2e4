import GRDB
import RelaisEvent
import Synchronization
import Testing

@testable import RelaisLog

@Suite struct LogObserverTests {
    private final class Heard: LogObserver {
        struct State {
            var commits: [[LogEntry]] = []
            var failures = 0
        }

        let state = Mutex(State())

        func committed(_ entries: [LogEntry], microseconds: UInt64) {
            state.withLock { $0.commits.append(entries) }
        }

        func commitFailed() { state.withLock { $0.failures += 1 } }
    }

    @Test func hearsOfCommitsWithThePlansThatWereStored() throws {
        var harness = LogHarness()
        let heard = Heard()
        harness.configuration.observer = heard
        let log = try harness.open()
        _ = try log.append([submission("a", entitled("ga4")), submission("b")])
        _ = try log.append(submission("a"))
        _ = try log.append(submission("a"))
        log.close()
        let commits = heard.state.withLock { $0.commits }
        #expect(commits.map(\.count) == [2, 1])
        let outcomes = commits.last?.first?.plan.decisions.map(\.outcome)
        #expect(outcomes == [.hadEarlierCopy, .entitled])
    }

    @Test func hearsOfCommitsThatFailed() throws {
        var harness = LogHarness()
        let heard = Heard()
        harness.configuration.observer = heard
        harness.configuration.commitHook = { _ in throw DatabaseError(resultCode: .SQLITE_IOERR) }
        let log = try harness.open()
        #expect(throws: LogError.self) { try log.append(submission("a")) }
        log.close()
        #expect(heard.state.withLock { $0.failures } == 1)
        #expect(heard.state.withLock { $0.commits.isEmpty })
    }
}
