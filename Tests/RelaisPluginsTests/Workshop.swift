import Foundation
import Logging
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisPlugins

struct WorkshopError: Error {
    var output: String
}

final class Workshop: Sendable {
    static let shared = Workshop()

    let directory: String
    private let built = Mutex<[String: String]>([:])

    private init() {
        directory = NSTemporaryDirectory() + "relais-plugins-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let path = directory
        removeAtExit(path)
    }

    static let root = String(
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    )
    static let fixtures = Bundle.module.resourcePath.map { $0 + "/Fixtures" } ?? ""

    func library(_ source: String, _ defines: [String] = []) throws -> String {
        try build("\(source)-\(defines.joined(separator: "-").hashValue).so") { output in
            ["-shared", "-fPIC", "-I\(Self.root)/plugin-sdk/include"] + defines.map { "-D\($0)" }
                + ["\(Self.fixtures)/plugins/\(source).c", "-o", output]
        }
    }

    func hostExecutable() throws -> String {
        let core = try coreSources()
        return try build("relais-plugin-host") { output in
            ["-fPIE", "-pie"] + Self.includes + ["\(Self.root)/Sources/relais-plugin-host/main.c"] + core
                + ["-o", output, "-ldl"]
        }
    }

    func orphanMaker() throws -> String {
        let core = try coreSources()
        return try build("orphan-maker") { output in
            Self.includes + ["\(Self.fixtures)/orphan_maker.c"] + core + ["-o", output, "-ldl"]
        }
    }

    func fuzzDriver() throws -> String {
        let core = try coreSources()
        return try build("fuzz-driver") { output in
            ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"] + Self.includes
                + ["\(Self.fixtures)/fuzz_driver.c"] + core + ["-o", output, "-ldl"]
        }
    }

    private static let includes = ["-I\(root)/Sources/CRelaisHost/include", "-I\(root)/plugin-sdk/include"]

    private func coreSources() throws -> [String] {
        let directory = "\(Self.root)/Sources/CRelaisHost"
        return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".c") }.sorted()
            .map { "\(directory)/\($0)" }
    }

    private func build(_ name: String, _ arguments: (String) -> [String]) throws -> String {
        try built.withLock { built in
            if let path = built[name] { return path }
            let path = "\(directory)/\(name)"
            let warnings = ["-Wall", "-Wextra", "-Werror"]
            let result = try run("/usr/bin/env", ["cc", "-std=gnu17", "-O1", "-g"] + warnings + arguments(path))
            guard result.status == 0 else { throw WorkshopError(output: result.output) }
            chmod(path, 0o755)
            built[name] = path
            return path
        }
    }

    func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    func freshDirectory() throws -> String {
        let path = "\(directory)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        return path
    }
}

private func removeAtExit(_ path: String) {
    WorkshopCleanup.path.withLock { $0 = path }
    atexit { WorkshopCleanup.path.withLock { path in try? FileManager.default.removeItem(atPath: path) } }
}

private enum WorkshopCleanup {
    static let path = Mutex("")
}

final class LineCollector: Sendable {
    let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
}

struct CollectingLogHandler: LogHandler {
    let collector: LineCollector
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        collector.lines.withLock { $0.append("\(event.level): \(event.message)") }
    }
}

struct Rig {
    var host: PluginHost
    var plugin: String
    var collector: LineCollector

    init(
        _ source: String,
        _ defines: [String] = [],
        isolation: PluginIsolation = .inProcess,
        limits: PluginLimits = PluginLimits()
    ) throws {
        let plugins = try Workshop.shared.freshDirectory()
        let library = try Workshop.shared.library(source, defines)
        let target = "\(plugins)/\(source).so"
        try FileManager.default.copyItem(atPath: library, toPath: target)
        chmod(target, 0o755)
        let collector = LineCollector()
        self.collector = collector
        plugin = source
        host = PluginHost(
            PluginHost.Options(
                plugins: plugins,
                state: try Workshop.shared.freshDirectory(),
                isolation: isolation,
                executable: try Workshop.shared.hostExecutable(),
                version: "0.1.0",
                limits: limits
            ),
            logger: Logger(label: "test") { _ in CollectingLogHandler(collector: collector) },
            clock: ManualClock()
        )
    }

    func destination(_ configuration: String = "{}", clear: [UserDataKind] = []) throws -> any PluginDestination {
        try host.makeDestination(resolved(configuration, clear: clear))
    }

    func resolved(_ configuration: String = "{}", clear: [UserDataKind] = []) throws -> ResolvedDestination {
        try host.resolve(
            DestinationSpecification(name: "shop", plugin: plugin, configuration: configuration, clear: clear)
        )
    }
}

enum Calls {
    static func record(_ name: String, id: String = "e-1") -> [UInt8] {
        var event = Event()
        event.set(.eventName, name)
        event.set(.eventID, id)
        event.set(.timestampMicros, integer: 1_795_445_369_000_000)
        return event.record()
    }

    static func event(_ name: String, id: String = "e-1") -> EventForPlugin {
        EventForPlugin(record: record(name, id: id), attempt: 1, sendAs: nil, withholdsUserData: false)
    }

    static func context(timeout: Int64 = 2000) -> CallContext {
        CallContext(batchID: 7, now: 1_795_445_369_000, seed: 42, timeout: timeout)
    }

    static func encode(_ names: String..., timeout: Int64 = 2000) -> PluginCall {
        .encode(context(timeout: timeout), names.enumerated().map { event($1, id: "e-\($0)") })
    }

    static func classify(
        _ status: Int,
        events: Int = 2,
        body: String = "",
        headers: [(String, String)] = [],
        transport: TransportError = .none
    ) -> PluginCall {
        let response = HTTPResponse(
            transport: transport,
            status: status,
            headers: headers.map { HTTPRequest.Header(name: $0.0, value: $0.1) },
            body: Array(body.utf8)
        )
        return .classify(context(), response, note: Array("note".utf8), eventCount: events)
    }
}

extension PluginReply {
    var fault: PluginFault? {
        if case .failed(let fault) = self { return fault }
        return nil
    }

    var requests: [PlannedRequest] {
        if case .encoded(let requests, _, _) = self { return requests }
        return []
    }

    var verdicts: [Verdict] {
        switch self {
        case .classified(let verdicts, _): verdicts
        case .encoded(_, let settlements, _): settlements.map(\.verdict)
        case .failed: []
        }
    }

    var body: String { String(decoding: requests.first?.request.body ?? [], as: UTF8.self) }
}

extension DestinationError {
    var unusable: PluginFault? {
        if case .unusable(let fault) = self { return fault }
        return nil
    }
}
