import RelaisEvent
import RelaisIngest
import Testing

@Suite struct HostileInputTests {
    private static let alphabet = Array(#"{}[]":,\u0eE+-.dn 9a=&%~\#r\#n"#.utf8) + [0x00, 0xC3, 0xFF, 0xF0, 0x9F]

    private func mutate(_ text: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var text = text
        for _ in 0...random.next(6) where !text.isEmpty {
            let at = random.next(text.count)
            switch random.next(4) {
            case 0: text[at] = Self.alphabet[random.next(Self.alphabet.count)]
            case 1: text.remove(at: at)
            case 2: text.insert(Self.alphabet[random.next(Self.alphabet.count)], at: at)
            default: text.removeSubrange(at..<min(text.count, at + random.next(20)))
            }
        }
        return text
    }

    private func normalizedRecord(_ incoming: IncomingEvent) throws -> Event {
        var incoming = incoming
        let context = NormalizationContext(
            site: "s",
            source: "w",
            client: "c",
            believesSender: true,
            visitor: nil,
            address: nil,
            receivedMicros: now
        )
        _ = Normalizer().normalize(&incoming, in: context)
        return try Event(record: incoming.event.record())
    }

    @Test(.timeLimit(.minutes(1))) func mutatedEventsNeverBreakTheDecoder() throws {
        var random = SplitMix(state: 7)
        var accepted = 0
        for round in 0..<4_000 {
            var request = eventsRequest("")
            request.body = mutate(Array(RelaisClientTests.purchase.utf8), &random)
            if round % 3 == 0 { request.headers[0].value = "application/x-ndjson" }
            guard let results = try? RelaisClient().decode(request, limits: DecodingLimits()) else { continue }
            for case .success(let incoming) in results {
                let event = try normalizedRecord(incoming)
                #expect(event.string(.eventName)?.isEmpty == false)
                accepted += 1
            }
        }
        #expect(accepted > 100)
    }

    @Test(.timeLimit(.minutes(1))) func mutatedHitsNeverBreakTheDecoder() throws {
        let hits = try FixtureFile.hits("gtag-hits.tsv").map(\.request)
        var random = SplitMix(state: 11)
        var accepted = 0
        for round in 0..<4_000 {
            var request = hits[round % hits.count]
            request.query = mutate(request.query, &random)
            request.body = mutate(request.body, &random)
            guard let results = try? GtagClient().decode(request, limits: DecodingLimits()) else { continue }
            for case .success(let incoming) in results {
                let event = try normalizedRecord(incoming)
                #expect(event.string(.eventName)?.isEmpty == false)
                accepted += 1
            }
        }
        #expect(accepted > 1_000)
    }

    @Test(arguments: [[], [0x25], [0x25, 0x34], [0x3D], [0x26, 0x26], [0xFF, 0x3D, 0xFE], [0x2B]] as [[UInt8]])
    func oddEncodingsStandForThemselves(_ tail: [UInt8]) throws {
        var request = hitRequest("v=2&tid=G-A&en=a&ep.x=")
        request.query += tail
        let incoming = try #require(GtagClient().decode(request, limits: DecodingLimits()).first).get()
        #expect(incoming.event.has(.eventName))
    }

    @Test(.timeLimit(.minutes(1))) func deepAndRepetitiveBodiesAreRefusedQuickly() throws {
        let nested = #"{"event_name":"a","p":"# + String(repeating: "[", count: 500_000)
        #expect(try rejection(nested).reason.contains("deep"))
        let names = (0..<20_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try rejection(#"{"event_name":"a",\#(names)}"#).reason.contains("more than 100"))
        let braces = String(repeating: "{\n", count: 1_000)
        #expect(throws: RequestRejection.self) { try decodeEvents(braces) }
        let equal = (0..<20_000).map { _ in "a=1" }.joined(separator: "&")
        #expect(throws: RequestRejection.self) { try decodeHit("v=2&tid=G-A&en=a&" + equal) }
        let tildes = String(repeating: "~", count: 15_000)
        #expect(try hit("en=a&pr1=id" + tildes).event.items.count == 1)
    }

    @Test func lettersOfNestedValuesAreWrittenOut() throws {
        let incoming = try decodeEvent(
            #"{"event_name":"a","n":{"ph\u006fne":"jos\u00e9@ex\u00e4mple.com","k":"\u0022\u005c\u000a\/\ud83d\ude00\n"}}"#
        )
        let expected = #"{"phone":"josé@exämple.com","k":"\u0022\u005c\u000a/😀\n"}"#
        #expect(incoming.event.string("n", in: .params) == expected)
    }

    @Test func aQueryIsNotRepeatedWithoutEnd() throws {
        let lines = (0..<400).map { "en=e\($0)" }.joined(separator: "\r\n")
        let shared = "v=2&tid=G-TEST1&cid=1.2&_p=99&_s=1&dl="
        #expect(try decodeHit(shared + String(repeating: "x", count: 1500), body: lines).count == 400)
        #expect(throws: RequestRejection.self) {
            try decodeHit(shared + String(repeating: "x", count: 15_000), body: lines)
        }
    }

    @Test func noRawUserDataReachesTheRecord() throws {
        let canaries = ["Jane@Example.com", "j@example.org", "+33612345678", "Jane", "1990-01-01", "75001"]
        let incoming = try decodeEvent(RelaisClientTests.purchase)
        #expect(incoming.values(.email).count == 2)
        for record in [incoming.event.record(), try normalizedRecord(incoming).record()] {
            for canary in canaries { #expect(!contains(record, canary), "\(canary)") }
            #expect(contains(record, "SKU_1"))
        }
        let hashed = try hit(
            "en=a&em=tv.1~em.lz3-Rj7IV4X1-Vr1ujkG7tstkxwk5pgkqJ6mXbpOgTs~ct0.Paris&ep.user_data.address.street=Canary%20St"
                + "&ep.phone=0612345678&up.email=canary%40example.com"
        )
        for canary in ["lz3-Rj7", "973dfe46", "Paris", "Canary", "canary", "0612345678"] {
            #expect(!contains(hashed.event.record(), canary), "\(canary)")
        }
    }
}
