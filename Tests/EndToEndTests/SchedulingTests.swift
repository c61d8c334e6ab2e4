import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Scheduling")
    struct SchedulingTests {
        static let refusal = """
            [{"vendor":"meta","status":401,
              "body":{"error":{"message":"the token has expired","type":"OAuthException","code":190}}}]
            """

        @Test(
            "probes refused credentials slowly, with one event, and drains when they are taken",
            .timeLimit(.minutes(3))
        )
        func authProbes() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations = [
                    ("ga4", configuration.ga4()), ("meta", configuration.meta(", concurrency: 1, auth_probe: 1s")),
                ]
            }
            try scene.sandbox.setFaults(Self.refusal)
            let ids = EventText.ids("refused", 50)
            try scene.post(EventText.array(ids))
            let isStopped = try await eventually {
                (try scene.relay.destination("meta"))["state"].string == "auth_stop"
            }
            #expect(isStopped)
            let before = try scene.sandbox.received("meta").count
            let start = ContinuousClock.now
            try await scene.relay.waitUntilDelivered(["ga4"])
            try await Task.sleep(for: .seconds(4) - (ContinuousClock.now - start))
            let probes = try scene.sandbox.received("meta").dropFirst(before)
            #expect((1...3).contains(probes.count))
            #expect(probes.allSatisfy { $0["body"]["data"].array.count == 1 })
            #expect((try scene.relay.destination("meta"))["lag"].int == ids.count)
            try scene.sandbox.liftFaults()
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ids)
            #expect((try scene.relay.destination("meta"))["state"].string == "active")
        }

        @Test("keeps to a destination's rate, and no other's", .timeLimit(.minutes(3)))
        func rateLimit() async throws {
            let limit = ", batch: { max_events: 1 }, rate_limit: { requests: 5, burst: 1 }"
            let scene = try await Scene.start { configuration in
                configuration.destinations = [("ga4", configuration.ga4()), ("meta", configuration.meta(limit))]
            }
            let ids = EventText.ids("limited", 15)
            let start = ContinuousClock.now
            try scene.post(EventText.array(ids))
            try await scene.relay.waitUntilDelivered(["ga4"])
            #expect(try scene.sandbox.eventIDs("meta").count < ids.count)
            try await scene.relay.waitUntilDelivered()
            #expect(ContinuousClock.now - start >= .milliseconds(2_800))
            #expect(try scene.sandbox.eventIDs("meta") == ids)
        }
    }
}
