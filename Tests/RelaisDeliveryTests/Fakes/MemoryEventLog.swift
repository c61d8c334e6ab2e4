import RelaisEvent
import Synchronization

final class MemoryEventLog: EventLog {
    private struct State {
        var entries: [LogEntry] = []
        var observers: [@Sendable (UInt64) -> Void] = []
        var firstYoung: UInt64 = 1
        var start: UInt64 = 1
    }

    private let state = Mutex(State())

    func append(isHeard: Bool = true, _ make: (UInt64) -> LogEntry) {
        let (end, observers) = state.withLock { state in
            state.entries.append(make(UInt64(state.entries.count + 1)))
            return (UInt64(state.entries.count + 1), isHeard ? state.observers : [])
        }
        for observer in observers { observer(end) }
    }

    func submit(_ submissions: [LogSubmission], token: UInt64, to acknowledger: any LogAcknowledger) {
        for submission in submissions {
            append { LogEntry(seq: $0, record: submission.record, plan: submission.plan) }
        }
    }

    func read(from seq: UInt64, limit: Int, maxBytes: Int) throws(LogError) -> (entries: [LogEntry], next: UInt64) {
        state.withLock { state in
            var size = 0
            var found: [LogEntry] = []
            for entry in state.entries.dropFirst(Int(seq) - 1) where found.count < limit && size < maxBytes {
                size += entry.record.count
                found.append(entry)
            }
            return (found, seq + UInt64(found.count))
        }
    }

    func entry(_ seq: UInt64) throws(LogError) -> LogEntry? {
        state.withLock { state in
            state.entries.indices.contains(Int(seq) - 1) ? state.entries[Int(seq) - 1] : nil
        }
    }

    func find(_ term: String, limit: Int) throws(LogError) -> [UInt64] { [] }
    func newest(limit: Int) throws(LogError) -> [LogEntry] { state.withLock { $0.entries.suffix(limit).reversed() } }
    var end: UInt64 { state.withLock { UInt64($0.entries.count + 1) } }
    var start: UInt64 { state.withLock(\.start) }
    var refusal: String? { nil }

    func position(acceptedSince micros: Int64, from seq: UInt64) throws(LogError) -> UInt64 {
        max(seq, state.withLock(\.firstYoung))
    }

    func trim(below seq: UInt64) { state.withLock { $0.start = seq } }

    func age(below seq: UInt64) { state.withLock { $0.firstYoung = seq } }

    func observe(_ observer: @escaping @Sendable (UInt64) -> Void) { state.withLock { $0.observers.append(observer) } }
}
