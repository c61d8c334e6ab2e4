import Foundation
import Logging
import RelaisDelivery
import RelaisEvent
import Synchronization
import Testing

@Suite struct DestinationRunnerTests {
    @Test func deliversWhatIsAppendedInOrder() throws {
        let bench = Bench()
        let runner = try bench.start()
        bench.append(95)
        try bench.wait { $0.lag == 0 && $0.inFlight == 0 && $0.delivered == 95 }
        #expect(bench.vendor.accepted.sorted() == Array(1...95))
        #expect(bench.state[TestEvents.destination].progress.cursor == 96)
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func whatIsAcceptedIsLagBeforeTheRunnerHasHeardOfIt() throws {
        let bench = Bench()
        let runner = try bench.start()
        bench.append(1)
        try bench.wait { $0.lag == 0 && $0.delivered == 1 }
        bench.log.append(isHeard: false) { TestEvents.entry($0, milliseconds: 1_800_000_000_000) }
        #expect(runner.status.lag == 1)
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func aLogBegunAnewIsDeliveredFromItsEnd() throws {
        let bench = Bench()
        bench.state.apply([
            .progress(destination: TestEvents.destination, cursor: 1_000_000, completed: [1_000_010..<1_000_020])
        ])
        let runner = try bench.start()
        bench.append(20)
        try bench.wait { $0.lag == 0 && $0.delivered == 20 }
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func outageThenRecoveryDeliversEachOnceAndInOrder() throws {
        let bench = Bench { $0.concurrency = 1 }
        let runner = try bench.start()
        bench.vendor.setDown(true)
        bench.append(120)
        try bench.wait { $0.state == .holding && $0.lag == 120 }
        Thread.sleep(forTimeInterval: 0.15)
        #expect(bench.state[TestEvents.destination].exceptionChanges == 0)
        #expect(bench.vendor.requests.allSatisfy { $0.count <= 10 && $0.allSatisfy { $0 <= 11 } })
        bench.vendor.setDown(false)
        try bench.wait { $0.delivered == 120 }
        #expect(bench.vendor.accepted == Array(1...120))
        #expect(bench.state[TestEvents.destination].progress.pause == nil)
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func aBacklogThatIsTooOldIsGivenUpAsOneRange() throws {
        let bench = Bench { $0.maxAge = 86_400_000 }
        bench.vendor.setDown(true)
        bench.append(3000)
        bench.log.age(below: 2501)
        bench.state.apply([.progress(destination: TestEvents.destination, cursor: 1, completed: [])])
        let runner = try bench.start()
        try bench.wait { $0.givenUp == 2500 && $0.lag == 500 }
        let state = bench.state[TestEvents.destination]
        #expect(state.ranges.map(\.seqs) == [1..<2501])
        #expect(state.ranges.first?.detail == "the backlog was older than the 1.0 days of max_age")
        #expect(state.dead.isEmpty)
        bench.vendor.setDown(false)
        try bench.wait { $0.delivered == 500 }
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func whatTheLogHasLostIsNoted() throws {
        let bench = Bench()
        bench.append(40)
        bench.log.trim(below: 21)
        bench.state.apply([.progress(destination: TestEvents.destination, cursor: 5, completed: [])])
        let runner = try bench.start()
        try bench.wait { $0.delivered == 20 }
        #expect(bench.state[TestEvents.destination].ranges.map(\.reason) == [.logTrimmed])
        #expect(bench.state[TestEvents.destination].ranges.map(\.seqs) == [5..<21])
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func whatIsShedIsGivenUp() throws {
        let bench = Bench()
        bench.vendor.setDown(true)
        let runner = try bench.start()
        bench.append(200)
        try bench.wait { $0.state == .holding && $0.inFlight == 0 }
        try bench.wait { status in
            runner.shed(below: 101, detail: "the disk is full")
            return status.givenUp == 100
        }
        #expect(bench.state[TestEvents.destination].ranges.allSatisfy { $0.reason == .shed })
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test(arguments: [0, 15] as [Int64])
    func poisonousEventIsIsolatedAndTheOthersAreDelivered(restart: Int64) throws {
        let bench = Bench()
        bench.destination.behaviour.withLock {
            $0.crashesOn = [17]
            $0.restartMilliseconds = restart
        }
        let runner = try bench.start()
        bench.append(60)
        try bench.wait { $0.delivered == 59 && $0.dead == 1 && $0.lag == 0 }
        let letter = try #require(bench.state[TestEvents.destination].dead.first)
        #expect(letter.seq == 17)
        #expect(letter.reason == "plugin_crashed")
        #expect(letter.detail.contains("SIGSEGV"))
        #expect(bench.vendor.accepted.sorted() == Array(1...60).filter { $0 != 17 })
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func eventThatThePluginRefusesIsIsolated() throws {
        let bench = Bench()
        bench.destination.behaviour.withLock { $0.failsOn = [3, 44] }
        let runner = try bench.start()
        bench.append(50)
        try bench.wait { $0.delivered == 48 && $0.dead == 2 }
        #expect(bench.state[TestEvents.destination].dead.map(\.seq).sorted() == [3, 44])
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test(arguments: [
        HTTPRequest.Header(name: "X-A", value: "1\r\nX-B: 2"), HTTPRequest.Header(name: "Host", value: "other"),
        HTTPRequest.Header(name: "X A", value: "1"), HTTPRequest.Header(name: "Transfer-Encoding", value: "chunked"),
    ])
    func requestThatCouldSmuggleIsNeverSent(header: HTTPRequest.Header) throws {
        let bench = Bench()
        bench.destination.behaviour.withLock { $0.headers = [header] }
        let runner = try bench.start()
        bench.append(3)
        try bench.wait { $0.dead == 3 }
        #expect(bench.vendor.requests.isEmpty)
        #expect(bench.state[TestEvents.destination].dead.allSatisfy { $0.reason == "plugin_invalid_request" })
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func deadDestinationDoesNotSlowAnother() throws {
        let dead = Bench(destination: "dead")
        let alive = Bench(log: dead.log, state: dead.state)
        dead.vendor.state.withLock { $0.isSilent = true }
        let supervisor = DeliverySupervisor(state: dead.state)
        try supervisor.start([dead.makeRunner(), alive.makeRunner()])
        for _ in 0..<2000 {
            dead.log.append {
                TestEvents.entry($0, milliseconds: SystemClock().nowMilliseconds(), entitled: ["dead", "meta"])
            }
        }
        try Bench.wait { supervisor.statuses[1].delivered == 2000 }
        #expect(supervisor.statuses[0].delivered == 0)
        #expect(supervisor.statuses[0].lag == 2000)
        #expect((1...40).contains(supervisor.statuses[0].inFlight))
        #expect(supervisor.statuses[1].lag == 0)
        let start = ContinuousClock.now
        try supervisor.stop(withinMilliseconds: 200)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(dead.state["dead"].progress.cursor == 1)
    }

    @Test func crashRepeatsAtMostWhatWasInFlight() throws {
        let bench = Bench { $0.linger = 50 }
        let first = try bench.start()
        bench.append(500)
        try bench.wait { $0.delivered == 500 }
        bench.vendor.state.withLock { $0.isSilent = true }
        bench.append(500)
        try bench.wait { $0.inFlight == 40 }
        let frozen = bench.state[TestEvents.destination].progress
        first.beginStop(withinMilliseconds: 0)
        first.join()
        #expect(frozen.cursor == 501)
        bench.vendor.state.withLock { $0.isSilent = false }
        let second = try bench.start()
        try bench.wait { $0.delivered == 500 && $0.lag == 0 }
        let counts = Dictionary(grouping: bench.vendor.requests.flatMap { $0 }, by: { $0 }).mapValues(\.count)
        #expect(counts.count == 1000)
        #expect(counts.values.filter { $0 > 1 }.count == 40)
        second.beginStop(withinMilliseconds: 1000)
        second.join()
    }

    @Test func stopLetsWhatIsInFlightFinish() throws {
        let bench = Bench { $0.linger = 50 }
        bench.vendor.state.withLock { $0.isSilent = true }
        let runner = try bench.start()
        bench.append(200)
        try bench.wait { $0.inFlight == 40 && bench.vendor.state.withLock { $0.pending.count } == 4 }
        runner.beginStop(withinMilliseconds: 20_000)
        let pending = bench.vendor.state.withLock { $0.pending }
        for completion in pending { completion(HTTPResponse(transport: .none, status: 200)) }
        runner.join()
        #expect(bench.state[TestEvents.destination].progress.cursor == 41)
        #expect(bench.vendor.requests.count == 4)
    }

    @Test func pluginThatCannotBeUsedIsReportedAndRecovers() throws {
        let bench = Bench { $0.unusableBackoff = Backoff(base: 20, cap: 20) }
        bench.destination.behaviour.withLock {
            $0.unusable = PluginFault(reason: "bad_config", detail: "pixel_id is missing")
        }
        let runner = try bench.start()
        bench.append(5)
        try bench.wait { $0.state == .failed && $0.reason == "bad_config" }
        bench.destination.behaviour.withLock { $0.unusable = nil }
        try bench.wait { $0.delivered == 5 && $0.state == .active }
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func operatorPausesAndResumesThroughTheSupervisor() async throws {
        let bench = Bench()
        let supervisor = DeliverySupervisor(state: bench.state)
        try supervisor.start([bench.makeRunner()])
        #expect(await supervisor.pause("meta", reason: "maintenance"))
        #expect(await !supervisor.pause("nobody", reason: ""))
        #expect(supervisor.statuses[0].state == .paused)
        bench.append(10)
        try await Task.sleep(for: .milliseconds(50))
        #expect(bench.vendor.requests.isEmpty)
        #expect(await supervisor.resume("meta"))
        try Bench.wait { supervisor.statuses[0].delivered == 10 }
        try supervisor.stop(withinMilliseconds: 1000)
    }

    @Test func aDestinationThatIsStartedAnewGoesOnWhereItStands() throws {
        let bench = Bench()
        let supervisor = DeliverySupervisor(state: bench.state)
        try supervisor.start([bench.makeRunner()])
        bench.append(10)
        try Bench.wait { supervisor.statuses.first?.delivered == 10 }
        try supervisor.stop([TestEvents.destination], withinMilliseconds: 1000)
        #expect(supervisor.statuses.isEmpty)
        bench.append(5)
        try supervisor.start([bench.makeRunner()])
        try Bench.wait { supervisor.statuses.first?.delivered == 5 }
        bench.append(1)
        try Bench.wait { supervisor.statuses.first?.delivered == 6 }
        try supervisor.stop(withinMilliseconds: 1000)
    }

    @Test func operatorIsAnsweredAfterTheEndToo() async throws {
        let bench = Bench()
        let supervisor = DeliverySupervisor(state: bench.state)
        try supervisor.start([bench.makeRunner()])
        try supervisor.stop(withinMilliseconds: 1000)
        #expect(await supervisor.pause("meta", reason: "too late"))
        #expect(bench.state["meta"].progress.pause == nil)
    }

    @Test func newDestinationBeginsAtTheEndOfTheLogAndSaysSo() throws {
        let bench = Bench()
        bench.append(7)
        let supervisor = DeliverySupervisor(state: bench.state)
        try supervisor.start([bench.makeRunner()])
        #expect(bench.state["meta"].progress.cursor == 8)
        bench.append(2)
        try Bench.wait { supervisor.statuses[0].delivered == 2 }
        #expect(bench.vendor.accepted.sorted() == [8, 9])
        try supervisor.stop(withinMilliseconds: 1000)
    }

    @Test func outcomesCarryTheHashOfTheMaskedRequest() throws {
        let bench = Bench()
        bench.destination.behaviour.withLock { $0.url = "https://vendor.example/events?token=top-secret" }
        let runner = try bench.start()
        bench.append(1)
        try bench.wait { $0.delivered == 1 }
        let outcome = try #require(bench.state["meta"].outcomes.first)
        #expect(outcome.requests.first?.sha256 == "POST https://vendor.example/events?token=***\n\n1")
        #expect(outcome.members.map(\.verdict.code) == [.delivered])
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
    }

    @Test func secretsAreMaskedInThePluginsWords() throws {
        let lines = Mutex<[String]>([])
        let bench = Bench(
            logger: Logger(label: "test") { _ in CapturingHandler { line in lines.withLock { $0.append(line) } } }
        )
        bench.destination.behaviour.withLock {
            $0.diagnostics = [PluginDiagnostic(level: 3, pointer: "/token", message: "token top-secret is old")]
        }
        let runner = try bench.start()
        bench.append(1)
        try bench.wait { $0.delivered == 1 }
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
        let text = lines.withLock { $0.joined(separator: "\n") }
        #expect(text.contains("token *** is old"))
        #expect(!text.contains("top-secret"))
    }

    @Test func thePluginsWordsOfAnEventNameIt() throws {
        let lines = Mutex<[String]>([])
        let bench = Bench(
            logger: Logger(label: "test") { _ in CapturingHandler { line in lines.withLock { $0.append(line) } } }
        )
        bench.destination.behaviour.withLock {
            $0.diagnostics = [
                PluginDiagnostic(level: 3, pointer: "/events/0/page_title", message: "cut"),
                PluginDiagnostic(level: 3, pointer: "/events/7", message: "of none"),
            ]
        }
        let runner = try bench.start()
        bench.append(1)
        try bench.wait { $0.delivered == 1 }
        runner.beginStop(withinMilliseconds: 1000)
        runner.join()
        let said = lines.withLock { $0 }
        let cut = try #require(said.first { $0.hasPrefix("cut ") })
        #expect(cut.contains("event_id") && cut.contains("/page_title") && !cut.contains("/events/0"), "\(cut)")
        #expect(said.contains { $0.hasPrefix("of none ") && $0.contains("/events/7") })
    }
}

private struct CapturingHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    let capture: @Sendable (String) -> Void

    init(_ capture: @escaping @Sendable (String) -> Void) { self.capture = capture }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { capture("\(event.message) \(event.metadata ?? [:])") }
}

final class Bench: Sendable {
    let log: MemoryEventLog
    let state: MemoryDeliveryState
    let vendor = FakeVendor()
    let destination: FakeDestination
    let policy: DeliveryPolicy
    let logger: Logger
    private let runner = Mutex<DestinationRunner?>(nil)

    init(
        destination name: String = TestEvents.destination,
        log: MemoryEventLog = MemoryEventLog(),
        state: MemoryDeliveryState = MemoryDeliveryState(),
        logger: Logger? = nil,
        _ adjust: (inout DeliveryPolicy) -> Void = { _ in }
    ) {
        self.log = log
        self.state = state
        self.logger = logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        destination = FakeDestination(name)
        var policy = DeliveryPolicy(destination: name, manifest: destination.manifest)
        policy.backoff = Backoff(base: 5, cap: 40)
        adjust(&policy)
        self.policy = policy
    }

    func makeRunner() -> DestinationRunner {
        let environment = RunnerEnvironment(log: log, state: state, clock: SystemClock(), logger: logger) { bytes in
            String(decoding: bytes, as: UTF8.self)
        }
        return DestinationRunner(
            destination: destination,
            policy: policy,
            transport: vendor,
            environment: environment,
            seed: 3
        )
    }

    func start() throws -> DestinationRunner {
        let made = makeRunner()
        try made.start()
        runner.withLock { $0 = made }
        return made
    }

    func append(_ count: Int) {
        for _ in 0..<count {
            log.append {
                TestEvents.entry($0, milliseconds: SystemClock().nowMilliseconds(), entitled: [policy.destination])
            }
        }
    }

    func wait(until condition: (DestinationStatus) -> Bool) throws {
        guard let runner = runner.withLock({ $0 }) else { return }
        try Self.wait("\(runner.status)") { condition(runner.status) }
    }

    struct TimedOut: Error {
        var detail: String
    }

    static func wait(_ detail: @autoclosure () -> String = "", until condition: () -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !condition() {
            guard ContinuousClock.now < deadline else { throw TimedOut(detail: detail()) }
            Thread.sleep(forTimeInterval: 0.002)
        }
    }
}
