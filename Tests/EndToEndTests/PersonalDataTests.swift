import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Random people")
    struct PersonalDataTests {
        private func event(_ person: RandomPerson, _ id: String) -> String {
            """
            {"event_name":"purchase","event_id":"\(id)","client_id":"4711.1795440000","user_id":"u-7","currency":"EUR",\
            "value":5,"transaction_id":"\(id)","user_agent":"\(EventText.userAgent)","ip_override":"203.0.113.24",\
            "page_location":"https://shop.example/?mail=\(person.email.filter { $0 != " " })",\
            "params":{"note":"for\(person.email)"},"user_data":\(person.userData)}
            """
        }

        private func bad(_ person: RandomPerson) -> String {
            #"{"event_name":"purchase","value":"\#(person.email)","user_data":\#(person.userData)}"#
        }

        @Test("are in no request, no log line and no byte of the store", .timeLimit(.minutes(3)))
        func staysOut() async throws {
            let scene = try await Scene.start { configuration in
                configuration.destinations += [
                    ("linkedin", configuration.linkedin(["{ event: purchase, rule: 1001 }"])),
                    ("tiktok", configuration.tiktok()),
                ]
                configuration.extra = "log: { level: debug, format: json }"
            }
            var generator = SeededGenerator(seed: 77)
            let people = (0..<200).map { _ in RandomPerson(&generator) }
            for start in stride(from: 0, to: people.count, by: 20) {
                let events = people[start..<(start + 20)].enumerated().map { event($1, "e\(start)-\($0)") }
                try scene.post("[\(events.joined(separator: ","))]")
                _ = try scene.relay.server.post("/v1/events", bad(people[start]))
            }
            try await scene.relay.waitUntilDelivered(within: .seconds(90))
            try await scene.relay.terminate()
            let scan = PersonalDataScan(people)
            for vendor in ["ga4", "meta", "linkedin", "tiktok"] {
                let received = try scene.sandbox.client.get("/_received?vendor=\(vendor)")
                #expect(Set(try scene.sandbox.eventIDs(vendor)).count == people.count, "\(vendor)")
                let findings = scan.findings(in: received.body)
                #expect(findings.isEmpty, "\(vendor): \(findings)")
            }
            let log = Array(scene.relay.log.utf8)
            #expect(log.count > 1_000)
            #expect(scan.findings(in: log).isEmpty, "log: \(scan.findings(in: log))")
            let files = TemporaryDirectory.files(below: scene.relay.stateDirectory)
            #expect(files.contains { $0.hasSuffix(".db") })
            for file in files {
                let findings = scan.findings(in: TemporaryDirectory.bytes(of: file))
                #expect(findings.isEmpty, "\(file): \(findings)")
            }
        }
    }
}
