import Testing

@testable import RelaisSandbox

@Suite struct JSONParserTests {
    @Test(arguments: [
        #"{"a":[1,-0.5e+3,true,false,null,"x"]}"#, "[]", "{}", " [ 1 , 2 ]\n", #"["\u00e9\ud83d\ude00\n\/"]"#, "0",
        #""é""#, #"{"a":1,"a":2}"#,
    ])
    func acceptsJSON(text: String) throws {
        _ = try JSONValue.parse(text)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\"}", "{a:1}", "01", "1.", ".5", "+1", "1e", "nul", "\"a", "\"\u{1}\"", #""\x""#,
        #""\ud800""#, #""\ud800\u0041""#, #""\u12""#, "[1] x", "{\"a\":1,}", "NaN", "-", "'a'",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text) }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func decodesEscapesAndKeepsNumbersAsWritten() throws {
        let value = try JSONValue.parse(#"{"t":"\u00e9\ud83d\ude00\"","n":129.90,"i":12}"#)
        #expect(value["t"]?.string == "é😀\"")
        #expect(value["n"]?.number?.text == "129.90")
        #expect(value["n"]?.number?.integer == nil)
        #expect(value["i"]?.number?.integer == 12)
    }

    @Test func takesTheLastOfRepeatedMembersAndReportsThem() throws {
        let object = try #require(try JSONValue.parse(#"{"a":1,"b":2,"a":3}"#).object)
        #expect(object["a"]?.number?.integer == 3)
        #expect(object.repeatedNames == ["a"])
    }

    @Test(arguments: [#"{"a":[1,{"b":null}],"c":"q\"\\\u0001é"}"#, "[]", "[[],{}]"])
    func writesWhatItRead(text: String) throws {
        let value = try JSONValue.parse(text)
        #expect(value.text == text)
    }

    @Test func survivesMutilatedText() throws {
        let bytes = try Fixture.bytes("meta-request-purchase.json")
        var generator = SplitMix64(seed: 1)
        var refused = 0
        for _ in 0..<300 {
            var copy = bytes
            copy[Int.random(in: 0..<copy.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            copy.removeLast(Int.random(in: 0..<copy.count, using: &generator))
            if (try? JSONParser.parse(copy)) == nil { refused += 1 }
        }
        #expect(refused > 290)
    }
}

@Suite struct QueryStringTests {
    @Test func decodesEscapesPlusAndEmptyValues() {
        let items = QueryString.parse("a=1+2&b=%C3%A9%2B&c&d=&a=x%zz%4".utf8)
        #expect(
            items == [
                QueryItem(name: "a", value: "1 2"), QueryItem(name: "b", value: "é+"), QueryItem(name: "c", value: ""),
                QueryItem(name: "d", value: ""), QueryItem(name: "a", value: "x%zz%4"),
            ]
        )
        #expect(items.value("a") == "x%zz%4")
    }
}
