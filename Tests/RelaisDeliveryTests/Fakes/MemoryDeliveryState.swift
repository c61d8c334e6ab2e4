import RelaisEvent
import Synchronization

final class MemoryDeliveryState: DeliveryState {
    private let states: Mutex<[String: RecordedState]> = Mutex([:])

    subscript(destination: String) -> RecordedState { states.withLock { $0[destination] ?? RecordedState() } }

    func progress(of destination: String, initialCursor: UInt64) throws -> DestinationProgress {
        states.withLock { $0[destination]?.resumed ?? DestinationProgress(cursor: initialCursor) }
    }

    func apply(_ changes: [DeliveryStateChange]) {
        states.withLock { states in
            for change in changes { states[Self.destination(of: change), default: RecordedState()].apply([change]) }
        }
    }

    private static func destination(of change: DeliveryStateChange) -> String {
        switch change {
        case .progress(let destination, _, _), .exception(let destination, _), .exceptionEnded(let destination, _),
            .pause(let destination, _), .deadLetterEnded(let destination, _), .deadRangeEnded(let destination, _):
            destination
        case .deadLetter(let letter): letter.destination
        case .deadRange(let range): range.destination
        case .outcome(let outcome): outcome.destination
        }
    }

    func flush() throws {}

    func outcomes(for seq: UInt64) throws -> [BatchOutcome] {
        states.withLock { states in
            states.values.flatMap(\.outcomes).filter { $0.members.contains { $0.seq == seq } }
        }
    }

    func deadLetters(destination: String?, limit: Int) throws -> [DeadLetter] {
        states.withLock { states in
            Array(states.filter { destination == nil || $0.key == destination }.values.flatMap(\.dead).prefix(limit))
        }
    }

    func deadLetters(for seq: UInt64) throws -> [DeadLetter] {
        states.withLock { $0.values.flatMap(\.dead).filter { $0.seq == seq } }
    }

    func deadLetter(of destination: String, seq: UInt64) throws -> DeadLetter? {
        self[destination].dead.first { $0.seq == seq }
    }

    func deadLetters(_ filter: DeadLetterFilter, before: Int64?, limit: Int, withRecords: Bool) throws
        -> [StoredDeadLetter]
    { [] }

    func deadLetterCounts(_ filter: DeadLetterFilter) throws -> [DeadLetterCount] { [] }

    func deadLetterCounts() throws -> [String: Int] { states.withLock { $0.mapValues(\.dead.count) } }

    func deadRanges(destination: String?, limit: Int) throws -> [DeadLetterRange] {
        states.withLock { states in
            Array(states.filter { destination == nil || $0.key == destination }.values.flatMap(\.ranges).prefix(limit))
        }
    }

    func deadRanges(containing seq: UInt64) throws -> [DeadLetterRange] {
        try deadRanges(destination: nil, limit: .max).filter { $0.seqs.contains(seq) }
    }

    func deadRangeCounts() throws -> [String: UInt64] {
        states.withLock { $0.mapValues { $0.ranges.reduce(0) { $0 + $1.count } } }
    }

    func exceptions(for seq: UInt64) throws -> [(destination: String, exception: DeliveryException)] {
        states.withLock { states in
            states.compactMap { name, state in state.exceptions[seq].map { (name, $0) } }
        }
    }

    func storeConfiguration(fingerprint: String, text: String) throws {}
    func configuration(fingerprint: String) throws -> String? { nil }
}
