import Testing

@testable import relais

@Suite struct JSONSplitterTests {
    private func elements(_ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try JSONSplitter.elements(of: bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test func findsTheElementsOfObjectsArraysAndLinesUnchanged() throws {
        #expect(try elements(#" {"value": 129.90} "#) == [#"{"value": 129.90}"#])
        #expect(
            try elements(#"[{"a":1.50},{"b":[1,2]} , "x,]", 4]"#) == [#"{"a":1.50}"#, #"{"b":[1,2]}"#, #""x,]""#, "4"]
        )
        #expect(try elements("{\"a\":1}\n\n{\"b\":2}\r\n[{\"c\":3}]") == [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#])
        #expect(try elements("{\n  \"a\": {\n \"b\": \"}\\\"\" }\n}\n") == ["{\n  \"a\": {\n \"b\": \"}\\\"\" }\n}"])
        #expect(try elements("\u{FEFF}[]") == [])
        #expect(try elements("") == [])
    }

    @Test(arguments: [
        ("{\"a\":1", 1), ("[1,\n2", 1), ("[1\n2]", 2), ("{\"a\":[1}", 1), ("\n\n\"x", 3), ("[,]", 1), ("[1,]", 1),
        ("}", 1), (String(repeating: "[", count: 600), 1),
    ])
    func namesTheLineOfWhatIsBroken(text: String, line: Int) {
        let error = #expect(throws: JSONSplitError.self) { try JSONSplitter.elements(of: Array(text.utf8)) }
        #expect(error?.line == line)
    }

    @Test func endsOnEveryPrefixOfAText() throws {
        let bytes = Array(#"[{"a":"\"é\\","b":[1,{"c":null}]},true]"#.utf8)
        for length in bytes.indices {
            _ = try? JSONSplitter.elements(of: Array(bytes[..<length]))
        }
        #expect(try JSONSplitter.elements(of: bytes).count == 2)
    }
}
