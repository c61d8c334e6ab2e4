import Foundation
import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct FrameTests {
    private static let calls = [
        PluginCall.encode(
            Calls.context(),
            [EventForPlugin(record: SampleEvent.full().record(), attempt: 1, sendAs: "Lead", withholdsUserData: false)]
        ),
        Calls.encode("ok", "ok"), Calls.classify(207, events: 3, body: "body", headers: [("a", "b")]),
    ]

    @Test func mutatedRepliesAreReadOrRefused() throws {
        let destination = try #require(try Rig("good").destination() as? InProcessDestination)
        let payload = try destination.exchange(CallsFrame.payload(Self.calls[...]), timeout: 1000)
        let rules = try #require(RequestRules(initPayload: try initPayload()))
        #expect(try RepliesFrame.read(payload, for: Self.calls[...], rules: rules).replies.count == 3)
        var generator = Generator(seed: 11)
        var refused = 0
        for _ in 0..<20_000 {
            let mutated = generator.mutate(payload)
            do throws(FrameError) {
                let replies = try RepliesFrame.read(mutated, for: Self.calls[...], rules: rules).replies
                guard case .encoded(let requests, let settlements, _) = replies[1] else { continue }
                let covered = requests.flatMap(\.events) + settlements.map(\.event)
                #expect(covered.sorted() == [0, 1])
                #expect(requests.allSatisfy { $0.request.url.lowercased().hasPrefix("https://vendor.example") })
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1000)
    }

    @Test func mutatedCallsDoNoHarm() throws {
        let destination = try #require(try Rig("echo").destination() as? InProcessDestination)
        let payload = CallsFrame.payload(Self.calls[...])
        var generator = Generator(seed: 5)
        for _ in 0..<5000 { _ = try? destination.exchange(generator.mutate(payload), timeout: 1000) }
        #expect(try destination.perform([Calls.encode("ok")]).first?.requests.count == 1)
    }

    @Test func truncatedReadyFramesAreRefused() throws {
        var writer = FrameWriter()
        writer.integer(UInt8(1))
        for _ in 0..<2 { writer.text("") }
        for _ in 0..<2 { writer.integer(UInt32(0)) }
        #expect(try ReadyFrame(writer.bytes).fault == nil)
        for length in 0..<writer.bytes.count {
            #expect(throws: FrameError.self) { try ReadyFrame(Array(writer.bytes[..<length])) }
        }
    }

    @Test func coreIsCleanUnderSanitizers() throws {
        let driver: String
        do {
            driver = try Workshop.shared.fuzzDriver()
        } catch let error as WorkshopError where error.output.contains("asan") || error.output.contains("ubsan") {
            print("this compiler has no sanitizers: the fuzz driver is left out")
            return
        }
        let directory = try Workshop.shared.freshDirectory()
        for (source, defines) in [("echo", []), ("echo", ["WITH_JSON"]), ("good", [])] {
            let initPath = "\(directory)/init"
            let callsPath = "\(directory)/calls"
            try Data(try initPayload(source, defines)).write(to: URL(fileURLWithPath: initPath))
            try Data(CallsFrame.payload(Self.calls[...])).write(to: URL(fileURLWithPath: callsPath))
            let result = try Workshop.shared.run(driver, [initPath, callsPath, "20000", "97"])
            #expect(result.status == 0, "\(result.output.suffix(3000))")
            #expect(result.output.contains("of 20000 frames were whole"))
        }
    }

    @Test func processDiesWithItsParentEvenInACall() throws {
        let directory = try Workshop.shared.freshDirectory()
        let frames = [
            ("init", 1, try initPayload("hostile")),
            ("calls", 2, CallsFrame.payload([Calls.encode("hang", timeout: 60_000)])),
        ]
        for (name, kind, payload) in frames {
            let frame = FrameWriter.header(kind: kind, length: payload.count) + payload
            try Data(frame).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }
        let arguments = [try Workshop.shared.hostExecutable(), "\(directory)/init", "\(directory)/calls"]
        let result = try Workshop.shared.run(try Workshop.shared.orphanMaker(), arguments)
        #expect(result.status == SIGKILL)
        let process = try #require(Int32(result.output.split(separator: "\n").first ?? ""))
        #expect(process > 1)
        var attempts = 0
        while Self.isRunning(process), attempts < 300 {
            usleep(10_000)
            attempts += 1
        }
        #expect(!Self.isRunning(process))
    }

    private static func isRunning(_ process: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    private func initPayload(_ source: String = "good", _ defines: [String] = []) throws -> [UInt8] {
        let library = try Workshop.shared.library(source, defines)
        let plugin = try PluginDirectory.inspect(library)
        return InitFrame(
            pluginPath: library,
            manifest: plugin.manifest,
            configuration: "{}",
            forms: UserDataForm.forms(of: plugin.manifest, clear: [.firstName]),
            endpoint: nil,
            hostVersion: "0.1.0",
            logLevel: 2,
            limits: PluginLimits(),
            now: 0,
            seed: 0
        ).payload()
    }
}

@Suite(.serialized) struct SpeedTests {
    @Test(arguments: [PluginIsolation.process, .inProcess]) func timePerEventIsSmall(isolation: PluginIsolation) throws
    {
        let destination = try Rig("good", isolation: isolation).destination()
        defer { destination.close() }
        let event = EventForPlugin(
            record: SampleEvent.full().record(),
            attempt: 1,
            sendAs: nil,
            withholdsUserData: false
        )
        let alone = try microseconds(destination, .encode(Calls.context(), [event]), rounds: 1000)
        let batch = try microseconds(
            destination,
            .encode(Calls.context(), [EventForPlugin](repeating: event, count: 50)),
            rounds: 200
        )
        print("\(isolation.rawValue): a lone call \(alone) µs; 50 events in a call \(batch / 50) µs per event")
        #expect(alone < 20_000)
        #expect(batch / 50 < 2000)
    }

    private func microseconds(_ destination: any Destination, _ call: PluginCall, rounds: Int) throws -> Double {
        _ = try destination.perform([call])
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            for _ in 0..<rounds { _ = try destination.perform([call]) }
        }
        return (elapsed / rounds) / .microseconds(1)
    }
}
