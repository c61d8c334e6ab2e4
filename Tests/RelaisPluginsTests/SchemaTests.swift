import Testing

@testable import RelaisPlugins

@Suite struct SchemaTests {
    private func schema(_ text: String) throws -> ConfigurationSchema {
        var reader = SchemaReader()
        let schema = reader.read(try JSONParser.parse(text), at: "")
        #expect(reader.problems.isEmpty)
        return schema
    }

    private func problems(_ schemaText: String, _ value: String) throws -> [String] {
        try schema(schemaText).validate(JSONParser.parse(value)).problems.map(\.description)
    }

    @Test func allErrorsComeAtOnceWithPointersAndSuggestions() throws {
        let schema = #"""
            {"type":"object","required":["pixel_id","token"],"properties":{
             "pixel_id":{"type":"string","pattern":"^[0-9]+$","description":"digits of the pixel"},
             "token":{"type":"string","secret":true,"x-env":"META_TOKEN"},
             "mode":{"enum":["live","test"]},
             "rules":{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}}}}
            """#
        let value = #"{"pixel_idd":"1","pixel_id":12,"mode":"tset","rules":[{"id":1},{"id":1.5},{"di":2}]}"#
        #expect(
            try problems(schema, value) == [
                "/pixel_idd: unknown key; did you mean \"pixel_id\"?",
                "/pixel_id: must be a string, but is a number; put it in quotes (digits of the pixel)",
                "/mode: must be one of \"live\", \"test\"; did you mean \"test\"?",
                "/rules/1/id: must be an integer, but is a number", "/rules/2/di: unknown key; did you mean \"id\"?",
                "/rules/2/id: is required", "/token: is required; for instance ${META_TOKEN}",
            ]
        )
    }

    @Test(arguments: [
        (#"{"type":"string","minLength":1}"#, #""""#, "must not be empty"),
        (#"{"type":"string","minLength":3}"#, #""é""#, "must have at least 3 characters"),
        (#"{"type":"string","maxLength":2}"#, #""abc""#, "must have at most 2 characters"),
        (#"{"type":"string","pattern":"^G-"}"#, #""UA-1""#, "does not have the form ^G-"),
        (#"{"type":"string","format":"uri"}"#, #""example.com""#, "must be a URL such as https://example.com/path"),
        (#"{"type":"number","minimum":1}"#, "0.5", "must be at least 1"),
        (#"{"type":"number","maximum":1.5}"#, "2", "must be at most 1.5"),
        (#"{"type":"array","minItems":1}"#, "[]", "must have at least 1 elements"),
        (#"{"type":"array","maxItems":1}"#, "[1,2]", "must have at most 1 elements"),
        (#"{"type":"array","uniqueItems":true}"#, "[1,2,1.0]", "/2: is there twice"),
        (#"{"const":"x"}"#, #""y""#, "must be \"x\""),
        (#"{"type":["string","null"]}"#, "1", "must be a string or null, but is a number; put it in quotes"),
        (
            #"{"type":"object","additionalProperties":{"type":"string"}}"#, #"{"a/b":1}"#,
            "/a~1b: must be a string, but is a number; put it in quotes"
        ),
        (
            #"{"oneOf":[{"required":["a"]},{"required":["b"]}]}"#, #"{"a":1,"b":2}"#,
            "fits 2 of the allowed forms; only one may"
        ),
        (
            #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1",
            "fits none of the 2 allowed forms (must be a string, but is a number; put it in quotes; must be null, but is a number)"
        ),
    ]) func keywordIsEnforced(schema: String, value: String, problem: String) throws {
        #expect(try problems(schema, value) == [problem])
    }

    @Test(arguments: [
        (#"{"type":"integer"}"#, "1.0"), (#"{"type":"number"}"#, "3"), (#"{"type":"object"}"#, #"{"any":1}"#),
        (#"{"properties":{"a":{}},"additionalProperties":true}"#, #"{"b":1}"#),
        (#"{"oneOf":[{"required":["a"]},{"required":["b"]}]}"#, #"{"b":2}"#), (#"{"enum":[1,null]}"#, "null"),
        (#"{"type":"string","format":"uri"}"#, #""http://127.0.0.1:9191/x""#),
    ]) func validValueHasNoProblems(schema: String, value: String) throws {
        #expect(try problems(schema, value).isEmpty)
    }

    @Test func defaultsAreFilledDeeplyAndSecretsListed() throws {
        let schema = try schema(
            #"""
            {"type":"object","properties":{"mode":{"type":"string","default":"live"},
             "inner":{"type":"object","default":{},"properties":{"retries":{"type":"integer","default":3}}},
             "keys":{"type":"array","secret":true},"old":{"type":"string","deprecated":true}}}
            """#
        )
        let checked = schema.validate(try JSONParser.parse(#"{"keys":["k1","k2"],"old":"x"}"#))
        #expect(checked.problems.isEmpty)
        #expect(checked.value.text == #"{"keys":["k1","k2"],"old":"x","mode":"live","inner":{"retries":3}}"#)
        #expect(checked.secretPointers == ["/keys/0", "/keys/1"])
        #expect(checked.secrets == ["k1", "k2"])
        #expect(checked.warnings.map(\.description) == ["/old: is deprecated"])
    }

    @Test(arguments: [
        (#"{"minimun":1}"#, "/minimun: the schema keyword \"minimun\" is not supported; did you mean \"minimum\"?"),
        (#"{"$ref":"x"}"#, "/$ref: the schema keyword \"$ref\" is not supported"),
        (#"{"type":"strin"}"#, "/type: \"strin\" is no type; did you mean \"string\"?"),
        (#"{"properties":{"a":{"pattern":"("}}}"#, "/properties/a/pattern: is not a regular expression"),
        (#"{"properties":{"a":{}},"required":["b"]}"#, "/required: requires \"b\", which is not in properties"),
        (#"{"minLength":-1}"#, "/minLength: must be a whole number, not negative"),
        (#"{"format":"email"}"#, "/format: only the format \"uri\" is supported"),
        (#"{"items":1}"#, "/items: a schema must be an object"),
    ]) func schemaOutsideTheSubsetIsRefused(schema: String, problem: String) throws {
        var reader = SchemaReader()
        _ = reader.read(try JSONParser.parse(schema), at: "")
        #expect(reader.problems.map(\.description) == [problem])
    }
}
