import Foundation
import Logging
import NIOCore
import NIOPosix
import RelaisConfig
import RelaisEvent
import RelaisTestKit
import Synchronization

@testable import RelaisServer

/// A collector on a port of its own, with a log that takes everything.
enum CollectorScene {
    static func generation(_ configuration: String) throws -> CollectorGeneration {
        let directory = try TemporaryDirectory()
        let path = try directory.write(configuration, to: "relais.yaml")
        return try CollectorGeneration(
            configuration: try ConfigurationLoader.load(path: path, environment: [:]),
            manifests: ["all": PluginManifest(id: "all", name: "all", version: "1")],
            tls: nil
        )
    }

    /// `body` runs on a thread of its own, for it blocks.
    static func run(
        _ configuration: String,
        _ body: @escaping @Sendable (Int, AcceptingLog) throws -> Void
    ) async throws {
        let log = AcceptingLog()
        let scripts = GoogleScriptService(logger: Logger(label: "test"))
        let service = CollectorService(log: log, ring: RejectionRing(), googleScripts: scripts)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = CollectorServer(
            service: service,
            group: group,
            generation: try generation(configuration),
            clock: SystemClock()
        )
        service.readiness.started()
        let channel = try await server.start(host: "127.0.0.1", port: 0)
        let port = channel.localAddress?.port ?? 0
        let result = await onThread { try body(port, log) }
        try await channel.close().get()
        await server.quiesce(within: .milliseconds(100))
        scripts.close()
        try await group.shutdownGracefully()
        try result.get()
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> Void) async -> Result<Void, any Error> {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: Result { try body() }) }.start()
        }
    }
}

final class AcceptingLog: EventLog {
    private let taken = Mutex<[LogSubmission]>([])
    private let failure = Mutex<LogError?>(nil)

    func fail(_ error: LogError?) { failure.withLock { $0 = error } }

    var submissions: [LogSubmission] { taken.withLock(\.self) }

    func submit(_ submissions: [LogSubmission], token: UInt64, to acknowledger: any LogAcknowledger) {
        if let error = failure.withLock(\.self) { return acknowledger.acknowledge([(token, .failure(error))]) }
        let first = taken.withLock { taken in
            taken += submissions
            return taken.count - submissions.count + 1
        }
        let outcomes = submissions.enumerated().map { index, submission in
            LogOutcome.appended(
                seq: UInt64(first + index),
                tells: submission.plan.browserRequests.filter(\.decision.isEntitled).map(\.decision.destination)
            )
        }
        acknowledger.acknowledge([(token, .success(outcomes))])
    }

    func read(from seq: UInt64, limit: Int, maxBytes: Int) throws(LogError) -> (entries: [LogEntry], next: UInt64) {
        ([], seq)
    }
    func entry(_ seq: UInt64) throws(LogError) -> LogEntry? { nil }
    func find(_ term: String, limit: Int) throws(LogError) -> [UInt64] { [] }
    func newest(limit: Int) throws(LogError) -> [LogEntry] { [] }
    var end: UInt64 { UInt64(submissions.count + 1) }
    var start: UInt64 { 1 }
    var refusal: String? { failure.withLock { $0.map(\.description) } }
    func position(acceptedSince micros: Int64, from seq: UInt64) throws(LogError) -> UInt64 { seq }
    func observe(_ observer: @escaping @Sendable (UInt64) -> Void) {}
}
