import Foundation
import Logging
import RelaisEvent
import RelaisTestKit
import Synchronization

@testable import RelaisLog

final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/relais-log-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

final class Acknowledgements: LogAcknowledger {
    private struct State {
        var results: [UInt64: Result<[LogOutcome], LogError>] = [:]
        var calls = 0
    }

    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)

    func acknowledge(_ results: [(token: UInt64, result: Result<[LogOutcome], LogError>)]) {
        state.withLock { state in
            state.calls += 1
            for (token, result) in results { state.results[token] = result }
        }
        for _ in results { arrived.signal() }
    }

    var calls: Int { state.withLock { $0.calls } }

    func result(_ token: UInt64) -> Result<[LogOutcome], LogError>? { state.withLock { $0.results[token] } }

    func wait(_ count: Int) -> Bool {
        for _ in 0..<count where arrived.wait(timeout: .now() + 60) == .timedOut { return false }
        return true
    }
}

struct LogHarness {
    let directory = try! TemporaryDirectory()
    let clock = ManualClock()
    var configuration = LogConfiguration()

    init() { configuration.clock = clock }

    var path: String { directory.path + "/log" }

    func open(at path: String? = nil) throws -> SegmentedEventLog {
        try SegmentedEventLog(
            directory: path ?? self.path,
            configuration: configuration,
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            }
        )
    }
}

extension SegmentedEventLog {
    func append(_ submissions: [LogSubmission]) throws -> [LogOutcome] {
        let acknowledgements = Acknowledgements()
        submit(submissions, token: 7, to: acknowledgements)
        guard acknowledgements.wait(1), let result = acknowledgements.result(7) else { throw LogError.closed }
        return try result.get()
    }

    func append(_ submission: LogSubmission) throws -> LogOutcome { try append([submission])[0] }
}

extension MarksFile {
    func newest(_ key: IdentityKey) -> EarlierCopy? {
        var newest: EarlierCopy?
        find(key) { mark in
            newest = mark.copy
            return true
        }
        return newest
    }
}

func makeRecord(id: String, name: String = "purchase", transaction: String? = nil, stub: Bool = false, padding: Int = 0)
    -> [UInt8]
{
    var event = Event()
    event.set(.eventName, name)
    event.set(.eventID, id)
    if let transaction { event.set(.transactionID, transaction) }
    if padding > 0 { event.set(.pageTitle, String(repeating: "x", count: padding)) }
    if stub { event.flags.insert(.stub) }
    return event.record()
}

func entitled(_ names: String...) -> [Decision] { names.map { Decision(destination: $0, outcome: .entitled) } }

func refused(_ names: String...) -> [Decision] {
    names.map { Decision(destination: $0, outcome: .refused, reason: "consent_denied") }
}

func key(_ text: String, window: IdentityKey.Window = .standard, role: IdentityKey.Role = .both) -> IdentityKey {
    IdentityKey([text], window: window, role: role)
}

func submission(
    _ id: String,
    _ decisions: [Decision] = entitled("ga4", "meta"),
    identities: [IdentityKey]? = nil,
    transaction: String? = nil,
    stub: Bool = false,
    padding: Int = 0
) -> LogSubmission {
    LogSubmission(
        record: makeRecord(id: id, transaction: transaction, stub: stub, padding: padding),
        plan: Plan(decisions: decisions),
        identities: identities ?? [key(id)],
        searchTerms: [id] + (transaction.map { [$0] } ?? [])
    )
}

func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<600 {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.05)
    }
    return false
}

struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
