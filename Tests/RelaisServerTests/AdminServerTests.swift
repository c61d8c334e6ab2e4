import Foundation
import Logging
import RelaisConfig
import RelaisEvent
import RelaisTestKit
import Synchronization
import Testing

@testable import RelaisServer

@Suite struct AdminServerTests {
    let scene = ReceiptScene()
    let ring = RejectionRing()
    let control = RecordedControl(known: ["ga4", "meta"])

    private func withServer(
        token: String? = "admin-token-0123456789",
        reloaded: ReloadReport = ReloadReport(),
        _ body: @escaping @Sendable (HTTPClient) throws -> Void
    ) async throws {
        var configuration = AdminConfiguration()
        configuration.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.token = token.map { Secret(value: $0) }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let ring = ring
        let control = control
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = AdminServer(
            service: AdminService(
                receipts: scene.service,
                control: control,
                log: scene.log,
                rejections: { ring.newest(limit: $0) },
                reload: { reloaded }
            ),
            listen: configuration.listen,
            guardian: { [configuration] in AdminGuard(configuration: configuration) },
            logger: logger,
            onServerRunning: { port.yield($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let bound = try #require(await iterator.next())
            let headers = token.map { [(name: "authorization", value: "Bearer \($0)")] } ?? []
            try await Self.onThread { try body(HTTPClient(port: bound, headers: headers)) }
            group.cancelAll()
        }
    }

    private static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread { continuation.resume(with: Result { try body() }) }.start()
        }
    }

    @Test func saysHealthyToEverybody() async throws {
        try await withServer { client in
            let answer = try HTTPClient(port: client.port).get("/healthz")
            #expect(answer.status == 200)
            #expect(answer.text == "{\"status\":\"ok\"}\n")
            #expect(answer.header("cache-control") == "no-store")
        }
    }

    @Test func refusesWhoShowsNoTokenOrAWrongOne() async throws {
        try await withServer { client in
            let stranger = HTTPClient(port: client.port)
            for path in [
                "/metrics", "/api/v1/destinations/meta", "/api/v1/destinations", "/api/v1/events",
                "/api/v1/events/x", "/api/v1/rejections", "/x",
            ] {
                let answer = try stranger.get(path)
                #expect(answer.status == 401)
                #expect(answer.header("www-authenticate") == "Bearer realm=\"relais\"")
            }
            for value in ["Bearer admin-token-012345678", "Bearer ", "Basic admin-token-0123456789", "Bearer x"] {
                #expect(try stranger.get("/api/v1/events", headers: [("authorization", value)]).status == 401)
            }
            #expect(try client.get("/api/v1/events").status == 200)
        }
    }

    @Test func refusesWhatForeignPagesMakeABrowserSend() async throws {
        try await withServer(token: nil) { client in
            let own = "127.0.0.1:\(client.port)"
            let cases = [
                (own, "origin", "http://\(own)", 200), (own, "origin", "https://evil.example", 403),
                (own, "origin", "null", 403), (own, "origin", "http://127.0.0.1:1", 403),
                (own, "sec-fetch-site", "cross-site", 403), (own, "sec-fetch-site", "none", 200),
                ("evil.example:\(client.port)", "accept", "*/*", 403),
                ("localhost:\(client.port)", "accept", "*/*", 200),
            ]
            for (host, name, value, status) in cases {
                let headers = [(name: "host", value: host), (name: name, value: value)]
                let answer = try client.get("/api/v1/destinations", headers: headers)
                #expect(answer.status == status, "\(headers)")
            }
        }
    }

    @Test func listsDestinationsInTheContractsShape() async throws {
        try await withServer { client in
            let json = try client.get("/api/v1/destinations").json()
            #expect(json.array.map { $0["id"].string } == ["ga4", "meta"])
            let wanted = [
                "lag": 3, "in_flight": 2, "delivered": 10, "retrying": 1, "parked": 0, "dead": 4, "restarts": 0,
            ]
            for (name, value) in wanted { #expect(json[0][name].int == value, "\(name)") }
            #expect(json[0]["state"].string == "active")
            #expect(json[0]["confirms"].bool == false && json[1]["confirms"].bool == true)
            #expect(json[0]["plugin"].string == "ga4")
        }
    }

    @Test func listsEventsNewestFirstOrAfterASequenceNumber() async throws {
        for number in 1...60 { scene.accept(ReceiptScene.event("scroll", id: "e-\(number)")) }
        try await withServer { client in
            let newest = try client.get("/api/v1/events").json().array
            #expect(newest.count == 50 && newest.first?["seq"].int == 60)
            #expect(newest.first?["event_id"].string == "e-60")
            #expect(newest.first?["destinations"]["meta"].string == "waiting")
            let after = try client.get("/api/v1/events?after=57&limit=2").json().array
            #expect(after.map { $0["seq"].int } == [58, 59])
        }
    }

    @Test func refusesQueriesItDoesNotUnderstand() async throws {
        try await withServer { client in
            for query in ["limit=0", "limit=501", "limit=x", "after=-1", "limt=5", "after="] {
                let answer = try client.get("/api/v1/events?\(query)")
                #expect(answer.status == 400, "\(query)")
                #expect(try answer.json()["error"].string?.isEmpty == false)
            }
        }
    }

    @Test func tellsReceiptsAsJSONAndAsText() async throws {
        let seq = scene.accept(ReceiptScene.event("purchase", id: "a/b é"))
        try scene.record("meta", [seq])
        try await withServer { client in
            let answer = try client.get("/api/v1/events/a%2Fb%20%C3%A9")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "application/json")
            #expect(try answer.json()["event_id"].string == "a/b é")
            let text = try client.get("/api/v1/events/seq:1?width=60", headers: [("accept", "text/plain")])
            #expect(text.header("content-type") == "text/plain; charset=utf-8")
            for word in ["Now", "In", "Decided", "Sent", "Answered", "exact: "] { #expect(text.text.contains(word)) }
            #expect(text.text.split(separator: "\n").allSatisfy { $0.count <= 60 })
        }
    }

    @Test func saysWhyThereIsNoReceipt() async throws {
        try await withServer { client in
            let missing = try client.get("/api/v1/events/nobody")
            #expect(missing.status == 404)
            #expect(try missing.json()["error"].string?.contains("nobody") == true)
            #expect(try client.get("/api/v1/events/seq:5").status == 404)
            #expect(try client.get("/api/v1/events/seq:none").status == 400)
            #expect(try client.get("/api/v1/nothing").status == 404)
            #expect(try client.request("DELETE", "/api/v1/events/seq:5").status == 405)
        }
    }

    @Test func pausesAndResumesADestinationAndAnswersWhenThatIsOnDisk() async throws {
        try await withServer { client in
            let pause = try client.request(
                "POST",
                "/api/v1/destinations/meta/pause",
                headers: [("content-type", "application/json")],
                body: Array("{\"reason\":\"moving\"}".utf8)
            )
            #expect(pause.status == 200, "\(pause.text)")
            #expect(try pause.json()["id"].string == "meta")
            let resume = try client.request(
                "POST",
                "/api/v1/destinations/meta/resume",
                headers: [("content-type", "application/json; charset=utf-8")]
            )
            #expect(resume.status == 200, "\(resume.text)")
            #expect(control.told == ["pause meta: moving", "resume meta"])
            #expect(scene.state.flushes.load(ordering: .relaxed) == 2)
            #expect(try client.get("/api/v1/destinations/meta").json()["lag"].int == 3)
        }
    }

    @Test func refusesWritesThatAForeignPageCouldSend() async throws {
        try await withServer(token: nil) { client in
            for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
                let headers = type.isEmpty ? [] : [(name: "content-type", value: type)]
                let answer = try client.post("/api/v1/destinations/meta/pause", "{}", headers: headers)
                #expect(answer.status == 415, "\(type)")
            }
            let json = [(name: "content-type", value: "application/json")]
            let origin = [(name: "origin", value: "https://evil.example")]
            let path = "/api/v1/destinations/meta/pause"
            #expect(try client.post(path, "{}", headers: json + origin).status == 403)
            #expect(control.told == [])
            #expect(try client.post(path, "{}", headers: json).status == 200)
        }
    }

    @Test func refusesWritesThatSayNothingUseful() async throws {
        try await withServer { client in
            let cases: [(String, String, String, String, Int)] = [
                ("POST", "meta/pause", "application/json", "{\"reason\":7}", 400),
                ("POST", "meta/pause", "application/json", "{", 400),
                ("POST", "nobody/pause", "application/json", "{}", 404),
                ("POST", "nobody/resume", "application/json", "{}", 404),
                ("POST", "meta/stop", "application/json", "{}", 404), ("GET", "meta/pause", "", "", 405),
                ("POST", "meta", "application/json", "{}", 405), ("GET", "nobody", "", "", 404),
                (
                    "POST", "meta/pause", "application/json",
                    "{\"reason\":\"\(String(repeating: "x", count: 501))\"}", 400
                ),
            ]
            for (method, path, type, body, status) in cases {
                let answer = try client.request(
                    method,
                    "/api/v1/destinations/\(path)",
                    headers: type.isEmpty ? [] : [("content-type", type)],
                    body: Array(body.utf8)
                )
                #expect(answer.status == status, "\(method) \(path) \(type) \(body.prefix(20)): \(answer.text)")
                #expect(try answer.json()["error"].string?.isEmpty == false)
            }
            #expect(control.told == [])
            let stranger = HTTPClient(port: client.port, headers: [("content-type", "application/json")])
            #expect(try stranger.post("/api/v1/destinations/meta/pause", "{}").status == 401)
        }
    }

    @Test func searchesByWhatIsGivenAndSaysWhereToGoOn() async throws {
        for number in 1...5 {
            var event = ReceiptScene.event("purchase", id: "e-\(number)", site: number == 3 ? "blog" : "shop")
            event.set(.clientID, "visitor")
            let hash = String(repeating: "ab", count: 32)
            if number == 4 { event.userData = [UserIdentifier(kind: .email, recipe: "lower", value: hash, group: 0)] }
            scene.accept(event)
        }
        try await withServer { client in
            func seqs(_ answer: HTTPAnswer) throws -> [Int?] { try answer.json().array.map { $0["seq"].int } }
            let first = try client.get("/api/v1/events?client_id=visitor&limit=2")
            #expect(try seqs(first) == [5, 4])
            #expect(first.header("relais-next") == "4")
            let rest = try client.get("/api/v1/events?client_id=visitor&before=4")
            #expect(try seqs(rest) == [3, 2, 1] && rest.header("relais-next") == nil)
            #expect(try seqs(try client.get("/api/v1/events?site=blog&event_name=purchase")) == [3])
            #expect(try seqs(try client.get("/api/v1/events?event_id=e-2&since=2026-11-01&until=2027-01-01")) == [2])
            let body = "{\"identifiers\":[\"\(String(repeating: "AB", count: 32))\"]}"
            #expect(try seqs(try client.post("/api/v1/events", body)) == [4])
            for query in ["since=soon", "event_id=a&transaction_id=b", "after=1&site=shop", "identifiers=x"] {
                #expect(try client.get("/api/v1/events?\(query)").status == 400, "\(query)")
            }
            let clear = try client.post("/api/v1/events", "{\"identifiers\":[\"jane@example.org\"]}")
            #expect(clear.status == 400 && !clear.text.contains("jane"))
        }
    }

    @Test func listsDeadLettersAndTellsTheDeliveriesWhatIsToBeDoneWithThem() async throws {
        for number in 1...4 { scene.accept(ReceiptScene.event("purchase", id: "id-\(number)")) }
        for (seq, destination, reason) in [(1, "meta", "invalid"), (2, "meta", "expired"), (3, "gone", "invalid")] {
            try scene.bury(destination, UInt64(seq), reason: reason, at: 1_795_445_000_000)
        }
        let json = [(name: "content-type", value: "application/json")]
        try await withServer { client in
            let list = try client.get("/api/v1/dead").json()
            #expect(list["letters"].array.map { $0["seq"].int } == [3, 2, 1])
            #expect(list["total"].int == 3 && list["letters"][0]["event"] == .null)
            let page = try client.get("/api/v1/dead?limit=1&reason=invalid&events=1").json()
            #expect(page["letters"][0]["event"]["event_name"].string == "purchase" && page["next"].int == 3)
            let lines = try client.get("/api/v1/dead?destination=meta", headers: [("accept", "application/x-ndjson")])
            #expect(lines.text.split(separator: "\n").count == 2)
            let retried = try client.post("/api/v1/dead/retry", "{}", headers: json).json()
            #expect(retried["retried"].int == 2 && retried["not_configured"].int == 1)
            #expect(retried["remaining"].int == 0)
            let dropped = try client.post("/api/v1/dead/drop", "{\"reason\":\"expired\"}", headers: json).json()
            #expect(dropped["dropped"].int == 1)
            #expect(control.told == ["replay meta: [2, 1]", "drop meta: [2]"])
            for body in ["{\"limit\":0}", "{\"since\":\"soon\"}", "{\"seq\":\"x\"}", "[]"] {
                #expect(try client.post("/api/v1/dead/retry", body, headers: json).status == 400, "\(body)")
            }
            #expect(try client.get("/api/v1/dead/retry").status == 405)
            #expect(try client.get("/api/v1/dead?destinaton=meta").status == 400)
        }
    }

    @Test func listsDeadRangesAndReopensWhatTheLogStillHasOfThem() async throws {
        for number in 1...5 {
            let outcome: Decision.Outcome = number == 4 ? .refused : .entitled
            scene.accept(ReceiptScene.event("purchase", id: "id-\(number)"), [("meta", outcome)])
        }
        scene.log.forget(1)
        scene.log.forget(2)
        scene.state.ranges.withLock {
            $0 = [
                DeadLetterRange(
                    destination: "meta",
                    seqs: 1..<6,
                    at: 1_795_445_000_000,
                    reason: .expired,
                    detail: "older than 10 s"
                )
            ]
        }
        let json = [(name: "content-type", value: "application/json")]
        try await withServer { client in
            let range = try client.get("/api/v1/dead?reason=expired").json()["ranges"][0]
            #expect(range["from"].int == 1 && range["to"].int == 5 && range["count"].int == 5)
            #expect(range["destination"].string == "meta" && range["detail"].string == "older than 10 s")
            for query in ["reason=shed", "destination=ga4", "seq=3", "event_name=purchase", "event_id=id-3"] {
                #expect(try client.get("/api/v1/dead?\(query)").json()["ranges"].array.isEmpty, "\(query)")
            }
            let retried = try client.post("/api/v1/dead/retry", "{\"reason\":\"expired\"}", headers: json).json()
            #expect(retried["entries"].int == 5 && retried["gone"].int == 2)
            let dropped = try client.post("/api/v1/dead/drop", "{\"destination\":\"meta\"}", headers: json).json()
            #expect(dropped["entries"].int == 5)
            let told = ["reopen meta: 1..<6 as [3, 5]", "reopen meta: 1..<6 as []"]
            #expect(control.told == told)
        }
    }

    @Test func listsRejectionsNewestFirst() async throws {
        for number in 1...3 {
            ring.add(
                RejectionRing.Entry(
                    at: 1_795_445_369_000_000,
                    source: "web",
                    client: "gtag",
                    eventName: "",
                    kind: "malformed",
                    reason: "reason \(number)"
                )
            )
        }
        try await withServer { client in
            let json = try client.get("/api/v1/rejections?limit=2").json()
            #expect(json.array.map { $0["reason"].string } == ["reason 3", "reason 2"])
            #expect(json[0]["at"].string == "2026-11-23T14:49:29.000Z")
            #expect(json[0]["kind"].string == "malformed")
        }
    }

    @Test func reloadsWhenAskedByPostAndTellsWhatCameOfIt() async throws {
        var report = ReloadReport()
        let place = SourceLocation(file: "relais.yaml", line: 3, column: 8)
        report.findings = [ConfigurationDiagnostic(.error, at: place, path: "state", message: "m", fix: "f")]
        try await withServer(reloaded: report) { client in
            let refused = try client.request("POST", "/api/v1/reload")
            #expect(refused.status == 422)
            #expect(try refused.json()["applied"].bool == false)
            #expect(try refused.json()["findings"][0]["column"].int == 8)
            let read = try client.get("/api/v1/reload")
            #expect(read.status == 405 && read.header("allow") == "POST")
            #expect(try HTTPClient(port: client.port).request("POST", "/api/v1/reload").status == 401)
        }
        report.isApplied = true
        report.findings = []
        report.changes.added = ["late"]
        try await withServer(reloaded: report) { client in
            let applied = try client.request("POST", "/api/v1/reload")
            #expect(applied.status == 200)
            #expect(applied.text.hasPrefix(#"{"applied":true,"destinations":{"added":["late"],"restarted":[]"#))
        }
    }

    @Test func namesAPortThatIsTakenAndTheFix() async throws {
        let port = try FreePort.next()
        let holder = try ListeningSocket(port: port)
        defer { holder.close() }
        var configuration = AdminConfiguration()
        configuration.listen = ListenAddress(host: "127.0.0.1", port: port)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = AdminServer(
            service: AdminService(
                receipts: scene.service,
                control: control,
                log: scene.log,
                rejections: { _ in [] },
                reload: { ReloadReport() }
            ),
            listen: configuration.listen,
            guardian: { [configuration] in AdminGuard(configuration: configuration) },
            logger: logger
        )
        let error = await #expect(throws: AdminServerError.self) { try await server.run() }
        #expect(error == .addressInUse("127.0.0.1:\(port)"))
        #expect(error?.description.contains("admin.listen") == true)
    }

    @Test func comparesTokensWhole() {
        #expect(AdminGuard.areEqual("abc", "abc"))
        for shown in ["", "a", "abd", "abca", "abcabc", "bbc"] { #expect(!AdminGuard.areEqual(shown, "abc")) }
        #expect(!AdminGuard.areEqual("", ""))
    }
}
