import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("The store")
    struct StoreTests {
        private static let metaIsDown = "[{\"vendor\":\"meta\",\"outage\":true}]"

        @Test(
            "gives up what is older than max_age, as a range or as a letter, and sends all of it again",
            .timeLimit(.minutes(3))
        )
        func maximumAge() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations[1].value = configuration.meta(", max_age: 15s")
            }
            try scene.sandbox.setFaults(Self.metaIsDown)
            let ids = EventText.ids("old", 300)
            for start in stride(from: 0, to: ids.count, by: 100) {
                try scene.post(EventText.array(Array(ids[start..<start + 100])))
            }
            let isGivenUp = try await eventually(within: .seconds(60)) {
                try Self.abandoned(scene) == ids.count
            }
            let meta = try scene.relay.destination("meta")
            #expect(isGivenUp && meta["lag"].int == 0, "\(meta)")
            let receipt = try await ReceiptTests.show(scene, "old-150")
            let story = receipt["destinations"].array.first { $0["destination"].string == "meta" } ?? .null
            #expect(story["now"]["state"].string == "dead" && story["now"]["reason"].string == "expired", "\(story)")
            try scene.sandbox.liftFaults()
            #expect(try scene.relay.admin.post("/api/v1/destinations/meta/resume", "").status == 200)
            try scene.post(EventText.purchase("young"))
            try await scene.relay.waitUntilDelivered(within: .seconds(60))
            #expect(try scene.sandbox.eventIDs("meta") == ["young"])
            #expect(Set(try scene.sandbox.eventIDs("ga4")) == Set(ids + ["young"]))
            try await scene.relay.kill()
            try await scene.relay.start()
            #expect(try Self.abandoned(scene) == ids.count)
            let list = try await scene.relay.command(["dead", "list", "--json"]).json()
            let ranges = list["ranges"].array.reduce(0) { $0 + ($1["count"].int ?? 0) }
            #expect(ranges + (list["total"].int ?? 0) == ids.count, "\(list)")
            let retry = try await scene.relay.command([
                "dead", "retry", "--destination", "meta", "--reason", "expired", "--wait", "60", "--json",
            ])
            #expect(retry.status == 0, "\(retry)")
            #expect(try retry.json()["taken"].int == ids.count && retry.json()["gone"].int == 0, "\(retry)")
            #expect(Set(try scene.sandbox.eventIDs("meta")) == Set(ids + ["young"]))
            let after = try scene.relay.destination("meta")
            #expect(after["given_up"].int == 0 && after["dead"].int == 0, "\(after)")
            #expect(try await scene.relay.command(["dead", "list", "--json"]).json()["ranges"].array.isEmpty)
        }

        /// What was in a request when its time came is a letter of its own; what still waited is part of a range.
        private static func abandoned(_ scene: Scene) throws -> Int {
            let meta = try scene.relay.destination("meta")
            return (meta["given_up"].int ?? 0) + (meta["dead"].int ?? 0)
        }

        @Test("sheds the destination that is furthest behind before it refuses events", .timeLimit(.minutes(4)))
        func shedding() async throws {
            let scene = try await Scene.start { configuration in
                configuration.extra = "store: { max_bytes: 16MiB, min_free: 1MiB }"
            }
            try scene.sandbox.setFaults(Self.metaIsDown)
            let padding = String(repeating: "x", count: 8000)
            func padded(_ id: String) -> String {
                String(EventText.purchase(id).dropLast()) + ",\"params\":{\"note\":\"\(padding)\"}}"
            }
            var number = 0
            let isShed = try await eventually(within: .seconds(120), every: .milliseconds(1)) {
                let ids = (number..<number + 50).map { "shed-\($0)" }
                try scene.post("[\(ids.map(padded).joined(separator: ","))]")
                number += ids.count
                return ((try scene.relay.destination("meta"))["given_up"].int ?? 0) > 500
            }
            #expect(isShed, "\(number) events; \(scene.relay.log.suffix(2000))")
            #expect(scene.relay.log.contains("meta gives up its oldest events"))
            #expect(try scene.relay.client.get("/readyz").status == 200)
            try await scene.relay.waitUntilDelivered(["ga4"], within: .seconds(60))
            #expect((try scene.relay.destination("ga4"))["given_up"].int == 0)
            let isGone = try await eventually(within: .seconds(20)) {
                try scene.relay.admin.get("/api/v1/events/seq:1").status == 404
            }
            #expect(isGone)
            let gone = try scene.relay.admin.get("/api/v1/events/seq:1").text
            #expect(gone.contains("is not kept any more"), "\(gone)")
            #expect(try scene.post(padded("shed-0"))["duplicates"].int == 1)
            try scene.sandbox.liftFaults()
            try await scene.relay.waitUntilDelivered(within: .seconds(90))
            let givenUp = (try scene.relay.destination("meta"))["given_up"].int ?? 0
            let delivered = Set(try scene.sandbox.eventIDs("meta")).count
            #expect(givenUp + delivered == number, "\(givenUp) given up, \(delivered) delivered")
        }

        @Test("keeps a long backlog out of memory, and delivers it when the vendor is back", .timeLimit(.minutes(10)))
        func backlog() async throws {
            let scene = try await Scene.prepare { configuration in
                configuration.destinations = [("meta", configuration.meta())]
            }
            try await scene.sandbox.stop()
            try await scene.relay.start()
            func load(_ range: Range<Int>) throws {
                for start in stride(from: range.lowerBound, to: range.upperBound, by: 500) {
                    let ids = (start..<min(start + 500, range.upperBound)).map { "backlog-\($0)" }
                    try scene.post(EventText.array(ids))
                }
            }
            try load(0..<10_000)
            let relay = try #require(scene.relay.process?.processID)
            let few = try #require(ChildProcess.residentBytes(of: relay))
            try load(10_000..<50_000)
            let many = try #require(ChildProcess.residentBytes(of: relay))
            #expect(many < few + 60 << 20, "\(few >> 20) MiB with 10,000, \(many >> 20) MiB with 50,000")
            #expect((try scene.relay.destination("meta"))["lag"].int == 50_000)
            try await scene.relay.kill()
            try await scene.relay.start()
            #expect((try scene.relay.destination("meta"))["lag"].int == 50_000)
            try await scene.sandbox.startAgain()
            try await scene.relay.waitUntilDelivered(within: .seconds(300))
            #expect((try scene.relay.destination("meta"))["delivered"].int == 50_000)
        }
    }

    @Suite("A disk without room", .disabled(if: SmallDisk.obstacle != nil, "\(SmallDisk.obstacle ?? "")"))
    struct SmallDiskTests {
        private static func start(_ mebibytes: Int, minFree: String = "2MiB") async throws -> (Scene, SmallDisk) {
            let scene = try await Scene.prepare { $0.extra = "store: { min_free: \(minFree), max_bytes: 1GiB }" }
            let output = scene.relay.directory.file("disk.log")
            let disk = try await SmallDisk(mebibytes: mebibytes, at: scene.relay.stateDirectory, output: output)
            scene.relay.prefix = disk.prefix
            try await scene.relay.start()
            return (scene, disk)
        }

        @Test("refuses with Retry-After, loses nothing, and recovers by itself", .timeLimit(.minutes(4)))
        func fullAndRoomAgain() async throws {
            let (scene, disk) = try await Self.start(48)
            let load = EventLoad(
                port: scene.relay.configuration.port,
                connections: 2,
                eventsPerRequest: 20,
                pause: .milliseconds(5),
                label: "disk"
            ) { EventText.purchase($0) }
            _ = await eventually { load.acknowledgedCount > 200 }
            try disk.fill()
            let isRefused = await eventually(within: .seconds(60)) {
                load.tallies.contains { ($0.refusals[503] ?? 0) > 0 }
            }
            #expect(isRefused, "\(load.tallies.map(\.refusals))")
            var refused: HTTPAnswer?
            let isRed = try await eventually {
                refused = try scene.relay.client.get("/readyz")
                return refused?.status == 503
            }
            #expect(isRed)
            #expect(refused?.header("retry-after") == "10" && refused?.text.contains("not ready: ") == true)
            #expect(try scene.relay.client.get("/healthz").status == 200)
            let answer = try scene.relay.server.post("/v1/events", EventText.purchase("while-full"))
            #expect(answer.status == 503 && answer.header("retry-after") == "10", "\(answer.text)")
            let before = load.acknowledgedCount
            try disk.empty()
            try await scene.relay.waitUntilReady()
            let goesOn = await eventually(within: .seconds(30)) { load.acknowledgedCount > before + 100 }
            #expect(goesOn)
            let acknowledged = try await load.stop().flatMap(\.acknowledged)
            try await scene.relay.kill()
            try await scene.relay.start()
            try await scene.relay.waitUntilDelivered(within: .seconds(120))
            for vendor in ["ga4", "meta"] {
                #expect(Set(acknowledged).subtracting(try scene.sandbox.eventIDs(vendor)) == [], "\(vendor)")
            }
        }

        @Test("is not filled by the log: it leaves min_free", .timeLimit(.minutes(4)))
        func reserve() async throws {
            let (scene, disk) = try await Self.start(32, minFree: "8MiB")
            try disk.fill(leaving: 12 << 20)
            // The relay looks at its disk once a second.
            try await Task.sleep(for: .seconds(2))
            var refused: HTTPAnswer?
            var number = 0
            let isRefused = try await eventually(within: .seconds(60), every: .milliseconds(1)) {
                let ids = (number..<number + 100).map { "reserve-\($0)" }
                number += 100
                let answer = try scene.relay.server.post("/v1/events", EventText.array(ids))
                if answer.status == 503 { refused = answer }
                return answer.status == 503
            }
            #expect(isRefused)
            #expect(refused?.text.contains("store.min_free keeps 8 MiB") == true, "\(refused?.text ?? "")")
            #expect(refused?.header("retry-after") == "10")
            try disk.empty()
            try await scene.relay.waitUntilReady()
            #expect(try scene.post(EventText.purchase("room-again"))["accepted"].int == 1)
        }
    }
}
