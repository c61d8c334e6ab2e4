import Testing

@testable import RelaisServer

@Suite struct TerminalTextTests {
    @Test func writesControlCharactersOut() {
        #expect(TerminalText.sanitized("a\u{1B}[31mb\u{7F}\u{85}") == "a\\u001B[31mb\\u007F\\u0085")
        #expect(TerminalText.sanitized("x\ny") == "x\\u000Ay")
        #expect(TerminalText.sanitized("x\n\ty", keepingNewlines: true) == "x\n    y")
        #expect(TerminalText.sanitized("\u{2066}\u{E0041}") == "\\u2066\\uE0041")
        #expect(TerminalText.sanitized("é 日本") == "é 日本")
    }

    @Test func countsColumnsAsATerminalDoes() {
        #expect(TerminalText.width("abc") == 3)
        #expect(TerminalText.width("日本") == 4)
        #expect(TerminalText.width("e\u{301}") == 1)
        #expect(TerminalText.cut("日本語", to: 5) == "日本…")
        #expect(TerminalText.cut("abc", to: 3) == "abc")
        #expect(TerminalText.padded("日", to: 4) == "日  ")
    }

    @Test func wrapsBetweenWordsAndBreaksWhatIsTooLong() {
        var layout = TextLayout(width: 40)
        layout.line("one two three four five six seven eight nine", indent: 2, hanging: 4)
        layout.block(String(repeating: "x", count: 90), indent: 0)
        let lines = layout.text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines[0] == "  one two three four five six seven")
        #expect(lines[1] == "      eight nine")
        #expect(lines[2...].map(\.count) == [40, 40, 10])
    }

    @Test func spreadsJSONWithoutChangingItsValues() {
        let json = #"{"a":1.50,"b":[],"c":{},"d":["x,{}\"",{"e":null}]}"#
        let indented = JSONIndenter.indented(json)
        #expect(
            indented == """
                {
                  "a": 1.50,
                  "b": [],
                  "c": {},
                  "d": [
                    "x,{}\\"",
                    {
                      "e": null
                    }
                  ]
                }
                """
        )
    }
}
