import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Outages of a vendor")
    struct OutageTests {
        @Test("delay its events and nobody else's; afterwards each arrives once", .timeLimit(.minutes(3)))
        func faultAndRecovery() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.sandbox.setFaults("[{\"vendor\":\"meta\",\"outage\":true}]")
            let ids = EventText.ids("outage", 40)
            for start in stride(from: 0, to: ids.count, by: 4) {
                try scene.post(EventText.array(Array(ids[start..<start + 4])))
            }
            try await scene.relay.waitUntilDelivered(["ga4"])
            #expect(try scene.sandbox.eventIDs("ga4") == ids)
            #expect(try scene.sandbox.eventIDs("meta").isEmpty)
            #expect((try scene.relay.destination("meta"))["lag"].int == ids.count)
            try scene.sandbox.liftFaults()
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta").sorted() == ids.sorted())
            #expect(try scene.sandbox.eventIDs("ga4") == ids)
        }

        @Test("that outlive the relay lose nothing", .timeLimit(.minutes(3)))
        func vendorGone() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try await scene.sandbox.stop()
            let ids = EventText.ids("gone", 30)
            for id in ids { try scene.post(EventText.purchase(id)) }
            try await scene.relay.kill()
            try await scene.relay.start()
            try await Task.sleep(for: .milliseconds(500))
            try await scene.sandbox.startAgain()
            try await scene.relay.waitUntilDelivered(within: .seconds(90))
            #expect(try scene.sandbox.eventIDs("meta").sorted() == ids.sorted())
            #expect(try scene.sandbox.eventIDs("ga4").sorted() == ids.sorted())
        }

        @Test(
            "with Retry-After pause the destination for as long as it asks, and the order stays",
            .timeLimit(.minutes(3))
        )
        func retryAfter() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.sandbox.setFaults(
                """
                [{"vendor":"meta","status":429,"headers":{"retry-after":"3"},"count":1,
                  "body":{"error":{"message":"too many calls","type":"OAuthException","code":80004}}}]
                """
            )
            let sent = ContinuousClock.now
            let ids = EventText.ids("throttled", 60)
            for start in stride(from: 0, to: ids.count, by: 5) {
                try scene.post(EventText.array(Array(ids[start..<start + 5])))
            }
            let isThrottled = try await eventually {
                (try scene.relay.destination("meta"))["state"].string == "throttled"
            }
            #expect(isThrottled)
            try await scene.relay.waitUntilDelivered()
            #expect(ContinuousClock.now - sent >= .milliseconds(2_800))
            #expect(try scene.sandbox.eventIDs("meta") == ids)
        }

        @Test("by errors and malformed answers are retried until each event is there", .timeLimit(.minutes(3)))
        func errorsAndNonsense() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.sandbox.setFaults(
                """
                [{"vendor":"meta","status":500,"body":"<html>oops</html>","count":2},
                 {"vendor":"ga4","status":503,"count":2}]
                """
            )
            let ids = EventText.ids("errors", 20)
            try scene.post(EventText.array(ids))
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ids)
            #expect(try scene.sandbox.eventIDs("ga4") == ids)

            try scene.sandbox.forget()
            try scene.sandbox.setFaults("[{\"vendor\":\"meta\",\"malformed\":true,\"count\":2}]")
            let more = EventText.ids("nonsense", 5)
            try scene.post(EventText.array(more))
            try await scene.relay.waitUntilDelivered()
            #expect(Set(try scene.sandbox.eventIDs("meta")) == Set(more))
            #expect(try scene.sandbox.eventIDs("ga4") == more)
        }

        @Test("by refused credentials keep the events until they are right", .timeLimit(.minutes(3)))
        func refusedCredentials() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations[1].value = configuration.meta(token: "expired-token-0123456789")
            }
            let ids = EventText.ids("credentials", 3)
            try scene.post(EventText.array(ids))
            let isStopped = try await eventually {
                (try scene.relay.destination("meta"))["state"].string == "auth_stop"
            }
            #expect(isStopped)
            #expect((try scene.relay.destination("meta"))["lag"].int == 3)
            try await scene.relay.terminate()
            scene.relay.configuration.destinations[1].value = scene.relay.configuration.meta()
            try await scene.relay.start()
            try await scene.relay.waitUntilDelivered()
            #expect(try scene.sandbox.eventIDs("meta") == ids)
        }
    }
}
