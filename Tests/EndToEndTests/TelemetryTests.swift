import RelaisTestKit
import Testing

extension EndToEnd {
    @Suite("Metrics")
    struct TelemetryTests {
        private static func event(_ id: String, userData: String = "{}", name: String = "purchase", more: String = "")
            -> String
        {
            EventText.purchase(id, name: name).replacing(
                "{\"event_name\"",
                with: "{\(more)\"user_data\":\(userData),\"event_name\"",
                maxReplacements: 1
            )
        }

        private static func scrape(_ scene: Scene) throws -> MetricsPage {
            let answer = try scene.relay.admin.get("/metrics")
            #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            return try MetricsPage(answer.text)
        }

        private static let denied =
            "\"consent\":{\"ad_storage\":\"denied\",\"ad_user_data\":\"denied\",\"analytics_storage\":\"denied\"},"

        /// Of 14 events 2 are duplicates, 1 is malformed, 1 is refused by everybody and 1 has no standard event at Meta.
        private static func send(_ scene: Scene) throws {
            let email = "\"email_address\":\"jane@example.org\""
            let events =
                (0..<4).map { event("both-\($0)", userData: "{\(email),\"phone_number\":\"+33612345678\"}") }
                + (0..<3).map { event("email-\($0)", userData: "{\(email)}") }
                + (0..<2).map { event("phone-\($0)", userData: "{\(email),\"phone_number\":\"call me\"}") }
                + [event("scroll-0", name: "scroll"), event("denied-0", more: denied)]
            try scene.post("[\(events.joined(separator: ","))]")
            let again = try scene.post("[\(events[0]),\(events[1]),{\"event_name\":\"purchase\",\"value\":\"129,90\"}]")
            #expect(again["duplicates"].int == 2)
            #expect(try scene.relay.client.post("/v1/events", "{}").status == 401)
        }

        @Test("agree with what was sent and with what the vendors received", .timeLimit(.minutes(3)))
        func counts() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try scene.sandbox.setFaults("[{\"vendor\":\"meta\",\"status\":500,\"body\":\"oops\",\"count\":2}]")
            try Self.send(scene)
            try await scene.relay.waitUntilDelivered()
            let page = try Self.scrape(scene)
            let stream = ["site": "shop", "source": "server", "client": "relais"]
            #expect(page.value("relais_events_accepted_total", stream) == 11)
            #expect(page.value("relais_events_stub_total", stream) == 1)
            #expect(page.value("relais_events_duplicate_total", stream) == 2)
            #expect(page.value("relais_events_rejected_total", ["reason": "malformed"]) == 1)
            #expect(page.value("relais_collector_requests_refused_total", ["reason": "unauthorized"]) == 1)
            #expect(page.value("relais_collector_requests_total", ["code": "202"]) == 2)
            #expect(page.value("relais_collector_requests_total", ["code": "401"]) == 1)
            #expect(page.value("relais_collector_request_duration_seconds_count") == 2)
            #expect(page.value("relais_log_end_seq") == 12)
            #expect(page.value("relais_log_commit_events_sum") == 11)
            #expect(page.value("relais_ready") == 1)
            #expect(page.value("relais_log_writable") == 1)
            #expect((page.value("process_resident_memory_bytes") ?? 0) > 1_000_000)
            try checkDestinations(page, scene)
            try await checkMatchQuality(page, scene)
            #expect(page.families.values.allSatisfy { !$0.type.isEmpty && !$0.help.isEmpty })
        }

        private func checkDestinations(_ page: MetricsPage, _ scene: Scene) throws {
            #expect(page.value("relais_events_entitled_total", ["destination": "meta"]) == 9)
            #expect(page.value("relais_events_entitled_total", ["destination": "ga4"]) == 10)
            for (name, reason) in [("meta", "not_mapped"), ("meta", "consent_denied"), ("ga4", "consent_denied")] {
                #expect(
                    page.value("relais_events_not_sent_total", ["destination": name, "reason": reason]) == 1,
                    "\(name) \(reason)"
                )
            }
            let delivered = page.value("relais_destination_delivered_events_total", ["destination": "meta"])
            #expect(delivered == 9)
            #expect(delivered == Double(try scene.sandbox.eventIDs("meta").count))
            let sent = page.value("relais_destination_sent_events_total", ["destination": "ga4"])
            #expect(sent == 10)
            #expect(sent == Double(try scene.sandbox.eventIDs("ga4").count))
            #expect(page.value("relais_destination_delivered_events_total", ["destination": "ga4"]) == nil)
            #expect(page.value("relais_destination_sent_events_total", ["destination": "meta"]) == nil)
            #expect(page.sum("relais_destination_retried_events_total", ["destination": "meta"]) > 0)
            #expect(page.value("relais_vendor_requests_total", ["destination": "meta", "result": "5xx"]) == 2)
            for name in ["meta", "ga4"] {
                let requests = page.sum("relais_vendor_requests_total", ["destination": name])
                #expect(requests == Double(try scene.sandbox.received(name).count), "\(name)")
                #expect(page.value("relais_vendor_request_duration_seconds_count", ["destination": name]) == requests)
                #expect(page.value("relais_destination_lag_events", ["destination": name]) == 0)
                #expect(page.value("relais_destination_oldest_waiting_seconds", ["destination": name]) == 0)
                #expect(page.value("relais_destination_state", ["destination": name, "state": "active"]) == 1)
                #expect(page.sum("relais_destination_state", ["destination": name]) == 1)
                #expect((page.value("relais_plugin_calls_total", ["destination": name]) ?? 0) > 0)
            }
            #expect(page.value("relais_destination_delivery_duration_seconds_count", ["destination": "meta"]) == 9)
        }

        private func checkMatchQuality(_ page: MetricsPage, _ scene: Scene) async throws {
            #expect(page.value("relais_match_events_total", ["destination": "meta"]) == 9)
            func count(_ identifier: String, _ state: String) -> Double? {
                page.value(
                    "relais_match_identifiers_total",
                    ["destination": "meta", "identifier": identifier, "state": state]
                )
            }
            #expect(count("email", "present") == 9)
            #expect(count("phone", "present") == 4)
            #expect(count("phone", "malformed") == 2)
            let meta = try scene.relay.admin.get("/api/v1/destinations/meta").json()
            #expect(meta["id"].string == "meta")
            #expect(meta["match"]["events"].int == 9)
            let phone = meta["match"]["identifiers"].array.first { $0["identifier"].string == "phone" } ?? .null
            #expect(phone["present"].int == 4)
            #expect(phone["present_percent"].int == 44)
            #expect(phone["missing"].int == 3)
            #expect(phone["unusable"][0]["reason"].string == "malformed")
            #expect(phone["unusable"][0]["percent"].int == 22)
            let shown = try await scene.relay.command(["destinations", "show", "meta"])
            #expect(shown.status == 0, "\(shown.errors)")
            let line = shown.output.split(separator: "\n").first { $0.contains("phone") } ?? ""
            #expect(line.contains("44 %") && line.contains("22 % malformed"), "\(shown.output)")
        }

        @Test("are for those who show the token", .timeLimit(.minutes(2)))
        func token() async throws {
            let scene = try await Scene.start()
            let stranger = HTTPClient(port: scene.relay.configuration.adminPort)
            #expect(try stranger.get("/metrics").status == 401)
            let answer = try scene.relay.admin.get(
                "/metrics",
                headers: [("accept", "application/openmetrics-text;version=1.0.0")]
            )
            #expect(answer.header("content-type")?.hasPrefix("application/openmetrics-text") == true)
            #expect(answer.text.hasSuffix("# EOF\n"))
            #expect(try scene.relay.admin.post("/metrics", "").status == 405)
            #expect(try scene.relay.admin.get("/api/v1/destinations/nobody").status == 404)
        }

        @Test("tell what waits, how old it is, and what became of it", .timeLimit(.minutes(3)))
        func outage() async throws {
            let scene = try await Scene.start(Scene.oneAtATime)
            try await scene.sandbox.stop()
            try scene.post(EventText.array(EventText.ids("waits", 5)))
            let meta = ["destination": "meta"]
            let isOld = try await eventually {
                let page = try Self.scrape(scene)
                return (page.value("relais_destination_oldest_waiting_seconds", meta) ?? 0) > 1
                    && page.value("relais_destination_lag_events", meta) == 5
                    && page.value("relais_destination_state", ["destination": "meta", "state": "holding"]) == 1
            }
            #expect(isOld)
            #expect(
                try Self.scrape(scene).sum(
                    "relais_vendor_requests_total",
                    ["destination": "meta", "result": "connect"]
                ) > 0
            )
            try await scene.sandbox.startAgain()
            try await scene.relay.waitUntilDelivered()
            let page = try Self.scrape(scene)
            #expect(page.value("relais_destination_delivered_events_total", meta) == 5)
            #expect(
                page.value("relais_destination_delivery_duration_seconds_bucket", ["destination": "meta", "le": "1"])
                    == 0
            )
        }

        @Test("count on over a reload, and over the end of a plugin's process", .timeLimit(.minutes(3)))
        func reload() async throws {
            let scene = try await Scene.start()
            try scene.post(EventText.array(EventText.ids("before", 3)))
            try await scene.relay.waitUntilDelivered()
            #expect(scene.relay.killPluginChild(0))
            #expect(scene.relay.killPluginChild(1))
            var changed = scene.relay.configuration
            changed.destinations[1].value = changed.meta(", concurrency: 2")
            changed.destinations.append(("meta-be", changed.meta()))
            try scene.relay.directory.write(changed.yaml, to: "relais.yaml")
            #expect(try scene.relay.admin.post("/api/v1/reload", "").status == 200)
            try scene.post(EventText.array(EventText.ids("after", 4)))
            var page = try Self.scrape(scene)
            let isCounted = try await eventually(within: .seconds(30)) {
                page = try Self.scrape(scene)
                return page.value("relais_destination_delivered_events_total", ["destination": "meta"]) == 7
                    && page.value("relais_destination_delivered_events_total", ["destination": "meta-be"]) == 4
                    && page.value("relais_destination_sent_events_total", ["destination": "ga4"]) == 7
            }
            #expect(isCounted)
            #expect(page.sum("relais_events_accepted_total") == 7)
            #expect(page.sum("relais_plugin_restarts_total") > 0)
        }
    }
}
