import Foundation
import Testing

@testable import RelaisIngest

@Suite struct JSONScannerTests {
    private func isValid(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes, maximumDepth: 64)
            do throws(JSONError) {
                _ = try scanner.skipValue()
                try scanner.expectEnd()
                return true
            } catch {
                return false
            }
        }
    }

    @Test(arguments: [
        "{}", "[]", "[[],{}]", "0", "-0.5e+10", "\"\"", "\"\\u00e9\\ud83d\\ude00\"",
        " { \"a\" : [ 1 , true , null ] } ",
        "\"\u{1F600}é\"", "{\"a\":{\"b\":[{}]},\"c\":false}",
    ])
    func acceptsJSON(_ text: String) {
        #expect(isValid(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{,}", "[,1]", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "+1", "-", "1e",
        "NaN", "Infinity", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\n\"", "[1 2]", "{\"a\":1 \"b\":2}", "1 2", "'a'", "{\"a\":}", "[}", "{]",
    ])
    func refusesWhatIsNotJSON(_ text: String) {
        #expect(!isValid(Array(text.utf8)))
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3],
            [0xE2, 0x82],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(_ bytes: [UInt8]) {
        #expect(!isValid([0x22] + bytes + [0x22]))
    }

    @Test func refusesContainersThatLieTooDeep() {
        #expect(isValid(Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8)))
        #expect(!isValid(Array((String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).utf8)))
        #expect(!isValid([UInt8](repeating: 0x5B, count: 1_000_000)))
    }

    @Test func agreesWithFoundationOnMutatedTexts() throws {
        let seeds = try FixtureFile.text("gtag-full-hits.jsonl").split(separator: "\n").map { Array($0.utf8) }
        let samples =
            seeds + [
                Array(#"{"a":[1,-2.5e3,true,false,null,"x\"\\\u00e9\ud83d\ude00é"],"b":{"c":{}},"d":[[]]}"#.utf8),
                Array(#"[0.1,"\/\b\f\n\r\t",{"k":"v"},[1,2,[3]]]"#.utf8),
            ]
        let alphabet = Array(#"{}[]":,\u0eE+-.dntf19 aé"#.utf8)
        var random = SplitMix(state: 42)
        var agreed = 0
        for round in 0..<6_000 {
            var text = samples[round % samples.count]
            for _ in 0..<random.next(4) {
                let at = random.next(text.count)
                switch random.next(3) {
                case 0: text[at] = alphabet[random.next(alphabet.count)]
                case 1: text.remove(at: at)
                default: text.insert(alphabet[random.next(alphabet.count)], at: at)
                }
            }
            guard !Self.isBeyondFoundation(text) else { continue }
            let theirs = (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
            #expect(isValid(text) == theirs, "\(String(decoding: text, as: UTF8.self))")
            agreed += 1
        }
        #expect(agreed > 3_000)
    }

    /// Foundation refuses numbers that no double holds, and lets a comma stand before a closing bracket.
    private static func isBeyondFoundation(_ text: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).firstMatch(of: #/[eE][+-]?[0-9]{3,}|[0-9]{19,}|,\s*[\]}]/#) != nil
    }
}

struct SplitMix {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(max(bound, 1)))
    }
}
