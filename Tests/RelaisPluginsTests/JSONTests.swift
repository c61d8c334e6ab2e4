import Testing

@testable import RelaisPlugins

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1.50e+10", "\"\"", "\"a\\\"b\\\\c\"", "[]", "[1,[2,{}]]", #"{"b":1,"a":"é"}"#,
    ]) func compactTextComesBack(text: String) throws {
        #expect(try JSONParser.parse(text).text == text)
    }

    @Test func escapesAreRead() throws {
        #expect(try JSONParser.parse(#""\u00e9\ud83d\ude00\n\/\b\f\r\t""#).string == "é😀\n/\u{8}\u{c}\r\t")
    }

    @Test(arguments: [
        ("", "line 1, column 1: the text ends where a value should be"),
        ("{\"a\":1,\n \"a\":2}", "line 2, column 2: the name \"a\" is there twice"),
        ("[1,]", "line 1, column 4: a value should be here"),
        ("[1 2]", "line 1, column 4: a comma or ] should be here"),
        ("{\"a\" 1}", "line 1, column 6: a colon should be here"),
        ("01", "line 1, column 2: something follows the value"),
        ("1.", "line 1, column 3: a digit should be here"), ("\"\\x\"", "line 1, column 4: \\x is no escape"),
        ("\"\\ud800\"", "line 1, column 8: half of a surrogate pair"),
        ("\"a", "line 1, column 3: the text ends inside a string"),
        ("\"\n\"", "line 1, column 2: a control character must be escaped"),
        ("nul", "line 1, column 4: null should be here"),
        ("{a:1}", "line 1, column 2: a name in quotes should be here"),
    ]) func errorsHaveAPosition(text: String, message: String) throws {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
        #expect(error?.description == message)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(deep) }
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func equalityIgnoresTheOrderOfMembersAndTheSpellingOfNumbers() throws {
        #expect(try JSONParser.parse(#"{"a":1.0,"b":[2]}"#) == JSONParser.parse(#"{"b":[2],"a":1}"#))
        #expect(try JSONParser.parse(#"{"a":1}"#) != JSONParser.parse(#"{"a":"1"}"#))
    }
}
