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

    private func tell(_ words: String, _ destination: String) -> Bool {
        guard known.contains(destination) else { return false }
        record.withLock { $0.append(words) }
        return true
    }
}
