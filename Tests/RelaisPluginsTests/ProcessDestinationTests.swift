import Foundation
import Logging
import RelaisEvent
import Testing

@testable import RelaisPlugins

@Suite struct ProcessDestinationTests {
    private func perform(_ destination: any Destination, _ calls: PluginCall...) -> Result<
        [PluginReply], DestinationError
    > {
        for _ in 0..<200 {
            do throws(DestinationError) {
                return .success(try destination.perform(calls))
            } catch {
                guard case .restarting(let wait) = error else { return .failure(error) }
                usleep(UInt32(wait) * 1000)
            }
        }
        return .failure(.restarting(inMilliseconds: 0))
    }

    private func fault(_ result: Result<[PluginReply], DestinationError>) -> PluginFault? {
        if case .failure(.processFailed(let fault)) = result { return fault }
        return nil
    }

    private func unusable(_ result: Result<[PluginReply], DestinationError>) -> PluginFault? {
        if case .failure(.unusable(let fault)) = result { return fault }
        return nil
    }

    private func works(_ destination: any Destination) -> Bool {
        (try? perform(destination, Calls.encode("ok")).get())?.first?.requests.count == 1
    }

    @Test func repliesAreThoseOfTheSamePluginInProcess() throws {
        let calls = [
            PluginCall.encode(
                Calls.context(),
                [
                    EventForPlugin(
                        record: SampleEvent.full().record(),
                        attempt: 2,
                        sendAs: "Lead",
                        withholdsUserData: false
                    )
                ]
            ), Calls.classify(429, headers: [("retry-after", "9")]), Calls.encode("a", "b", "c"),
        ]
        let apart = try Rig("echo", isolation: .process).destination()
        let inside = try Rig("echo").destination()
        defer { apart.close() }
        #expect(try apart.perform(calls) == inside.perform(calls))
        #expect(apart.restarts == 0)
    }

    @Test(arguments: [
        ("segfault", "crashed", "SIGSEGV"), ("abort", "crashed", "SIGABRT"), ("exit", "crashed", "exit status 3"),
        ("garbage", "garbage", "it wrote something that is no frame"),
        ("close_socket", "hung", "a call took longer than its time-out"),
    ]) func endOfTheProcessIsNamedAndItStartsAgain(name: String, reason: String, detail: String) throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        defer { destination.close() }
        #expect(works(destination))
        let fault = fault(perform(destination, Calls.encode(name, timeout: 200)))
        let isClosed = name == "close_socket" && fault?.reason == "garbage"
        #expect(fault == PluginFault(reason: reason, detail: detail) || isClosed)
        #expect(works(destination))
        #expect(destination.restarts == 1)
    }

    @Test func hangIsEndedSoonAfterItsTimeout() throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        defer { destination.close() }
        #expect(works(destination))
        let start = MonotonicTime.milliseconds()
        let fault = fault(perform(destination, Calls.encode("hang", timeout: 100), Calls.encode("ok", timeout: 30_000)))
        #expect(fault?.reason == "hung")
        #expect(MonotonicTime.milliseconds() - start < 3000)
        #expect(works(destination))
    }

    @Test func poisonousEventIsFoundByHalving() throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        defer { destination.close() }
        var poisonous: [Int] = []
        var pending = [0..<64]
        let start = MonotonicTime.milliseconds()
        while let range = pending.popLast() {
            let events = range.map { Calls.event($0 == 41 ? "segfault" : "ok", id: "e-\($0)") }
            guard fault(perform(destination, .encode(Calls.context(), events))) != nil else { continue }
            if range.count == 1 {
                poisonous.append(range.lowerBound)
            } else {
                let middle = range.lowerBound + range.count / 2
                pending += [range.lowerBound..<middle, middle..<range.upperBound]
            }
        }
        #expect(poisonous == [41])
        #expect(destination.restarts >= 6)
        #expect(MonotonicTime.milliseconds() - start < 5000)
    }

    @Test func processThatIsKilledFromOutsideIsNobodysFault() throws {
        let destination = try #require(try Rig("hostile", isolation: .process).destination() as? ProcessDestination)
        defer { destination.close() }
        for _ in 0..<5 {
            #expect(works(destination))
            kill(try #require(destination.processID), SIGKILL)
            #expect(works(destination))
        }
        #expect(destination.restarts == 5)
    }

    @Test func callThatIsKilledAgainAndAgainIsCalledCrashed() throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        defer { destination.close() }
        #expect(
            fault(perform(destination, Calls.encode("killed"))) == PluginFault(reason: "crashed", detail: "SIGKILL")
        )
        #expect(destination.restarts == 2)
    }

    @Test func everyFailureIsFollowedByAWait() throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        defer { destination.close() }
        #expect(fault(perform(destination, Calls.encode("segfault")))?.reason == "crashed")
        #expect(throws: DestinationError.self) { try destination.perform([Calls.encode("ok")]) }
    }

    @Test func refusedConfigurationIsUnusableForGood() throws {
        let destination = try Rig("good", isolation: .process).destination(#"{"mode":"refuse"}"#)
        defer { destination.close() }
        let expected = PluginFault(
            reason: "config",
            detail: "create returned RELAIS_E_CONFIG: this mode is refused"
        )
        #expect(unusable(perform(destination, Calls.encode("ok"))) == expected)
        #expect(unusable(perform(destination, Calls.encode("ok"))) == expected)
    }

    @Test(arguments: [(1, "crashed", "SIGBUS"), (2, "hung", ""), (3, "crashed", "SIGILL")])
    func startThatFailsIsUnusableAndNeverTheEventsFault(fails: Int, reason: String, detail: String) throws {
        let limits = PluginLimits(createTimeoutMilliseconds: 50)
        let destination = try Rig("startup", ["FAILS=\(fails)"], isolation: .process, limits: limits).destination()
        defer { destination.close() }
        let fault = unusable(perform(destination, Calls.encode("ok")))
        #expect(fault?.reason == reason)
        #expect(detail.isEmpty || fault?.detail == detail)
    }

    @Test func missingProgramIsNamed() throws {
        var options = try Rig("good", isolation: .process).host.options
        options.executable = "/nonexistent/relais-plugin-host"
        let link = try Rig("good")
        let resolved = try link.resolved()
        let host = PluginHost(options, logger: Logger(label: "test"), clock: SystemClock())
        let destination = try host.makeDestination(resolved)
        #expect(unusable(perform(destination, Calls.encode("ok")))?.detail.contains("/nonexistent/") == true)
    }

    @Test func closedDestinationAnswersNoMoreAndItsProcessIsGone() throws {
        let destination = try #require(try Rig("good", isolation: .process).destination() as? ProcessDestination)
        #expect(works(destination))
        let process = try #require(destination.processID)
        destination.close()
        #expect(unusable(perform(destination, Calls.encode("ok")))?.reason == "closed")
        #expect(kill(process, 0) == -1)
    }

    @Test func closeEndsACallThatHangs() throws {
        let destination = try Rig("hostile", isolation: .process).destination()
        #expect(works(destination))
        let thread = Thread {
            usleep(100_000)
            destination.close()
        }
        thread.start()
        let start = MonotonicTime.milliseconds()
        #expect(unusable(perform(destination, Calls.encode("hang", timeout: 20_000)))?.reason == "closed")
        #expect(MonotonicTime.milliseconds() - start < 5000)
    }

    @Test func whatThePluginPrintsGoesToTheLogAndHarmsNothing() throws {
        let rig = try Rig("hostile", isolation: .process)
        let destination = try rig.destination()
        defer { destination.close() }
        let reply = try #require(try perform(destination, Calls.encode("prints")).get().first)
        #expect(reply.requests.count == 1)
        #expect(works(destination))
        #expect(rig.collector.all.contains("info: the plugin printed: hello from stdout"))
        #expect(rig.collector.all.contains("info: the plugin printed: and from stderr"))
    }

    @Test func processHasNoEnvironment() throws {
        let rig = try Rig("hostile", isolation: .process)
        let destination = try rig.destination()
        defer { destination.close() }
        _ = try perform(destination, Calls.encode("environment")).get()
        #expect(rig.collector.all.contains("info: has none"))
    }

    @Test func processHasOnlyItsFourDescriptorsAndLittleMemory() throws {
        let destination = try #require(try Rig("good", isolation: .process).destination() as? ProcessDestination)
        defer { destination.close() }
        #expect(works(destination))
        let process = try #require(destination.processID)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        #expect(descriptors.sorted() == ["0", "1", "2", "3"])
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        let kilobytes = try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        print("relais-plugin-host, idle: \(kilobytes) KiB resident")
        #expect(kilobytes <= 4096)
    }

    @Test func countersAndLogLinesComeAlong() throws {
        let rig = try Rig("good", isolation: .process)
        let destination = try rig.destination()
        defer { destination.close() }
        _ = try perform(destination, Calls.encode("a", "b")).get()
        _ = try perform(destination, Calls.encode("a")).get()
        #expect(destination.counters == [PluginCounter(name: "events_seen", unit: "events", value: 3)])
        #expect(rig.collector.all.contains("info: created"))
    }

    @Test func processRefusesToBeStartedByHand() throws {
        let result = try Workshop.shared.run(try Workshop.shared.hostExecutable(), [])
        #expect(result.status == 64)
        #expect(result.output.contains("is started by relais"))
    }
}

@Suite struct RestartScheduleTests {
    @Test func firstFailuresWaitLittleAndLaterOnesDouble() {
        var schedule = RestartSchedule()
        var waits: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<22 {
            schedule.fail(at: now)
            waits.append(schedule.remaining(at: now))
            now = schedule.readyAt
        }
        #expect(Array(waits[..<10]) == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50])
        #expect(Array(waits[10..<15]) == [100, 200, 400, 800, 1600])
        #expect(waits.last == 30_000)
        #expect(schedule.remaining(at: now) == 0)
    }

    @Test func calmStartsOver() {
        var schedule = RestartSchedule()
        for _ in 0..<15 { schedule.fail(at: 0) }
        schedule.fail(at: 1_000_000)
        #expect(schedule.remaining(at: 1_000_000) == 5)
    }
}
