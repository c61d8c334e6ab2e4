import Testing

@testable import RelaisSandbox

@Suite struct FaultReaderTests {
    private func read(_ text: String) -> Result<[Fault], FaultListErrors> {
        let request = SimulatedRequest(method: "PUT", path: "/_faults", body: Array(text.utf8))
        return FaultReader.read(request.json, vendors: ["ga4", "meta"])
    }

    @Test func readsEveryKindOfFault() throws {
        let faults = try read(
            """
            [{"vendor":"meta","status":429,"body":{"error":{"code":4}},"headers":{"Retry-After":"3"},"rate":0.5},
            {"outage":true,"count":2,"match":"evt-1"},{"vendor":"ga4","reset":true},{"malformed":true,"body":"<html>"},
            {"latency_ms":50}]
            """
        ).get()
        #expect(
            faults == [
                Fault(
                    vendor: "meta",
                    effect: .answer(
                        status: 429,
                        body: Array(#"{"error":{"code":4}}"#.utf8),
                        mediaType: "application/json"
                    ),
                    headers: [HeaderLine("retry-after", "3")],
                    rate: 0.5
                ),
                Fault(effect: .outage, match: Array("evt-1".utf8), count: 2), Fault(vendor: "ga4", effect: .reset),
                Fault(effect: .malformed(body: Array("<html>".utf8))),
                Fault(effect: .vendorAnswer, latencyMilliseconds: 50),
            ]
        )
    }

    @Test func writesWhatItReads() throws {
        let faults = try read(
            #"[{"vendor":"meta","status":500,"body":{"a":1},"headers":{"x-a":"b"},"rate":0.25,"match":"m","count":3},"#
                + #"{"reset":true,"latency_ms":9}]"#
        ).get()
        let written = SimulatedRequest(method: "PUT", path: "/", body: FaultWriter.json(faults))
        #expect(try FaultReader.read(written.json, vendors: ["meta"]).get() == faults)
    }

    @Test(arguments: [
        ("", ""), ("{}", ""), ("[", ""), ("[1]", "/0"), ("[{}]", "/0"), (#"[{"outage":false}]"#, "/0"),
        (#"[{"vendor":"x","outage":true}]"#, "/0/vendor"),
        (#"[{"status":199}]"#, "/0/status"), (#"[{"status":"500"}]"#, "/0/status"), (#"[{"outage":1}]"#, "/0/outage"),
        (#"[{"reset":true},{"outage":true,"rate":1.5}]"#, "/1/rate"), (#"[{"outage":true,"rate":"1"}]"#, "/0/rate"),
        (#"[{"latency_ms":-1,"outage":true}]"#, "/0/latency_ms"), (#"[{"outage":true,"reset":true}]"#, "/0"),
        (#"[{"outage":true,"colour":1}]"#, "/0/colour"), (#"[{"outage":true,"match":""}]"#, "/0/match"),
        (#"[{"outage":true,"count":0}]"#, "/0/count"), (#"[{"outage":true,"body":"x"}]"#, "/0/body"),
        (#"[{"status":500,"headers":{"a b":"c"}}]"#, "/0/headers/a b"),
        (#"[{"status":500,"headers":{"a":"b\nc"}}]"#, "/0/headers/a"), (#"[{"status":500,"status":500}]"#, "/0/status"),
    ])
    func pointsAtWhatIsWrong(text: String, pointer: String) {
        guard case .failure(let list) = read(text) else {
            Issue.record("accepted \(text)")
            return
        }
        #expect(list.errors.map(\.pointer) == [pointer])
        #expect(list.errors.allSatisfy { !$0.reason.isEmpty })
    }

    @Test func reportsAllErrorsAtOnce() {
        guard case .failure(let list) = read(#"[{"status":1,"rate":2},{"vendor":"x","outage":true}]"#) else {
            Issue.record("accepted")
            return
        }
        #expect(list.errors.map(\.pointer) == ["/0/status", "/0/rate", "/1/vendor"])
    }
}

@Suite struct FaultTableTests {
    private func request(_ body: String = "", query: String = "") -> SimulatedRequest {
        SimulatedRequest(method: "POST", path: "/graph.facebook.com/x", rawQuery: query, body: Array(body.utf8))
    }

    @Test func hitsOnlyTheNamedVendor() {
        var table = FaultTable([Fault(vendor: "meta", effect: .outage)])
        #expect(table.plan(for: request(), vendor: "ga4").effect == .vendorAnswer)
        #expect(table.plan(for: request(), vendor: "meta").effect == .outage)
    }

    @Test func hitsOnlyRequestsThatContainTheMatchInBodyOrQuery() {
        var table = FaultTable([Fault(effect: .outage, match: Array("evt-7".utf8))])
        #expect(table.plan(for: request("evt-1"), vendor: "meta").effect == .vendorAnswer)
        #expect(table.plan(for: request("a evt-7 b"), vendor: "meta").effect == .outage)
        #expect(table.plan(for: request(query: "x=evt-7"), vendor: "meta").effect == .outage)
    }

    @Test func endsAfterItsCountOfMatchingRequests() {
        var table = FaultTable([Fault(effect: .outage, match: Array("m".utf8), count: 2)])
        let effects = ["m", "x", "m", "m"].map { table.plan(for: request($0), vendor: "meta").effect }
        #expect(effects == [.outage, .vendorAnswer, .outage, .vendorAnswer])
    }

    @Test func addsUpDelaysAndStopsAtTheFirstAnswer() {
        var table = FaultTable([
            Fault(effect: .vendorAnswer, headers: [HeaderLine("a", "1")], latencyMilliseconds: 5),
            Fault(effect: .reset, latencyMilliseconds: 7), Fault(effect: .outage, latencyMilliseconds: 100),
        ])
        let plan = table.plan(for: request(), vendor: "meta")
        #expect(plan == .init(latencyMilliseconds: 12, headers: [HeaderLine("a", "1")], effect: .reset))
    }

    @Test func drawsTheSameLotsInEveryRun() {
        func lots() -> [Bool] {
            var table = FaultTable([Fault(effect: .outage, rate: 0.3)])
            return (0..<2_000).map { _ in table.plan(for: request(), vendor: "meta").effect == .outage }
        }
        let first = lots()
        #expect(first == lots())
        #expect((540...660).contains(first.count { $0 }))
    }

    @Test(arguments: [(0.0, 0), (1.0, 100)])
    func neverAndAlwaysAreExact(rate: Double, hits: Int) {
        var table = FaultTable([Fault(effect: .outage, rate: rate)])
        let count = (0..<100).count { _ in table.plan(for: request(), vendor: "meta").effect == .outage }
        #expect(count == hits)
    }
}
