import RelaisConfig
import Testing

struct RobustnessTests {
    private struct Random {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
    }

    private func outcomeIsDefined(_ bytes: [UInt8]) -> Bool {
        do {
            let configuration = try FixtureLoader.load(bytes: bytes)
            return !configuration.diagnostics.contains { $0.severity == .error }
        } catch {
            return error.diagnostics.contains { $0.severity == .error }
                && error.diagnostics.allSatisfy { $0.location.line >= 1 && $0.location.column >= 1 }
                && !FixtureLoader.secretValues.prefix(7).contains { error.description.contains($0) }
        }
    }

    @Test(arguments: ["full.good.yaml", "design.good.yaml"])
    func everyTruncationIsAnsweredWithFindingsOrAConfiguration(name: String) throws {
        let bytes = try FixtureLoader.bytes(name)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            #expect(outcomeIsDefined(Array(bytes.prefix(length))), "truncated to \(length)")
        }
    }

    @Test(arguments: 1...4)
    func randomDamageIsAnsweredWithFindingsOrAConfiguration(seed: UInt64) throws {
        let original = try FixtureLoader.bytes("full.good.yaml")
        let markers = Array("{}[]:,&*!|>'\"%@`?-# \n\t$\\~<0a".utf8) + [0x00, 0x80, 0xC3, 0xEF, 0xFF]
        var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15)
        for round in 0..<400 {
            var bytes = original
            for _ in 0...random.next(below: 6) {
                let place = random.next(below: bytes.count)
                switch random.next(below: 4) {
                case 0: bytes[place] = markers[random.next(below: markers.count)]
                case 1: bytes.insert(markers[random.next(below: markers.count)], at: place)
                case 2: bytes.remove(at: place)
                default:
                    let end = min(bytes.count, place + random.next(below: 80))
                    bytes.insert(contentsOf: bytes[place..<end], at: random.next(below: bytes.count))
                }
            }
            #expect(outcomeIsDefined(bytes), "seed \(seed) round \(round)")
        }
    }

    @Test func aFileBeyondTheLimitIsRefused() throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: 1_048_577)
        let errors = try #require(throws: ConfigurationErrors.self) { try FixtureLoader.load(bytes: bytes) }
        #expect(errors.description.contains("is larger than 1048576 bytes"))
    }

    @Test func aliasesAsKeysCannotMakeLoadingSlow() throws {
        var text = "a0: &a0 [\(Array(repeating: "x", count: 1000).joined(separator: ", "))]\n"
        for level in 1...5 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        text += "keys: { ? *a5 : 1 }\n"
        let start = ContinuousClock.now
        #expect(outcomeIsDefined(Array(text.utf8)))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func findingsAreBounded() throws {
        let text = (0..<2000).map { "unknown\($0): 1\n" }.joined()
        let errors = try #require(throws: ConfigurationErrors.self) { try FixtureLoader.load(text: text) }
        #expect(errors.diagnostics.count == 200)
    }

    @Test func manyRepeatedKeysAreAnswered() throws {
        let text = String(repeating: "listen: 127.0.0.1:1\n", count: 300)
        #expect(outcomeIsDefined(Array(text.utf8)))
    }

    @Test func aByteOrderMarkAndWindowsLineEndsAreAccepted() throws {
        let lines = [
            "\u{FEFF}sites: { shop: { domains: [example.com] } }", "sources: { web: { clients: [relais] } }",
            "log: { level: x }",
        ]
        let text = lines.joined(separator: "\r\n")
        let errors = try #require(throws: ConfigurationErrors.self) { try FixtureLoader.load(text: text) }
        #expect(errors.diagnostics.map(\.location.description) == ["relais.yaml:3:15"])
    }
}
