import RelaisDelivery
import RelaisEvent
import Synchronization

@testable import RelaisServer

final class RecordedControl: DeliveryControl {
    private let known: [String]
    private let record = Mutex<[String]>([])

    init(known: [String]) { self.known = known }

    var told: [String] { record.withLock { $0 } }

    func pause(_ destination: String, reason: String) async -> Bool {
        tell("pause \(destination): \(reason)", destination)
    }

    func resume(_ destination: String) async -> Bool { tell("resume \(destination)", destination) }

    func replay(_ letters: [ReplayRequest], to destination: String) async -> [UInt64]? {
        let seqs = letters.map(\.seq)
        return tell("replay \(destination): \(seqs)", destination) ? seqs : nil
    }

    func drop(_ seqs: [UInt64], of destination: String) async -> [UInt64]? {
        tell("drop \(destination): \(seqs)", destination) ? seqs : nil
    }

    func reopen(_ seqs: Range<UInt64>, of destination: String, as letters: [DeadLetter]) async -> Bool {
        tell("reopen \(destination): \(seqs) as \(letters.map(\.seq))", destination)
    }

    private func tell(_ words: String, _ destination: String) -> Bool {
        guard known.contains(destination) else { return false }
        record.withLock { $0.append(words) }
        return true
    }
}
