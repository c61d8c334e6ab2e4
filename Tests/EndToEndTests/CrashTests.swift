import Foundation
import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("kill -9")
    struct CrashTests {
        static let rounds = 24
        /// What the state may forget (100 ms of outcomes), and what two busy cores add to it.
        static let bound = 400.0

        static func slowVendors(_ scene: Scene) throws {
            try scene.sandbox.setFaults("[{\"latency_ms\":15}]")
        }

        static func load(_ scene: Scene, _ label: String) -> EventLoad {
            EventLoad(
                port: scene.relay.configuration.port,
                connections: 4,
                eventsPerRequest: 3,
                pause: .milliseconds(40),
                label: label
            ) { EventText.purchase($0) }
        }

        @Test("at random under load loses nothing and repeats no more than it may", .timeLimit(.minutes(6)))
        func killAtRandom() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try Self.slowVendors(scene)
            let load = Self.load(scene, "crash")
            var kills: [Double] = []
            var childKills = 0
            let started = Date.now
            for round in 0..<Self.rounds {
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...1_500)))
                if round % 4 == 3 {
                    if scene.relay.killPluginChild(round / 4) { childKills += 1 }
                    kills.append(Date.now.timeIntervalSince1970 * 1000)
                } else {
                    try await scene.relay.kill()
                    kills.append(Date.now.timeIntervalSince1970 * 1000)
                    if round % 3 == 0 { try await Task.sleep(for: .milliseconds(Int.random(in: 0...200))) }
                    try await scene.relay.start()
                }
            }
            let tallies = try await load.stop()
            let seconds = Date.now.timeIntervalSince(started)
            try await scene.relay.waitUntilDelivered(within: .seconds(90))

            let acknowledged = tallies.flatMap(\.acknowledged)
            let failed = tallies.reduce(0) { $0 + $1.failed }
            #expect(childKills > 0)
            #expect(acknowledged.count > 500)
            for vendor in ["ga4", "meta"] {
                let audit = try DeliveryAudit(scene.sandbox.received(vendor))
                #expect(audit.missing(of: acknowledged) == [])
                #expect(audit.unexplainedRepeats(kills: kills, bound: Self.bound) == [])
                for tally in tallies { #expect(audit.isInOrder(tally.acknowledged), "\(vendor)") }
                let forgotten = audit.forgottenAges(kills: kills).map(\.age).max() ?? 0
                print(
                    "crash test, \(vendor): \(Self.rounds) kills (\(childKills) of a plugin's process) in \(Int(seconds)) s, "
                        + "\(acknowledged.count) acknowledged, \(failed) requests unanswered, \(audit.total) arrived, "
                        + "\(audit.repeats) repeats of what had arrived up to \(forgotten.rounded()) ms before a kill"
                )
            }
            for destination in try scene.relay.destinations() { #expect(destination["dead"].int == 0) }
            #expect(try scene.problems() == [])
        }
    }

    @Suite("An orderly end")
    struct DrainTests {
        @Test("by SIGTERM under load answers what it has taken, exits 0 and loses nothing", .timeLimit(.minutes(3)))
        func terminateUnderLoad() async throws {
            let scene = try await Scene.start()
            try CrashTests.slowVendors(scene)
            let load = CrashTests.load(scene, "drain")
            for _ in 0..<3 {
                try await Task.sleep(for: .milliseconds(700))
                #expect(try await scene.relay.terminate(within: .seconds(20)) == .exited(0), "\(scene.relay.log)")
                try await scene.relay.start()
            }
            let tallies = try await load.stop()
            try await scene.relay.waitUntilDelivered()
            let acknowledged = tallies.flatMap(\.acknowledged)
            #expect(acknowledged.count > 50)
            for vendor in ["ga4", "meta"] {
                let audit = try DeliveryAudit(scene.sandbox.received(vendor))
                #expect(audit.missing(of: acknowledged) == [])
                #expect(audit.repeats == 0, "\(vendor)")
            }
        }

        @Test("by SIGINT exits 0, of the relay and of the sandbox", .timeLimit(.minutes(1)))
        func interrupt() async throws {
            let scene = try await Scene.start()
            scene.relay.process?.interrupt()
            #expect(try await scene.relay.process?.wait(within: .seconds(15)) == .exited(0))
            #expect(try await scene.sandbox.interrupt() == .exited(0))
        }

        @Test("leaves no process of a plugin behind, even after kill -9", .timeLimit(.minutes(1)))
        func noOrphans() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.purchase("orphan-1"))
            try await scene.relay.waitUntilDelivered()
            let relay = try #require(scene.relay.process?.processID)
            let children = ChildProcess.children(of: relay)
            #expect(!children.isEmpty)
            try await scene.relay.kill()
            let areGone = await eventually { children.allSatisfy { !ChildProcess.isAlive($0) } }
            #expect(areGone)
        }
    }

    @Suite("A full disk")
    struct FullDiskTests {
        @Test("is answered 503, turns readiness red, and loses nothing acknowledged", .timeLimit(.minutes(3)))
        func fileSizeLimit() async throws {
            let scene = try await Scene.prepare()
            try await scene.relay.start(fileSizeLimit: 4_000)
            let load = EventLoad(
                port: scene.relay.configuration.port,
                connections: 2,
                eventsPerRequest: 50,
                pause: .zero,
                label: "full"
            ) { EventText.purchase($0) }
            let isRefused = await eventually(within: .seconds(60)) {
                load.tallies.contains { ($0.refusals[503] ?? 0) > 0 }
            }
            #expect(isRefused, "\(load.tallies.map(\.refusals)) \(load.acknowledgedCount)")
            let isRed = await eventually { (try? scene.relay.client.get("/readyz"))?.status == 503 }
            #expect(isRed)
            #expect(try scene.relay.client.get("/healthz").status == 200)
            var refused: HTTPAnswer?
            var attempts = 0
            let isAnsweredWithPause = try await eventually {
                attempts += 1
                let events = EventText.array(EventText.ids("refused-\(attempts)", 50))
                refused = try scene.relay.server.post("/v1/events", events)
                return refused?.status == 503
            }
            #expect(isAnsweredWithPause)
            #expect(refused?.header("retry-after") != nil)
            let tallies = try await load.stop()
            let acknowledged = tallies.flatMap(\.acknowledged)
            #expect(acknowledged.count > 100)

            try await scene.relay.kill()
            try await scene.relay.start()
            try await scene.relay.waitUntilDelivered(within: .seconds(120))
            for vendor in ["ga4", "meta"] {
                #expect(Set(acknowledged).subtracting(try scene.sandbox.eventIDs(vendor)) == [], "\(vendor)")
            }
            #expect(try scene.post(EventText.purchase("room-again"))["accepted"].int == 1)
        }
    }
}
