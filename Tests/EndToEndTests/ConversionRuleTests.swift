import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("LinkedIn's conversion rules")
    struct ConversionRuleTests {
        private static let purchases = "{ event: purchase, rule: 111 }"
        private static let large = "{ event: purchase, rule: 222, when: { value: { gt: 10 } } }"

        private static func event(_ name: String, _ id: String) -> String {
            """
            {"event_name":"\(name)","event_id":"\(id)","client_id":"4711.1795440000","currency":"EUR","value":12.50,\
            "ip_override":"203.0.113.24","user_data":{"email_address":"Jane@Example.com",\
            "address":{"first_name":" Jane ","last_name":"Doe-Oakenshaw","country":"FR"}}}
            """
        }

        private static func start(_ conversions: [String], _ more: String = "") async throws -> Scene {
            try await Scene.start { configuration in
                configuration.destinations = [("linkedin", configuration.linkedin(conversions, more))]
            }
        }

        private func elements(_ scene: Scene) throws -> [JSONValue] {
            try scene.sandbox.received("linkedin", accepted: true).flatMap { $0["body"]["elements"].array }
        }

        private func delivered(_ scene: Scene) throws -> [String] {
            try scene.sandbox.events("linkedin").map { event in
                let rule = event["event_name"].string?.split(separator: ":").last ?? ""
                return "\(rule) \(event["event_id"].string ?? "")"
            }.sorted()
        }

        private func waitUntilParked(_ scene: Scene, _ count: Int) async throws {
            let isParked = try await eventually {
                (try scene.relay.destination("linkedin"))["parked"].int == count
            }
            let now = try scene.relay.destination("linkedin")
            #expect(isParked, "\(now)")
        }

        @Test("get each event that is theirs, in requests of their own", .timeLimit(.minutes(2)))
        func everyRuleGetsItsEvents() async throws {
            let scene = try await Self.start([Self.purchases, Self.large, "{ event: sign_up, rule: 333 }"])
            let events = [
                Self.event("purchase", "p-1"), Self.event("sign_up", "s-1"), Self.event("scroll", "x-1"),
                Self.event("purchase", "p-2").replacing("12.50", with: "9.99"),
            ]
            try scene.post("[\(events.joined(separator: ","))]")
            try await scene.relay.waitUntilDelivered()
            #expect(try delivered(scene) == ["111 p-1", "111 p-2", "222 p-1", "333 s-1"])
            for request in try scene.sandbox.received("linkedin") {
                #expect(Set(request["body"]["elements"].array.map { $0["conversion"].string }).count == 1)
                #expect(request["problems"].array.isEmpty, "\(request["problems"])")
            }
            let first = try #require(try elements(scene).first { $0["eventId"].string == "p-1" })
            #expect(first["conversionValue"]["amount"].string == "12.50")
            #expect(first["user"]["userInfo"].object.isEmpty)
            let table = try await scene.relay.command(["events", "table", "-n", "10"])
            #expect(table.output.contains("not sent (not_mapped)"), "\(table.output)")
        }

        @Test("that are bad park what is theirs, and nothing is sent twice when they are good", .timeLimit(.minutes(3)))
        func aBadRuleParksItsEventsOnly() async throws {
            let bad = ["{ event: purchase, rule: 404222 }", "{ event: lead, rule: 405333 }"]
            let scene = try await Self.start([Self.purchases] + bad)
            let events = [
                Self.event("purchase", "p-1"), Self.event("lead", "l-1"), Self.event("purchase", "p-2"),
            ]
            try scene.post("[\(events.joined(separator: ","))]")
            try await waitUntilParked(scene, 3)
            #expect(try delivered(scene) == ["111 p-1", "111 p-2"])
            let receipt = try await scene.relay.command(["events", "show", "p-1"])
            for words in ["part rule:111", "part rule:404222", "No ad accounts found", "Campaign Manager"] {
                #expect(receipt.output.contains(words), "\(words) is not in \(receipt.output)")
            }

            try await scene.relay.terminate()
            let good = [Self.purchases, Self.large, "{ event: lead, rule: 333 }"]
            scene.relay.configuration.destinations[0].value = scene.relay.configuration.linkedin(good)
            try await scene.relay.start()
            try scene.post(Self.event("purchase", "p-3"))
            try await waitUntilParked(scene, 0)
            try await scene.relay.waitUntilDelivered()
            #expect(
                try delivered(scene) == [
                    "111 p-1", "111 p-2", "111 p-3", "222 p-1", "222 p-2", "222 p-3", "333 l-1",
                ]
            )
        }

        @Test("whose version LinkedIn has ended keep their events until it is changed", .timeLimit(.minutes(3)))
        func anEndedVersionParksTheEvents() async throws {
            let scene = try await Self.start([Self.purchases], "api_version: \"202411\", ")
            try scene.post(Self.event("purchase", "p-1"))
            try await waitUntilParked(scene, 1)
            let receipt = try await scene.relay.command(["events", "show", "p-1"])
            #expect(receipt.output.contains("set api_version to a newer month"), "\(receipt.output)")
            try await scene.relay.terminate()
            scene.relay.configuration.destinations[0].value = scene.relay.configuration.linkedin([Self.purchases])
            try await scene.relay.start()
            try await waitUntilParked(scene, 0)
            #expect(try delivered(scene) == ["111 p-1"])
        }

        @Test("wait for a token that is revoked, and the reason says how to renew it", .timeLimit(.minutes(3)))
        func aRevokedTokenStopsTheDestination() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations = [
                    ("linkedin", configuration.linkedin([Self.purchases], token: "revoked-token-0123456789"))
                ]
            }
            try scene.post(Self.event("purchase", "p-1"))
            let isStopped = try await eventually {
                (try scene.relay.destination("linkedin"))["state"].string == "auth_stop"
            }
            #expect(isStopped)
            #expect((try scene.relay.destination("linkedin"))["detail"].string?.contains("Renew it") == true)
            try await scene.relay.terminate()
            scene.relay.configuration.destinations[0].value = scene.relay.configuration.linkedin([Self.purchases])
            try await scene.relay.start()
            try await scene.relay.waitUntilDelivered()
            #expect(try delivered(scene) == ["111 p-1"])
        }

        @Test("get names in clear where the destination says `clear`, and nowhere else", .timeLimit(.minutes(2)))
        func namesInClear() async throws {
            let scene = try await Scene.start { configuration in
                let value = configuration.linkedin([Self.purchases], after: ", clear: [first_name, last_name]")
                configuration.destinations = [("linkedin", value), ("meta", configuration.meta())]
            }
            let page = "\"page_location\":\"https://shop.example/\",\"user_agent\":\"UA\",\"client_id\""
            try scene.post(Self.event("purchase", "p-1").replacing("\"client_id\"", with: page))
            try await scene.relay.waitUntilDelivered()
            let info = try #require(try elements(scene).first)["user"]["userInfo"]
            #expect(info["firstName"].string == "Jane")
            #expect(info["lastName"].string == "Doe-Oakenshaw")
            #expect(info["countryCode"].string == "FR")
            let meta = try scene.sandbox.received("meta")
            #expect(meta.count == 1)
            #expect(!meta.description.contains("Oakenshaw"))
        }

        @Test("take only kinds in clear that their plugin lists", .timeLimit(.minutes(1)))
        func clearIsChecked() async throws {
            let scene = try await Scene.prepare { configuration in
                let value = configuration.linkedin([Self.purchases], after: ", clear: [email]")
                configuration.destinations = [("linkedin", value)]
            }
            let result = try await ConfigurationTests.check(scene)
            #expect(result.status == 2)
            let words = "takes only first_name, last_name unhashed; remove email"
            #expect(result.errors.contains(words), "\(result.output)\(result.errors)")
            let unknown = scene.relay.configuration.yaml.replacing("clear: [email]", with: "clear: [shoe_size]")
            let second = try await ConfigurationTests.check(scene, unknown)
            #expect(second.status == 2)
            #expect(second.errors.contains("`shoe_size` is not a kind of user data"), "\(second.errors)")
        }
    }
}
