import Testing

@testable import RelaisSandbox

@Suite struct ReceivedLedgerTests {
    private func exchange(
        _ id: String,
        vendor: String = "meta",
        at seconds: Int64 = 1_000,
        accepted: Bool = true,
        body: String = ""
    ) -> Exchange {
        let key = SeenEvent.DuplicateKey(text: id, windowMilliseconds: MetaSimulator.duplicateWindowMilliseconds)
        return Exchange(
            vendor: vendor,
            atMilliseconds: seconds * 1_000,
            request: SimulatedRequest(
                method: "POST",
                path: "/p",
                rawQuery: "a=1&b=2&a=%C3%A9",
                headers: [HeaderLine("X-A", "v")],
                body: Array(body.utf8)
            ),
            status: accepted ? 200 : 500,
            events: [SeenEvent(name: "n", id: id, duplicateKey: key)],
            objections: [Objection(MetaCheck.data, "p")],
            accepted: accepted,
            disturbance: accepted ? nil : .answer
        )
    }

    private func all(_ ledger: ReceivedLedger, _ selection: ReceivedLedger.Selection = .init()) -> [ReceivedRecord] {
        ledger.page(from: 0, before: .max, selection: selection, limit: .max).records
    }

    private func duplicates(_ ledger: ReceivedLedger) throws -> [Bool?] {
        try all(ledger).map { try JSONParser.parse($0.json)["events"]?[0]?["duplicate"]?.bool }
    }

    @Test func writesTheWholeRecord() throws {
        var ledger = ReceivedLedger(maximumRecords: 10, maximumBytes: 10_000)
        ledger.append(exchange("e1", body: #"{"v": 129.90}"#))
        let text = String(decoding: all(ledger)[0].json, as: UTF8.self)
        #expect(
            text
                == #"{"vendor":"meta","at":"1970-01-01T00:16:40.000Z","method":"POST","path":"/p","#
                + #""query":{"a":["1","é"],"b":"2"},"headers":{"x-a":"v"},"body":{"v": 129.90},"status":200,"#
                + #""events":[{"event_name":"n","event_id":"e1","duplicate":false}],"index":0,"accepted":true,"#
                + #""problems":["p"],"checks":["meta.data"],"fault":null}"#
        )
    }

    @Test func keepsBodiesThatAreNotJSONAsText() throws {
        var ledger = ReceivedLedger(maximumRecords: 10, maximumBytes: 10_000)
        ledger.append(exchange("e1", body: "en=a\r\nen=\"b\""))
        ledger.append(exchange("e2", body: "{broken"))
        let bodies = try all(ledger).map { try JSONParser.parse($0.json)["body"]?.string }
        #expect(bodies == ["en=a\r\nen=\"b\"", "{broken"])
    }

    @Test func marksRepeatsWithinTheWindowOfTheFirst() throws {
        var ledger = ReceivedLedger(maximumRecords: 10, maximumBytes: 100_000)
        let hours: [Int64] = [0, 47, 49, 50]
        for hour in hours { ledger.append(exchange("e1", at: 1_000 + hour * 3_600)) }
        ledger.append(exchange("e2"))
        #expect(try duplicates(ledger) == [false, true, false, true, false])
        #expect(ledger.counters["meta"]?.duplicateEvents == 2)
    }

    @Test func countsNoRefusedCopyAsTheFirst() throws {
        var ledger = ReceivedLedger(maximumRecords: 10, maximumBytes: 100_000)
        for accepted in [false, true, false, true] { ledger.append(exchange("e1", accepted: accepted)) }
        #expect(try duplicates(ledger) == [false, false, false, true])
        let counter = try #require(ledger.counters["meta"])
        #expect(counter.requests == 4)
        #expect(counter.acceptedEvents == 2)
    }

    @Test func dropsTheOldestBeyondItsNumber() {
        var ledger = ReceivedLedger(maximumRecords: 100, maximumBytes: .max)
        for index in 0..<5_000 { ledger.append(exchange("e\(index)")) }
        #expect(all(ledger).map(\.index) == Array(4_900..<5_000))
        #expect(ledger.counters["meta"]?.requests == 5_000)
        #expect(ledger.counters["meta"]?.dropped == 4_900)
    }

    @Test func dropsTheOldestBeyondItsBytes() {
        var ledger = ReceivedLedger(maximumRecords: 100, maximumBytes: 10_000)
        for index in 0..<20 { ledger.append(exchange("e\(index)", body: String(repeating: "x", count: 2_000))) }
        #expect((1...4).contains(all(ledger).count))
        #expect(all(ledger).last?.index == 19)
    }

    @Test func selectsByVendorAcceptanceAndIndexInPages() {
        var ledger = ReceivedLedger(maximumRecords: 100, maximumBytes: .max)
        for index in 0..<10 {
            ledger.append(exchange("e", vendor: index % 2 == 0 ? "meta" : "ga4", accepted: index % 3 != 0))
        }
        #expect(all(ledger, .init(vendor: "ga4")).map(\.index) == [1, 3, 5, 7, 9])
        #expect(all(ledger, .init(vendor: "ga4", accepted: false)).map(\.index) == [3, 9])
        let first = ledger.page(from: 3, before: 9, selection: .init(vendor: "meta"), limit: 2)
        #expect(first.records.map(\.index) == [4, 6])
        #expect(first.next == 7)
        let second = ledger.page(from: 7, before: 9, selection: .init(vendor: "meta"), limit: 2)
        #expect(second.records.map(\.index) == [8])
        #expect(second.next == nil)
    }

    @Test func forgetsOneVendorOrAll() throws {
        var ledger = ReceivedLedger(maximumRecords: 100, maximumBytes: .max)
        for vendor in ["meta", "ga4", "meta"] { ledger.append(exchange("e", vendor: vendor)) }
        ledger.clear(vendor: "meta")
        #expect(all(ledger).map(\.vendor) == ["ga4"])
        ledger.append(exchange("e"))
        #expect(try duplicates(ledger) == [false, false])
        ledger.clear(vendor: nil)
        ledger.append(exchange("e"))
        #expect(all(ledger).map(\.index) == [0])
    }

    @Test func forgetsTheOldestFirstCopies() {
        var index = DuplicateIndex(capacity: 4)
        let keys = (0..<6).map { SeenEvent.DuplicateKey(text: "\($0)", windowMilliseconds: nil) }
        let first = keys.map { index.isRepeat($0, at: 0) }
        #expect(first == Array(repeating: false, count: 6))
        let again = [keys[5], keys[0]].map { index.isRepeat($0, at: 0) }
        #expect(again == [true, false])
    }
}

@Suite struct UTCTimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_700_000_100_007, "2023-11-14T22:15:00.007Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func writesCalendarTime(milliseconds: Int64, text: String) {
        #expect(UTCTimestamp.text(milliseconds: milliseconds) == text)
    }
}
